using System.Reflection;

namespace TradeApi.Client.Tests;

public sealed class GeneratedCore
{
    static readonly string Repository = typeof(GeneratedCore)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(metadata => metadata.Key == "Repository")
        .Value!;

    public static readonly string Contract = Path.Combine(Repository, "openapi", "v1.json");

    [Fact]
    public void The_committed_core_is_what_the_contract_gives()
    {
        var committed = Path.Combine(Repository, "sdk", "TradeApi.Client", "Generated", "TradeApiCore.g.cs");
        var generated = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "TradeApiCore.g.txt"));
        if (Environment.GetEnvironmentVariable("ACCEPT") == "1")
            File.WriteAllText(committed, generated);

        Assert.True(
            Lines(generated) == Lines(File.ReadAllText(committed)),
            "openapi/v1.json or nswag.json has changed since the SDK's core was generated. "
                + "Run the tests with ACCEPT=1 and commit the new core."
        );
    }

    [Fact]
    public void A_list_of_the_core_holds_the_type_that_the_contract_names()
    {
        // With a oneOf in the contract the generator would take the first type for all.
        Assert.Equal(
            typeof(IReadOnlyList<RowResult>),
            typeof(RowResultPage).GetProperty(nameof(RowResultPage.Items))!.PropertyType
        );
        Assert.True(typeof(Notice).IsAssignableFrom(typeof(AcquisitionFromTrade)));
    }

    static string Lines(string text) => text.ReplaceLineEndings("\n");
}
