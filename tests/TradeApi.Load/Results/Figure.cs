using System.Text.Json.Serialization;

namespace TradeApi.Load.Results;

/// <summary>What several rounds of one measurement came to.</summary>
sealed record Spread(double Median, double Min, double Max, int Rounds)
{
    public static Spread Of(params IReadOnlyCollection<double> rounds)
    {
        var sorted = rounds.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1], sorted.Length);
    }
}

/// <summary>One measured figure, beside its baseline and its goal where it has them.</summary>
sealed record Figure
{
    public required string Name { get; init; }

    public required double Value { get; init; }

    public required string Unit { get; init; }

    /// <summary>How far apart the rounds were, where there were several; <see cref="Value"/> is their median.</summary>
    public Spread? Spread { get; init; }

    /// <summary>What it is measured against in the same run, and what that came to in the same unit.</summary>
    public string? Baseline { get; init; }

    public double? BaselineValue { get; init; }

    public Goal? Goal { get; init; }

    /// <summary>
    /// How far apart the ratios of the rounds were, where the two were measured by turns: a machine changes from round to round,
    /// and the medians of both may come from different ones.
    /// </summary>
    public Spread? RatioOfRounds { get; init; }

    /// <summary>This figure by that of its baseline; the median of the rounds where they have ratios of their own.</summary>
    [JsonInclude]
    public double? Ratio =>
        RatioOfRounds?.Median ?? (BaselineValue is { } baseline && baseline != 0 ? Value / baseline : null);

    [JsonInclude]
    public bool? Met => Goal is { } goal && Judged is { } judged ? goal.IsMetBy(judged) : null;

    /// <summary>What the goal is about: the figure or its ratio.</summary>
    [JsonIgnore]
    public double? Judged => Goal is { OfRatio: true } ? Ratio : Value;

    public static Figure Of(string name, double value, string unit, Goal? goal = null) =>
        new()
        {
            Name = name,
            Value = value,
            Unit = unit,
            Goal = goal,
        };

    public static Figure Of(string name, Spread rounds, string unit, Goal? goal = null) =>
        Of(name, rounds.Median, unit, goal) with
        {
            Spread = rounds,
        };

    public Figure Beside(string baseline, double value) => this with { Baseline = baseline, BaselineValue = value };

    /// <summary>Rounds of one thing beside the same rounds of another.</summary>
    public static Figure Of(
        string name,
        IReadOnlyList<double> rounds,
        string unit,
        string baseline,
        IReadOnlyList<double> baselineRounds
    ) =>
        Of(name, Spread.Of(rounds), unit).Beside(baseline, Spread.Of(baselineRounds).Median) with
        {
            RatioOfRounds = Spread.Of([.. rounds.Zip(baselineRounds, (own, other) => own / other)]),
        };
}

/// <summary>A bound that a figure, or its ratio to the baseline, is to keep.</summary>
sealed record Goal(double Bound, bool AtMost, bool OfRatio)
{
    public static Goal AtLeast(double bound) => new(bound, AtMost: false, OfRatio: false);

    public static Goal NotOver(double bound) => new(bound, AtMost: true, OfRatio: false);

    public static Goal RatioAtLeast(double bound) => new(bound, AtMost: false, OfRatio: true);

    public bool IsMetBy(double judged) => AtMost ? judged <= Bound : judged >= Bound;

    /// <summary>How far it is kept: 1 is just so, more is better whichever way the bound goes.</summary>
    public double Reach(double judged) => AtMost ? (judged == 0 ? 10 : Bound / judged) : judged / Bound;
}

/// <summary>A value over the time of a run, such as memory.</summary>
sealed record Curve(string Name, string Unit, IReadOnlyList<CurvePoint> Points);

/// <param name="Seconds">Since the run began.</param>
sealed record CurvePoint(double Seconds, double Value);
