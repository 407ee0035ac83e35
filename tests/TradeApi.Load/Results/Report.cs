using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using TradeApi.Load.Running;

namespace TradeApi.Load.Results;

/// <summary>One run of a bench: on what, with what, and what came of it.</summary>
sealed record BenchRun
{
    public required string Bench { get; init; }

    /// <summary>Which run of the bench, where it has several worth keeping, such as one on each database.</summary>
    public required string Variant { get; init; }

    public required DateTimeOffset MeasuredAt { get; init; }
    public required string Commit { get; init; }
    public required string Seed { get; init; }
    public required Machine Machine { get; init; }
    public required IReadOnlyDictionary<string, string> Settings { get; init; }
    public IReadOnlyList<Figure> Figures { get; init; } = [];
    public IReadOnlyList<Curve> Curves { get; init; } = [];

    /// <summary>What a reader of the figures must know of this run, such as a peer that could not be installed.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>
/// Collects what a bench measures and keeps it in <c>results.json</c>, from which the pages are made. A run takes the
/// place of the earlier one of the same bench and variant, and leaves all others as they are.
/// </summary>
sealed class Report
{
    static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // For readers of the file: no HTML is made of it.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    readonly BenchRun run;
    readonly List<Figure> figures = [];
    readonly List<Curve> curves = [];
    readonly List<string> notes = [];

    Report(BenchRun run) => this.run = run;

    public static string Folder => Path.Combine(Checkout.Root, "tests", "TradeApi.Load");

    static string JsonPath => Path.Combine(Folder, "results.json");

    /// <summary>Call it before the work, so that the load of the machine is what it was without it.</summary>
    public static Task<Report> For(string bench, params (string Name, object Value)[] settings) =>
        ForVariant(bench, "", settings);

    public static async Task<Report> ForVariant(
        string bench,
        string variant,
        params (string Name, object Value)[] settings
    ) =>
        new(
            new BenchRun
            {
                Bench = bench,
                Variant = variant,
                MeasuredAt = TimeProvider.System.GetUtcNow(),
                Commit = await Checkout.Commit(),
                // Vehicles and rows are made up from their numbers; chance chooses moments only.
                Seed = settings.FirstOrDefault(setting => setting.Name == "seed").Value is { } seed
                    ? string.Create(CultureInfo.InvariantCulture, $"{seed}")
                    : "none: vehicles and rows are made up from their numbers",
                Machine = await Machine.Look(),
                Settings = settings.ToDictionary(
                    setting => setting.Name,
                    setting => string.Create(CultureInfo.InvariantCulture, $"{setting.Value:#,0.###}"),
                    StringComparer.Ordinal
                ),
            }
        );

    /// <summary>Adds a figure and prints it.</summary>
    public void Add(Figure figure)
    {
        figures.Add(figure);
        Console.WriteLine(ResultsPage.Sentence(figure));
    }

    public void Add(string name, double value, string unit, Goal? goal = null) =>
        Add(Figure.Of(name, value, unit, goal));

    /// <summary>Adds the median and the longest of some times.</summary>
    public void AddTimes(string name, IReadOnlyCollection<TimeSpan> times)
    {
        if (times.Count == 0)
            return;
        var spread = Spread.Of([.. times.Select(time => time.TotalSeconds)]);
        Add(name + ", median", spread.Median, "s");
        Add(name + ", longest", spread.Max, "s");
    }

    public void Add(Curve curve) => curves.Add(curve);

    public void Note(string note)
    {
        notes.Add(note);
        Console.WriteLine(note);
    }

    /// <summary>Whether every figure that has a goal keeps it.</summary>
    public bool AllMet => figures.TrueForAll(figure => figure.Met is not false);

    public async Task Save()
    {
        if (Checkout.Configuration != "Release")
        {
            Console.WriteLine("Nothing is kept of it: the figures of a debug build would say nothing.");
            return;
        }
        var kept = await Read();
        kept.RemoveAll(earlier => earlier.Bench == run.Bench && earlier.Variant == run.Variant);
        // A server with large buffers has had them set aside since the run began.
        var machine = run.Machine with
        {
            HugePagesGibibytes = Machine.SetAsideForHugePages,
        };
        var settings = new Dictionary<string, string>(run.Settings, StringComparer.Ordinal);
        if (PostgresServer.StartedWith.Count > 0)
            settings["PostgreSQL"] = string.Join(' ', PostgresServer.StartedWith);
        kept.Add(
            run with
            {
                Machine = machine,
                Settings = settings,
                Figures = figures,
                Curves = curves,
                Notes = notes,
            }
        );
        kept.Sort((a, b) => string.CompareOrdinal($"{a.Bench} {a.Variant}", $"{b.Bench} {b.Variant}"));
        await File.WriteAllTextAsync(JsonPath, JsonSerializer.Serialize(kept, Json) + "\n");
        await WritePages();
    }

    /// <summary>Makes the page and the chart anew from what is kept.</summary>
    public static async Task WritePages()
    {
        var runs = await Read();
        await File.WriteAllTextAsync(Path.Combine(Folder, "RESULTS.md"), ResultsPage.Write(runs));
        await File.WriteAllTextAsync(Path.Combine(Folder, "results.svg"), ResultsChart.Draw(runs));
    }

    static async Task<List<BenchRun>> Read() =>
        File.Exists(JsonPath)
            ? JsonSerializer.Deserialize<List<BenchRun>>(await File.ReadAllTextAsync(JsonPath), Json)!
            : [];
}
