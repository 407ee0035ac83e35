using System.Globalization;
using TradeApi.Load.Running;

namespace TradeApi.Load.Bench;

/// <summary>One figure of a benchmark.</summary>
sealed record Row(
    string Name,
    double Value,
    string Unit,
    string? RatioTo = null,
    double? Ratio = null,
    double? Goal = null
)
{
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Name}: {Value:F1} {Unit}{(Ratio is null ? "" : $", {Ratio:F2} x {RatioTo}")}{(Goal is null ? "" : $" (goal {Goal:F2})")}"
        );
}

/// <summary>The figures of one benchmark, with what they were taken on.</summary>
sealed class Rows(string bench)
{
    readonly List<Row> all = [];

    public IReadOnlyList<Row> All => all;

    public static async Task PrintSettings(string bench, string settings)
    {
        var processor = File.ReadLines("/proc/cpuinfo")
            .First(line => line.StartsWith("model name", StringComparison.Ordinal));
        Console.WriteLine(
            $"{bench}: {Environment.ProcessorCount} x {processor.Split(':')[1].Trim()}, commit {await Checkout.Commit()}, seed: vehicles by number; {settings}; PostgreSQL {string.Join(' ', PostgresServer.Settings)}"
        );
    }

    public void Add(
        string name,
        double value,
        string unit,
        string? ratioTo = null,
        double? ratio = null,
        double? goal = null
    )
    {
        var row = new Row(name, value, unit, ratioTo, ratio, goal);
        all.Add(row);
        Console.WriteLine($"{bench} {row}");
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[sorted.Count / 2];
    }
}
