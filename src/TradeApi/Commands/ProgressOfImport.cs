using System.Globalization;
using Spectre.Console;
using TradeApi.Vehicles;

namespace TradeApi.Commands;

/// <summary>
/// How far an import is, on standard error: a bar where a person sits in front of it, a line now and then where a log is
/// written. Standard output stays the report's.
/// </summary>
static class ProgressOfImport
{
    const long LinesBetween = 100_000;

    public static Task<RegisterReport> Show(Func<Action<ImportProgress>, Task<RegisterReport>> import) =>
        Console.IsErrorRedirected ? InLines(import) : WithBar(import);

    static Task<RegisterReport> WithBar(Func<Action<ImportProgress>, Task<RegisterReport>> import)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console
            .Progress()
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(bar =>
            {
                var tasks = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
                return import(progress =>
                {
                    if (!tasks.TryGetValue(progress.Step, out var task))
                        tasks[progress.Step] = task = bar.AddTask(progress.Step, maxValue: 1);
                    task.Description = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{progress.Step} {progress.Lines:N0}"
                    );
                    task.IsIndeterminate = progress.Share is null;
                    task.Value = progress.Share ?? 0;
                });
            });
    }

    static Task<RegisterReport> InLines(Func<Action<ImportProgress>, Task<RegisterReport>> import)
    {
        var last = (Step: "", Part: 0L);
        return import(progress =>
        {
            var part = progress.Share is { } share ? (long)(share * 10) : progress.Lines / LinesBetween;
            // The end is told by the report.
            if (part == 0 || progress.Share >= 1 || (progress.Step, part) == last)
                return;
            last = (progress.Step, part);
            var done = progress.Share is null ? "" : string.Create(CultureInfo.InvariantCulture, $" {part * 10} %,");
            Console.Error.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{progress.Step}:{done} {progress.Lines:N0} lines")
            );
        });
    }
}
