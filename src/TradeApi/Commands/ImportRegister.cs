using System.CommandLine;
using System.Text;
using System.Text.Json;
using TradeApi.Database;
using TradeApi.Http;
using TradeApi.Vehicles;

namespace TradeApi.Commands;

/// <summary>The command that takes a register in: its options, and what it tells the operator.</summary>
static class ImportRegister
{
    const string Description = """
        Takes vehicles with their keepers and documents in from a CSV or NDJSON file, which may be gzipped.

        It can be run any number of times, also after it was stopped or killed: a vehicle that is there as the line says is
        unchanged, one that differs is brought up to the line. A vehicle that differs because a notice has been recorded for
        it is left as it is, and its line is refused. Ends with 0 when every line went in and with 1 when not.
        """;

    public static Command Command()
    {
        var file = new Argument<FileInfo>("file") { Description = "The file to read." };
        var live = CommandLine.Live("Into the live register instead of the sandbox.");
        var refused = new Option<FileInfo>("--refused")
        {
            HelpName = "FILE",
            Description = "Where to write the refused lines with their reasons, to be mended and imported again.",
        };
        var report = new Option<FileInfo>("--report")
        {
            HelpName = "FILE",
            Description = "Where to write the report as JSON.",
        };
        var command = new Command("register", Description) { file, live, refused, report };
        command.SetAction(
            (arguments, cancel) =>
                CommandLine.With(
                    (stores, clock) =>
                        Run(
                            new RegisterImport(arguments.GetValue(live) ? stores.Live : stores.Sandbox, clock),
                            arguments.GetRequiredValue(file),
                            arguments.GetValue(refused),
                            arguments.GetValue(report),
                            cancel
                        )
                )
        );
        return command;
    }

    static async Task<int> Run(
        RegisterImport import,
        FileInfo file,
        FileInfo? refused,
        FileInfo? reportFile,
        CancellationToken cancel
    )
    {
        if (new[] { refused, reportFile }.Any(other => other?.FullName == file.FullName))
            throw new InvalidOperationException(
                $"{file.Name} is the file to read; refused lines and the report need files of their own."
            );
        RegisterReport report;
        await using (var content = file.OpenRead())
        {
            await using var lines = refused is null ? null : new RefusedLines(refused.Create());
            report = await ProgressOfImport.Show(progress => import.Run(content, cancel, lines, progress));
        }
        if (reportFile is not null)
            await File.WriteAllTextAsync(reportFile.FullName, Json(report), cancel);
        foreach (var refusal in report.FirstRefused)
            await Console.Error.WriteLineAsync(refusal);
        if (report.Refused > report.FirstRefused.Count)
            await Console.Error.WriteLineAsync(
                FormattableString.Invariant(
                    $"… and {report.Refused - report.FirstRefused.Count:N0} more; --refused FILE writes all of them."
                )
            );
        if (report.Stopped is { } stopped)
            await Console.Error.WriteLineAsync(
                $"{(stopped.Line is { } line ? $"line {line}: " : "")}{stopped.Refusal.Message} Nothing from here on was read."
            );
        await Console.Out.WriteAsync(Text(report));
        return report.AllWentIn ? 0 : 1;
    }

    static string Text(RegisterReport report)
    {
        var text = new StringBuilder();
        text.Append(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{report.Read} read = {report.Loaded} loaded + {report.Unchanged} unchanged + {report.Changed} changed + {report.Refused} refused\n"
        );
        foreach (var (reason, tally) in report.Reasons)
            Append(text, $"refused, {reason}", tally);
        foreach (var (doubt, tally) in report.Quality.Where(found => found.Value.Count > 0))
            Append(text, $"doubtful, {DoubtNames.Of(doubt)}", tally);
        if (report.NotFound > 0)
            text.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{report.NotFound} vehicles were taken and are not in the register now\n"
            );
        return text.ToString();
    }

    static void Append(StringBuilder text, string what, Tally tally) =>
        text.Append(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{what}: {tally.Count} ({(tally.Lines.Count == 1 ? "line" : "lines")} {string.Join(", ", tally.Lines)}{(tally.Count > tally.Lines.Count ? ", …" : "")})\n"
        );

    static string Json(RegisterReport report) =>
        JsonSerializer.Serialize(
            new
            {
                report.Read,
                report.Loaded,
                report.Unchanged,
                report.Changed,
                report.Refused,
                report.NotFound,
                Stopped = report.Stopped is { } stopped
                    ? new
                    {
                        stopped.Line,
                        Reason = stopped.Refusal.Code,
                        stopped.Refusal.Message,
                    }
                    : null,
                Reasons = report.Reasons.Select(reason => new
                {
                    Reason = reason.Key,
                    reason.Value.Count,
                    FirstLines = reason.Value.Lines,
                }),
                Quality = report.Quality.Select(found => new
                {
                    Doubt = DoubtNames.Of(found.Key),
                    found.Value.Count,
                    FirstLines = found.Value.Lines,
                }),
            },
            Indented
        ) + "\n";

    static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}
