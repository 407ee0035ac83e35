using System.Globalization;

namespace TradeApi.Load.Running;

sealed record Figure(string Name, double Value, string Unit);

/// <summary>What a run has measured or counted, in the order in which it is told.</summary>
sealed class Figures
{
    readonly List<Figure> all = [];

    public IReadOnlyList<Figure> All => all;

    public void Add(string name, double value, string unit = "")
    {
        all.Add(new Figure(name, value, unit));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {value:0.###} {unit}").TrimEnd());
    }

    /// <summary>The median and the largest of some times.</summary>
    public void AddTimes(string name, IReadOnlyCollection<TimeSpan> times)
    {
        if (times.Count == 0)
            return;
        var sorted = times.Order().ToList();
        Add(name + ", median", sorted[sorted.Count / 2].TotalSeconds, "s");
        Add(name + ", most", sorted[^1].TotalSeconds, "s");
    }
}
