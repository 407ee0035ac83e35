using System.Reflection;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using TradeApi.Tokens;

namespace TradeApi.Http;

/// <summary>The OpenAPI contract, made from the endpoints and from the tables of the rules.</summary>
static class Contract
{
    public const string DocumentName = "v1";

    public static void AddContract(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(generator =>
        {
            generator.SwaggerDoc(
                DocumentName,
                new OpenApiInfo
                {
                    Title = "TradeApi",
                    Version = "1.0",
                    Description =
                        "The trade channel to a vehicle register: software of motor traders, insurers, scrap yards and fleets tells the register who keeps a vehicle. "
                        + "Get a token at `/oauth2/token`; the credential decides between sandbox and live register.",
                    Contact = new OpenApiContact { Name = "TradeApi" },
                    License = new OpenApiLicense
                    {
                        Name = "Apache-2.0",
                        Identifier = null,
                        Url = new Uri("https://www.apache.org/licenses/LICENSE-2.0"),
                    },
                }
            );
            generator.AddServer(new OpenApiServer { Url = "/", Description = "This service" });
            generator.SupportNonNullableReferenceTypes();
            generator.NonNullableReferenceTypesAsRequired();
            generator.IncludeXmlComments(Path.Combine(AppContext.BaseDirectory, "TradeApi.xml"));
            generator.CustomSchemaIds(SchemaId);
            generator.AddSecurityDefinition(ContractOperations.Scheme, ClientCredentials());
            generator.OperationFilter<ContractOperations>();
            generator.SchemaFilter<ContractSchemas>();
            generator.DocumentFilter<NoticeSchemas>();
        });
    }

    public static void MapContract(this WebApplication app) => app.MapSwagger("openapi/{documentName}.json");

    // Answers are called after what they are, pages after what they hold.
    static string SchemaId(Type type) =>
        type.IsGenericType
            ? SchemaId(type.GetGenericArguments()[0]) + type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]
        : type.Name.EndsWith("Answer", StringComparison.Ordinal) ? type.Name[..^"Answer".Length]
        : type.Name;

    static OpenApiSecurityScheme ClientCredentials() =>
        new()
        {
            Type = SecuritySchemeType.OAuth2,
            Description =
                "OAuth2 client credentials; the client proves itself with a signed assertion (private_key_jwt) or a secret.",
            Flows = new OpenApiOAuthFlows
            {
                ClientCredentials = new OpenApiOAuthFlow
                {
                    TokenUrl = new Uri("/oauth2/token", UriKind.Relative),
                    Scopes = Scopes.All.ToDictionary(scope => scope, Scopes.Meaning, StringComparer.Ordinal),
                },
            },
        };

    /// <summary>The body is one notice.</summary>
    public static RouteHandlerBuilder TakesNotice(this RouteHandlerBuilder route) =>
        route.WithMetadata(new NoticeTaken());

    /// <summary>The body is a file.</summary>
    public static RouteHandlerBuilder TakesFile(this RouteHandlerBuilder route) => route.WithMetadata(new FileTaken());

    /// <summary>The body is a question, with the members of a record.</summary>
    public static RouteHandlerBuilder TakesQuestion<T>(this RouteHandlerBuilder route, bool required = true) =>
        route.WithMetadata(new QuestionTaken(typeof(T), required));

    /// <summary>The operation reads a request header.</summary>
    public static RouteHandlerBuilder WithHeader(
        this RouteHandlerBuilder route,
        string name,
        string description,
        bool required = false
    ) => route.WithMetadata(new HeaderTaken(name, description, required));

    /// <summary>The problems that the operation can answer with, beside those that every operation can.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder route, params int[] statuses)
    {
        int[] always = [401, 403, 500, 503];
        foreach (var status in statuses.Union(always).Order())
            route.Produces<Problem>(status, "application/problem+json");
        return route;
    }
}

sealed record NoticeTaken;

sealed record FileTaken;

sealed record QuestionTaken(Type Members, bool Required);

sealed record HeaderTaken(string Name, string Description, bool Required);

/// <summary>Adds to each operation what the framework cannot see: bodies that we read ourselves, headers, scopes.</summary>
sealed class ContractOperations : IOperationFilter
{
    public const string Scheme = "clientCredentials";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<NoticeTaken>().Any())
            operation.RequestBody = Body(
                "The notice.",
                true,
                ("application/json", new OpenApiSchemaReference(NoticeSchemas.Base, context.Document))
            );
        if (metadata.OfType<FileTaken>().Any())
            operation.RequestBody = Body(
                "The file: one notice a line, a row or an array item.",
                true,
                ("application/x-ndjson", Binary()),
                ("text/csv", Binary()),
                ("application/json", Binary())
            );
        if (metadata.OfType<QuestionTaken>().FirstOrDefault() is { } question)
            operation.RequestBody = Body(
                "What is asked.",
                question.Required,
                ("application/json", context.SchemaGenerator.GenerateSchema(question.Members, context.SchemaRepository))
            );
        foreach (var header in metadata.OfType<HeaderTaken>())
            (operation.Parameters ??= []).Add(
                new OpenApiParameter
                {
                    Name = header.Name,
                    In = ParameterLocation.Header,
                    Description = header.Description,
                    Required = header.Required,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                }
            );
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            // Read as a text, so that what is no number gets an error that names the parameter.
            if (parameter is { Name: "limit" or "wait", Schema: OpenApiSchema limit })
                (limit.Type, limit.Format) = (JsonSchemaType.Integer, "int32");
            parameter.Description ??= Descriptions.GetValueOrDefault(parameter.Name ?? "");
        }
        if (metadata.OfType<ScopeNeeded>().FirstOrDefault() is { } needed)
            operation.Security =
            [
                new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [needed.Scope],
                },
            ];
        foreach (var (status, response) in operation.Responses ?? [])
            response.Description = Meaning(status);
        // What is no JSON is a stream to a generated client.
        foreach (
            var (mediaType, content) in (operation.Responses ?? []).Values.SelectMany(response =>
                response.Content ?? NoContent
            )
        )
            if (
                mediaType is "application/jose" or "text/csv" or "application/x-ndjson"
                && content is OpenApiMediaType media
            )
                media.Schema = Binary();
    }

    static readonly Dictionary<string, string> Descriptions = new(StringComparer.Ordinal)
    {
        ["id"] = "The id of the resource, with its prefix.",
        ["idempotencyKey"] = "The Idempotency-Key of the call whose answer was lost.",
        ["mode"] = "`commit` (default), or `validate` to judge only and record nothing.",
        ["outcome"] = "Only rows with this outcome: `accepted`, `refused`, `referred`, `duplicate` or `unprocessed`.",
        ["cursor"] = "`nextCursor` of the page before; left out for the first page.",
        ["types"] = "Only events of these types, parted by commas; all when left out.",
        ["wait"] = "How many seconds to wait for an event when there is none yet, 0–30; 0 when left out.",
        ["limit"] = "The most items of a page, 1–200; 50 when left out.",
    };

    static readonly Dictionary<string, IOpenApiMediaType> NoContent = [];

    static OpenApiRequestBody Body(
        string description,
        bool required,
        params (string MediaType, IOpenApiSchema Schema)[] contents
    ) =>
        new()
        {
            Description = description,
            Required = required,
            Content = contents.ToDictionary(
                content => content.MediaType,
                IOpenApiMediaType (content) => new OpenApiMediaType { Schema = content.Schema },
                StringComparer.Ordinal
            ),
        };

    static OpenApiSchema Binary() => new() { Type = JsonSchemaType.String, Format = "binary" };

    static string Meaning(string status) =>
        status switch
        {
            "200" => "As asked.",
            "201" => "Accepted and recorded.",
            "202" => "Taken; the decision is to follow.",
            "400" =>
                "The request cannot be read: bad JSON, a doubled member, a missing or malformed header or parameter.",
            "401" => "The token is missing, expired or no longer in force.",
            "403" => "The scope is missing, or the rules on authority refuse the notice.",
            "404" => "There is nothing here that you may see.",
            "406" => "None of the media types asked for is offered.",
            "409" => "The same key is in progress, or the reference belongs to another notice.",
            "413" => "A limit was passed; the detail names it. Nothing is kept.",
            "415" => "The media type or encoding is not taken.",
            "422" => "A rule refused, with findings; or the key was used with another body.",
            "429" =>
                "The organisation acted for is held to one notice a second. Repeat with the same key after `Retry-After`.",
            "500" => "Something failed on our side. Repeat with the same key.",
            "503" => "The register cannot answer now. Repeat with the same key.",
            _ => "A problem.",
        };
}

/// <summary>Makes schemas say what the code says: nothing beside the listed members, nothing nullable that is only left out.</summary>
sealed class ContractSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (
            schema is not OpenApiSchema { Properties: { } properties } own
            || context.Type.Namespace?.StartsWith("TradeApi", StringComparison.Ordinal) != true
        )
            return;
        // Members that may be missing are left out of an answer, never null.
        foreach (var property in properties.Values.OfType<OpenApiSchema>())
            property.Type &= ~JsonSchemaType.Null;
        var nullability = new NullabilityInfoContext();
        own.Required = context
            .Type.GetProperties()
            .Where(property => properties.ContainsKey(Json.Options.PropertyNamingPolicy!.ConvertName(property.Name)))
            .Where(property => nullability.Create(property).ReadState == NullabilityState.NotNull)
            .Select(property => Json.Options.PropertyNamingPolicy!.ConvertName(property.Name))
            .ToHashSet(StringComparer.Ordinal);
        // Later versions add members to answers; a client that refuses unknown ones would break. We refuse them in questions.
        own.AdditionalPropertiesAllowed = !(
            context.Type.Name.EndsWith("Question", StringComparison.Ordinal)
            || context.Type.Name.EndsWith("Asked", StringComparison.Ordinal)
        );
    }
}
