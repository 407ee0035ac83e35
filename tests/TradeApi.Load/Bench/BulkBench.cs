using System.CommandLine;
using System.Diagnostics;
using TradeApi.Load.Baselines;
using TradeApi.Load.Register;
using TradeApi.Load.Results;
using TradeApi.Load.Running;

namespace TradeApi.Load.Bench;

/// <summary>Files of notices by HTTP, from the first byte to the last decided row, beside what the database alone can do.</summary>
static class BulkBench
{
    const int BaselineRounds = 3;

    public static Command Command()
    {
        var database = new Option<string>("--database") { DefaultValueFactory = _ => "postgres" };
        database.AcceptOnlyFromAmong("postgres", "sqlite");
        var vehicles = new Option<long?>("--vehicles")
        {
            Description =
                "How many the register has: 5,000,000 on PostgreSQL, 1,000,000 on SQLite, or as many as the rows need.",
        };
        var rows = new Option<long?>("--rows")
        {
            Description =
                "1,000,000 on PostgreSQL, 900,000 on SQLite. More than a million go as several files, one after another.",
        };
        var rowsOfAFile = new Option<long>("--file-rows") { DefaultValueFactory = _ => Files.MostRows };
        var data = Options.Data();
        var command = new Command("bulk", "Files of notices by HTTP.") { database, vehicles, rows, rowsOfAFile, data };
        command.Validators.Add(arguments =>
        {
            var count = arguments.GetValue(rows) ?? UsualRows(arguments.GetValue(database) == "postgres");
            if (arguments.GetValue(vehicles) is { } register && register < Files.Vehicles(count))
                arguments.AddError(
                    FormattableString.Invariant(
                        $"{count:#,0} rows name {Files.Vehicles(count):#,0} vehicles, each once: --vehicles must be at least that."
                    )
                );
        });
        command.SetAction(
            (arguments, _) =>
            {
                var isPostgres = arguments.GetRequiredValue(database) == "postgres";
                var count = arguments.GetValue(rows) ?? UsualRows(isPostgres);
                var register =
                    arguments.GetValue(vehicles)
                    ?? Math.Max(
                        isPostgres ? 5_000_000 : 1_000_000,
                        (Files.Vehicles(count) + 999_999) / 1_000_000 * 1_000_000
                    );
                return Run(isPostgres, register, count, arguments.GetValue(rowsOfAFile), arguments.GetValue(data));
            }
        );
        return command;
    }

    static long UsualRows(bool isPostgres) => isPostgres ? 1_000_000 : 900_000;

    static async Task<int> Run(bool isPostgres, long vehicles, long rows, long rowsOfAFile, string? data)
    {
        var report = await Report.ForVariant(
            "bulk",
            FormattableString.Invariant($"{rows:#,0} rows on {(isPostgres ? "PostgreSQL" : "SQLite")}"),
            ("vehicles", vehicles),
            ("rows", rows),
            ("rows of a file", Math.Min(rows, rowsOfAFile)),
            ("refused by design", "5 in 100")
        );
        await using var server = isPostgres ? await PostgresServer.Start(data) : null;
        await using var register = await LoadedRegister.Make(server, vehicles);
        await using var baselines = isPostgres ? await DatabaseAlone.Begin(register) : null;
        await register.Host.Serve();
        var files = new Files(register, await register.Host.AddClient(MadeUp.Trader));
        await files.WarmUp();
        // Half of the rounds before and half after, so that a machine that grows slower does so for both.
        if (baselines is not null)
            await baselines.Measure(BaselineRounds);
        var sent = await files.Send(rows, rowsOfAFile);
        if (baselines is not null)
            await baselines.Measure(BaselineRounds);
        await register.Host.Kill();

        AddTo(report, sent, isPostgres ? 10_000 : 15_000, baselines);
        report.Add(sent.Memory);
        if (sent.Accepted != rows - MadeUp.Refused(rows))
            report.Note(
                $"Of {rows} rows {sent.Accepted} were accepted; it should have been {rows - MadeUp.Refused(rows)}."
            );
        var verified = await Verify(register.Host, report);
        await report.Save();
        return verified && report.AllMet ? 0 : 1;
    }

    static void AddTo(Report report, FilesSent sent, double rowsPerSecond, DatabaseAlone? baselines)
    {
        const string unit = "rows/s";
        var whole = Figure.Of("rows end to end", sent.RowsPerSecond, unit);
        report.Add(whole with { Goal = Goal.AtLeast(rowsPerSecond) });
        if (baselines is not null)
        {
            var byHand = Spread.Of(baselines.ByHand);
            var copied = Spread.Of(baselines.Copied);
            report.Add(whole.Beside("hand-written SQL apply", byHand.Median) with { Goal = Goal.RatioAtLeast(0.5) });
            report.Add(whole.Beside("binary COPY of the rows", copied.Median));
            report.Add(Figure.Of("hand-written SQL apply", byHand, unit));
            report.Add(Figure.Of("binary COPY of the rows, two indexes", copied, unit));
        }
        if (sent.Rows <= Files.MostRows)
        {
            report.Add("rows taken, first byte to answer", sent.Rows / sent.Taken.TotalSeconds, unit);
            report.Add("rows decided after that", sent.DecidedPerSecond, unit);
        }
        else
            report.Add("whole time", sent.Whole.TotalMinutes, "min", Goal.NotOver(30.0 * sent.Rows / 18_000_000));
        report.Add("processor time of the host for a row", sent.HostMicrosecondsPerRow, "us");
        report.Add("peak memory of the host", sent.PeakMebibytes, "MiB", Goal.NotOver(300));
    }

    /// <summary>Checks what the run has left behind; a rate with a breach is worth nothing.</summary>
    public static async Task<bool> Verify(Host host, Report report)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            await host.Run("verify");
            report.Note(
                FormattableString.Invariant(
                    $"`verify` was clean afterwards; it took {clock.Elapsed.TotalSeconds:F0} s."
                )
            );
            return true;
        }
        catch (InvalidOperationException breached)
        {
            report.Note($"`verify` found breaches: {breached.Message}");
            return false;
        }
    }
}
