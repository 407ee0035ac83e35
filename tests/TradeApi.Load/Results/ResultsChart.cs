using System.Globalization;
using System.Net;
using System.Text;

namespace TradeApi.Load.Results;

/// <summary>Draws results.svg: for each figure with a goal, a bar as long as the goal is reached.</summary>
static class ResultsChart
{
    const int Width = 1080;
    const int Left = 560;
    const int Row = 26;
    const int Top = 56;

    // A goal reached three times over is as long as the picture; the number beside the bar says the rest.
    const double MostReach = 3;
    const int GoalWidth = 130;

    public static string Draw(IReadOnlyCollection<BenchRun> runs)
    {
        var bars = runs.SelectMany(run =>
                run.Figures.Where(figure => figure is { Goal: not null, Judged: not null })
                    .Select(figure => (Run: run, Figure: figure))
            )
            .ToList();
        var height = Top + bars.Count * Row + 16;
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{Width}} {{height}}" width="{{Width}}" height="{{height}}" role="img" aria-labelledby="title">
            <title id="title">How far each goal is reached: 1 is the goal, longer is better</title>
            <style>
              text { font: 13px sans-serif; fill: #1f2328 }
              .ground { fill: #ffffff }
              .quiet { fill: #59636e }
              .met { fill: #1a7f64 }
              .missed { fill: #b35900 }
              .goal { stroke: #1f2328; stroke-width: 1.5; stroke-dasharray: 4 3 }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3 }
                .ground { fill: #0d1117 }
                .quiet { fill: #9198a1 }
                .met { fill: #3fb68b }
                .missed { fill: #e08a3c }
                .goal { stroke: #e6edf3 }
              }
            </style>
            <rect class="ground" width="{{Width}}" height="{{height}}"/>
            <text x="16" y="24" font-weight="bold">How far each goal is reached</text>
            <text class="quiet" x="{{Left + GoalWidth}}" y="{{Top - 10}}" text-anchor="middle">goal</text>

            """
        );
        for (var place = 0; place < bars.Count; place++)
        {
            var (run, figure) = bars[place];
            var y = Top + place * Row;
            var reach = figure.Goal!.Reach(figure.Judged!.Value);
            var length = Math.Max(1, Math.Min(reach, MostReach) * GoalWidth);
            var judged =
                $"{ResultsPage.Number(figure.Judged.Value)}{(figure.Goal.OfRatio ? " x" : "")}, goal {ResultsPage.Text(figure.Goal)}";
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""
                <text x="{Left - 10}" y="{y + 17}" text-anchor="end">{WebUtility.HtmlEncode(Label(run, figure))}</text>
                <rect class="{(figure.Met is true ? "met" : "missed")}" x="{Left}" y="{y
                    + 5}" width="{length:0.#}" height="16" rx="2"/>
                <text x="{Left + Math.Max(length, GoalWidth) + 8:0.#}" y="{y + 17}">{WebUtility.HtmlEncode(
                    judged
                )}</text>

                """
            );
        }
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<line class=\"goal\" x1=\"{Left + GoalWidth}\" y1=\"{Top - 4}\" x2=\"{Left + GoalWidth}\" y2=\"{height - 12}\"/>\n</svg>\n"
        );
        return svg.ToString();
    }

    static string Label(BenchRun run, Figure figure)
    {
        var beside = figure.Goal is { OfRatio: true } ? $" / {figure.Baseline}" : "";
        var label = $"{ResultsPage.Name(run)}: {figure.Name}{beside}";
        return label.Length <= 80 ? label : label[..79] + "…";
    }
}
