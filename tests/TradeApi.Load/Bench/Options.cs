using System.CommandLine;

namespace TradeApi.Load.Bench;

/// <summary>Options that several benches have.</summary>
static class Options
{
    public static Option<string?> Data() =>
        new("--data")
        {
            Description = "A folder in which the PostgreSQL server and its filled registers are kept for further runs.",
        };
}
