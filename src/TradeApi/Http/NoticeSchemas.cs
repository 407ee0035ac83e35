using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using TradeApi.Rules;

namespace TradeApi.Http;

/// <summary>
/// The schemas of notices: one for the common members and one a type, made from the tables of the rules, so that a new
/// type is in the contract as soon as it is in the list.
/// </summary>
sealed class NoticeSchemas : IDocumentFilter
{
    public const string Base = "Notice";

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        swaggerDoc.Components ??= new OpenApiComponents();
        var schemas = swaggerDoc.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        schemas[Base] = CommonMembers(swaggerDoc);
        foreach (var type in EventTypes.All)
        {
            foreach (var group in GroupsOf(type.Members))
                schemas[SchemaOfGroup(group.Key)] = Group(group.Key, group, Required(type.Members), swaggerDoc);
            schemas[SchemaOf(type)] = OfType(type, swaggerDoc);
        }
    }

    static OpenApiSchema CommonMembers(OpenApiDocument document) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = "One notice: what happened to a vehicle. The member `type` says which of the types it is.",
            Properties = Fields
                .Common.SelectMany(use => use.Fields)
                .Prepend(Fields.Type)
                .ToDictionary(field => field.Path, IOpenApiSchema (field) => Member(field), StringComparer.Ordinal),
            Required = Required(Fields.Common).Prepend(Fields.Type.Path).ToHashSet(StringComparer.Ordinal),
            Discriminator = new OpenApiDiscriminator
            {
                PropertyName = Fields.Type.Path,
                Mapping = EventTypes.All.ToDictionary(
                    type => type.Name,
                    type => new OpenApiSchemaReference(SchemaOf(type), document),
                    StringComparer.Ordinal
                ),
            },
        };

    static OpenApiSchema OfType(EventType type, OpenApiDocument document)
    {
        var properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        foreach (var field in type.Members.SelectMany(use => use.Fields))
        {
            var dot = field.Path.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
                properties[field.Path] = Member(field);
            else
                properties[field.Path[..dot]] = new OpenApiSchemaReference(SchemaOfGroup(field.Path[..dot]), document);
        }
        var required = Within("", Required(type.Members));
        return new OpenApiSchema
        {
            Description = $"{type.Title}. {type.Paragraph} {type.WhatHappens}",
            AllOf =
            [
                new OpenApiSchemaReference(Base, document),
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = properties,
                    Required = required,
                },
            ],
        };
    }

    static OpenApiSchema Group(
        string path,
        IEnumerable<Field> fields,
        IEnumerable<string> required,
        OpenApiDocument document
    )
    {
        var properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            var name = field.Path[(path.Length + 1)..];
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
                properties[name] = Member(field);
            else
                properties[name[..dot]] = new OpenApiSchemaReference(SchemaOfGroup($"{path}.{name[..dot]}"), document);
        }
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = path switch
            {
                "newKeeper" =>
                    "Who becomes the registered keeper: one person (`lastName`) or one business (`businessName`), with an `address`.",
                "newKeeper.address" or "newAddress" => "A postal address in the United Kingdom.",
                "newName" => "A name, whole: that of one person (`lastName`) or of one business (`businessName`).",
                "informant" => "Who has told the sender of the keeper's death.",
                _ => null,
            },
            Properties = properties,
            Required = Within(path + ".", required),
        };
    }

    static OpenApiSchema Member(Field field) =>
        new()
        {
            Type = field.Kind switch
            {
                FieldKind.Number => JsonSchemaType.Integer,
                FieldKind.YesNo => JsonSchemaType.Boolean,
                FieldKind.List => JsonSchemaType.Array,
                _ => JsonSchemaType.String,
            },
            Items = field.Kind == FieldKind.List ? new OpenApiSchema { Type = JsonSchemaType.String } : null,
            Format = field.Kind == FieldKind.Number ? "int32" : field.Format,
            MaxLength = field.MaxLength,
            Description = field.Choices is null
                ? field.Description
                : $"{field.Description} One of {string.Join(", ", field.Choices)}.",
            // Swashbuckle writes 3.0, where there is one example.
#pragma warning disable CS0618 // Examples would be left out of a 3.0 document
            Example = field.Kind switch
            {
                FieldKind.Number => JsonValue.Create(
                    int.Parse(field.Example, System.Globalization.CultureInfo.InvariantCulture)
                ),
                FieldKind.YesNo => JsonValue.Create(true),
                FieldKind.List => new JsonArray(field.Example),
                _ => JsonValue.Create(field.Example),
            },
#pragma warning restore CS0618
        };

    // Where a consent, a choice of two or one of several changes is asked for, the rules say so with codes of their own.
    static IEnumerable<string> Required(IEnumerable<Use> uses) =>
        uses.OfType<Required>()
            .Select(use => use.Field.Path)
            .Concat(uses.OfType<RequiredAs>().Select(use => use.Field.Path))
            .Concat(uses.OfType<NewKeeperAsked>().Select(_ => "newKeeper"));

    // The names of an object's own members among the paths: the next part of each path that begins with its own.
    static HashSet<string>? Within(string start, IEnumerable<string> paths)
    {
        var names = paths
            .Where(path => path.StartsWith(start, StringComparison.Ordinal))
            .Select(path => path[start.Length..].Split('.')[0])
            .ToHashSet(StringComparer.Ordinal);
        return names.Count == 0 ? null : names;
    }

    static IEnumerable<IGrouping<string, Field>> GroupsOf(IEnumerable<Use> uses) =>
        uses.SelectMany(use => use.Fields)
            .SelectMany(field => field.Parents.Select(parent => (parent, field)))
            .GroupBy(pair => pair.parent, pair => pair.field, StringComparer.Ordinal);

    static string SchemaOf(EventType type) => char.ToUpperInvariant(type.Name[0]) + type.Name[1..];

    static string SchemaOfGroup(string path) =>
        path switch
        {
            "newKeeper" => "NewKeeper",
            "newKeeper.address" or "newAddress" => "Address",
            _ => string.Concat(path.Split('.').Select(part => char.ToUpperInvariant(part[0]) + part[1..])),
        };
}
