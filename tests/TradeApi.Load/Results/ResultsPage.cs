using System.Globalization;
using System.Text;

namespace TradeApi.Load.Results;

/// <summary>Writes RESULTS.md: a table of all figures, then a section for each bench.</summary>
static class ResultsPage
{
    // The order of the page. What a section says besides its figures stands in remarks/, a file for each.
    static readonly (string Bench, string Title)[] Sections =
    [
        ("bulk", "bench bulk"),
        ("single", "bench single"),
        ("mixed", "bench mixed"),
        ("token", "bench token"),
        ("growth", "bench growth"),
        ("peers", "bench peers"),
        ("crash", "The crash harness"),
        ("nodes", "Many nodes"),
    ];

    public static string Write(IReadOnlyCollection<BenchRun> runs)
    {
        var page = new StringBuilder();
        page.Append(
            """
            # What was measured

            Made by `dotnet run -c Release --project tests/TradeApi.Load -- report` from `results.json` and `remarks/`; each bench writes it anew.
            Every figure is taken with the full rules and durable commits (`synchronous_commit=on`; SQLite `synchronous=FULL`).
            Trust the ratios before the figures: a figure and its baseline come from one run on one machine, and machines differ.

            ![How far each goal is reached](results.svg)


            """
        );
        page.Append(
            "| bench | figure | value | beside | ratio | goal | met |\n| --- | --- | ---: | --- | ---: | --- | --- |\n"
        );
        foreach (var (bench, _) in Sections)
        foreach (var run in runs.Where(run => run.Bench == bench))
        foreach (var figure in run.Figures)
            page.Append(CultureInfo.InvariantCulture, $"| {Name(run)} | {Cells(figure)} |\n");
        foreach (var (bench, title) in Sections)
            Section(page, title, Remark(bench), [.. runs.Where(run => run.Bench == bench)]);
        return page.ToString();
    }

    /// <summary>A figure in one line, for the console.</summary>
    public static string Sentence(Figure figure)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{figure.Name}: {Value(figure)}");
        if (figure.Ratio is not null)
            text.Append(
                CultureInfo.InvariantCulture,
                $"; {Ratio(figure)} x {figure.Baseline} ({Number(figure.BaselineValue!.Value)})"
            );
        if (figure.Goal is { } goal)
            text.Append(
                CultureInfo.InvariantCulture,
                $"; goal {Text(goal)}: {(figure.Met is true ? "met" : "MISSED")}"
            );
        return text.ToString();
    }

    public static string Name(BenchRun run) => run.Variant.Length == 0 ? run.Bench : $"{run.Bench}: {run.Variant}";

    public static string Text(Goal goal) =>
        $"{(goal.AtMost ? "≤" : "≥")} {Number(goal.Bound)}{(goal.OfRatio ? " x" : "")}";

    public static string Number(double value) =>
        Math.Abs(value) switch
        {
            >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
            >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
            _ => value.ToString("0.###", CultureInfo.InvariantCulture),
        };

    static void Section(StringBuilder page, string title, string remark, List<BenchRun> runs)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n");
        if (remark.Length > 0)
            page.Append(CultureInfo.InvariantCulture, $"\n{remark}\n");
        if (runs.Count == 0)
            page.Append("\nNot measured yet.\n");
        foreach (var run in runs)
        {
            var machine = run.Machine;
            if (run.Variant.Length > 0)
                page.Append(CultureInfo.InvariantCulture, $"\n### {run.Variant}\n");
            page.Append(
                CultureInfo.InvariantCulture,
                $"""

                Measured {run.MeasuredAt:yyyy-MM-dd HH:mm} UTC at commit {run.Commit}, seed {run.Seed}.
                {machine.Processor}, {machine.Cores} cores, {machine.MemoryGibibytes} GiB{HugePages(
                    machine
                )}, {machine.Kernel}, .NET {machine.DotNet}, {machine.PostgreSql}; load average at the start {machine.LoadAverage}.

                """
            );
            if (run.Settings.Count > 0)
                page.Append("Settings: ")
                    .AppendJoin(", ", run.Settings.Select(setting => $"{setting.Key} {setting.Value}"))
                    .Append(".\n");
            page.Append(
                "\n| figure | value | beside | ratio | goal | met |\n| --- | ---: | --- | ---: | --- | --- |\n"
            );
            foreach (var figure in run.Figures)
                page.Append(CultureInfo.InvariantCulture, $"| {Cells(figure)} |\n");
            foreach (var curve in run.Curves.Where(curve => curve.Points.Count > 0))
                page.Append(CultureInfo.InvariantCulture, $"\n{Sentence(curve)}\n");
            foreach (var note in run.Notes)
                page.Append(CultureInfo.InvariantCulture, $"\n{note}\n");
        }
    }

    static string HugePages(Machine machine) =>
        machine.HugePagesGibibytes == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" ({machine.HugePagesGibibytes} set aside for huge pages)");

    static string Cells(Figure figure) =>
        string.Join(
            " | ",
            figure.Name,
            Value(figure),
            figure.Baseline is null ? "" : $"{figure.Baseline}: {Number(figure.BaselineValue!.Value)}",
            figure.Ratio is null ? "" : Ratio(figure),
            figure.Goal is { } goal ? Text(goal) : "",
            figure.Met switch
            {
                true => "yes",
                false => "**no**",
                null => "",
            }
        );

    static string Value(Figure figure) => $"{Number(figure.Value)} {figure.Unit}{Apart(figure.Spread)}";

    static string Ratio(Figure figure) => Number(figure.Ratio!.Value) + Apart(figure.RatioOfRounds);

    static string Apart(Spread? rounds) =>
        rounds is { Rounds: > 1 } ? $" ({Number(rounds.Min)} to {Number(rounds.Max)} in {rounds.Rounds})" : "";

    // A tenth apart, so that a reader sees whether it rises.
    static string Sentence(Curve curve)
    {
        var steps = Math.Min(10, curve.Points.Count - 1);
        var points = Enumerable
            .Range(0, steps + 1)
            .Select(step => curve.Points[step * (curve.Points.Count - 1) / Math.Max(1, steps)]);
        return $"{curve.Name}, {curve.Unit}: "
            + string.Join(
                ", ",
                points.Select(point => $"{Number(point.Value)} at {Number(Math.Round(point.Seconds))} s")
            )
            + ".";
    }

    static string Remark(string bench)
    {
        var path = Path.Combine(Report.Folder, "remarks", bench + ".md");
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }
}
