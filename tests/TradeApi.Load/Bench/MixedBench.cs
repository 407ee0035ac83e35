using System.CommandLine;
using System.Globalization;
using TradeApi.Load.Register;
using TradeApi.Load.Results;
using TradeApi.Load.Running;

namespace TradeApi.Load.Bench;

/// <summary>What a large file of one organisation does to the notices that another sends singly meanwhile.</summary>
static class MixedBench
{
    const int Connections = 32;
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public static Command Command()
    {
        var vehicles = new Option<long>("--vehicles") { DefaultValueFactory = _ => 5_000_000 };
        var rows = new Option<long>("--rows") { DefaultValueFactory = _ => 1_000_000 };
        var rate = new Option<int>("--rate")
        {
            DefaultValueFactory = _ => 200,
            Description = "Single notices a second.",
        };
        var data = new Option<string?>("--data")
        {
            Description = "A folder in which the server and its register are kept for further runs.",
        };
        var command = new Command("mixed", "Single notices while a file runs.") { vehicles, rows, rate, data };
        command.SetAction(
            (arguments, _) =>
                Run(
                    arguments.GetValue(vehicles),
                    arguments.GetValue(rows),
                    arguments.GetValue(rate),
                    arguments.GetValue(data)
                )
        );
        return command;
    }

    static async Task<int> Run(long vehicles, long rows, int rate, string? data)
    {
        var report = await Report.For(
            "mixed",
            ("vehicles", vehicles),
            ("rows of the file", rows),
            ("single notices a second", rate)
        );
        await using var server = await PostgresServer.Start(data);
        await using var register = await LoadedRegister.Make(server, vehicles);
        var host = register.Host;
        await host.Serve();
        var path = Path.Combine(register.Directory, "file.ndjson");
        Files.Write(path, 0, rows, vehicles);

        // Another organisation sells vehicles that the file does not name; those in trade stand in the stock of the first.
        var notices = new SingleNotices(
            "M",
            rows,
            vehicles,
            row => !MadeUp.IsRefused(row) && !MadeUp.IsInTrade(MadeUp.VehicleOf(row, vehicles))
        );
        var single = await host.AddClient(MadeUp.OtherTrader);
        using var partner = await host.Partner(await host.AddClient(MadeUp.Trader));
        await Measure(WarmUp, CancellationToken.None);
        var before = await Measure(WarmUp, CancellationToken.None);

        using var ended = new CancellationTokenSource();
        var during = Measure(TimeSpan.FromHours(1), ended.Token);
        var id = await partner.Send(path);
        var end = await partner.End(id);
        await ended.CancelAsync();
        var beside = await during;

        foreach (
            var (name, result, goal) in new[]
            {
                ("alone", before, (Goal?)null),
                ("beside the file", beside, Goal.NotOver(150)),
            }
        )
        {
            report.Add($"single notices {name}, sent", result.Rate, "per second");
            foreach (var (share, its) in new[] { (0.5, (Goal?)null), (0.99, goal) })
            {
                var figure = Figure.Of(
                    string.Create(CultureInfo.InvariantCulture, $"single notices {name}, p{100 * share:F0}"),
                    result.Latencies.Milliseconds(share),
                    "ms",
                    its
                );
                report.Add(result == before ? figure : figure.Beside("alone", before.Latencies.Milliseconds(share)));
            }
            report.Add($"single notices {name}, longest", result.Latencies.Longest.TotalMilliseconds, "ms");
        }
        report.Add("rows of the file beside them", rows / beside.Seconds, "per second");
        await host.Kill();
        report.Note($"The file: {end["rows"]!.ToJsonString()}.");
        var verified = await BulkBench.Verify(host, report);
        await report.Save();
        return verified && report.AllMet ? 0 : 1;

        async Task<LoadResult> Measure(TimeSpan duration, CancellationToken until)
        {
            var write = notices.To("/v1/keeper-changes", await host.Token(single));
            var result = await LoadGenerator.Open(
                host.Port,
                Connections,
                rate,
                TimeSpan.FromSeconds(1),
                duration,
                write,
                until
            );
            return result.Of(201) == result.Latencies.Count
                ? result
                : throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"The single notices were answered {result.Counts}.")
                );
        }
    }
}
