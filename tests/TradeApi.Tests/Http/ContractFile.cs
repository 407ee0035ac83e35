using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TradeApi.Tokens;

namespace TradeApi.Tests.Http;

/// <summary>The committed contract, and what holds for every route of it.</summary>
public class ContractFile
{
    static readonly string Committed = Path.Combine(TestData.Root, "openapi", "v1.json");

    [Fact]
    public async Task The_committed_contract_is_the_one_that_the_program_serves()
    {
        await using var host = await TradeApiHost.Start("sqlite");
        using var http = new HttpClient { BaseAddress = host.Address };
        var served = (await http.GetStringAsync("/openapi/v1.json")).ReplaceLineEndings("\n").TrimEnd() + "\n";

        if (Environment.GetEnvironmentVariable("ACCEPT") == "1")
            await File.WriteAllTextAsync(Committed, served);

        var committed = (await File.ReadAllTextAsync(Committed)).ReplaceLineEndings("\n");
        Assert.True(
            committed == served,
            $"openapi/v1.json differs from what the code makes, first at: {FirstDifference(committed, served)}. "
                + "Review the change, then write the file with ACCEPT=1 tests/run."
        );
    }

    [Fact]
    public async Task Every_route_of_v1_has_an_id_a_summary_a_scope_problems_and_a_description_of_each_parameter()
    {
        await using var host = await TradeApiHost.Start("sqlite");
        var contract = JsonNode.Parse(await File.ReadAllTextAsync(Committed))!;
        var faults = new List<string>();
        foreach (var (path, methods) in contract["paths"]!.AsObject())
        foreach (var (method, node) in methods!.AsObject())
        {
            var operation = node!.AsObject();
            void Demand(bool condition, string what)
            {
                if (!condition)
                    faults.Add($"{method.ToUpperInvariant()} {path} {what}");
            }
            Demand(operation["operationId"] is not null, "has no operation id: give the route a WithName");
            Demand(operation["summary"] is not null, "has no summary: give the route a WithSummary");
            Demand(operation["description"] is not null, "has no description: give the route a WithDescription");
            Demand(operation["security"] is JsonArray { Count: > 0 }, "has no scope: give the route a RequireScope");
            Demand(operation["responses"]!["401"] is not null, "has no problems: give the route a ProducesProblems");
            var success = operation["responses"]!.AsObject().Where(response => response.Key.StartsWith('2')).ToList();
            Demand(success.Count > 0, "has no answer when all goes well: give the route a Produces");
            Demand(
                success
                    .Select(response => response.Value!["content"]?["application/json"]?["schema"]?.ToJsonString())
                    .Distinct()
                    .Count() == 1,
                "has two schemas for success: generated clients take the second one for an error"
            );
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
                Demand(parameter!["description"] is not null, $"does not say what {parameter["name"]} is");
        }
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Every_member_of_every_answer_is_described()
    {
        var contract = JsonNode.Parse(await File.ReadAllTextAsync(Committed))!;
        var undescribed =
            from schema in contract["components"]!["schemas"]!.AsObject()
            from property in schema.Value!["properties"]?.AsObject() ?? []
            where
                property.Value!["description"] is null
                && property.Value["$ref"] is null
                && property.Value["allOf"] is null
            select $"{schema.Key}.{property.Key} has no description: write its XML summary";
        Assert.Empty(undescribed);
    }

    [Fact]
    public async Task Every_address_that_the_program_answers_under_v1_stands_in_the_contract()
    {
        await using var host = await TradeApiHost.Start("sqlite");
        var contract = JsonNode.Parse(await File.ReadAllTextAsync(Committed))!["paths"]!.AsObject();
        var routes = host
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(routes);
        foreach (var route in routes)
        {
            var path = route.RoutePattern.RawText!.TrimEnd('/');
            Assert.True(contract.ContainsKey(path), $"{path} is not in openapi/v1.json");
            Assert.True(route.Metadata.GetMetadata<ScopeNeeded>() is not null, $"{path} asks for no scope");
        }
    }

    static string FirstDifference(string left, string right) =>
        left.Split('\n').Zip(right.Split('\n')).FirstOrDefault(pair => pair.First != pair.Second)
            is { First: { } before, Second: { } after }
            ? $"'{before.Trim()}' became '{after.Trim()}'"
            : "the end";
}
