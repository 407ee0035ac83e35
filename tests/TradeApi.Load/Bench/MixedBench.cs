using System.CommandLine;
using System.Globalization;
using TradeApi.Load.Register;
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
        await Rows.PrintSettings(
            "mixed",
            $"{vehicles} vehicles, a file of {rows} rows, {rate} single notices a second"
        );
        await using var server = await PostgresServer.Start(data);
        await using var host = Host.OnPostgres(await RegisterDatabase.Copy(server, vehicles));
        await host.Serve();
        var directory = Directory.CreateTempSubdirectory("tradeapi-load-");
        var path = Path.Combine(directory.FullName, "file.ndjson");
        BulkBench.Write(path, 0, rows, vehicles);

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

        var figures = new Rows("mixed");
        foreach (
            var (name, result, goal) in new[] { ("alone", before, (double?)null), ("beside the file", beside, 150) }
        )
        {
            figures.Add($"single notices {name}, sent", result.Rate, "per second");
            figures.Add($"single notices {name}, p50", result.Latencies.Milliseconds(0.5), "ms");
            figures.Add($"single notices {name}, p99", result.Latencies.Milliseconds(0.99), "ms", goal: goal);
            figures.Add($"single notices {name}, longest", result.Latencies.Longest.TotalMilliseconds, "ms");
        }
        figures.Add("rows of the file beside them", rows / beside.Seconds, "per second");
        await host.Kill();
        Console.WriteLine($"the file: {end["rows"]!.ToJsonString()}; {(await host.Run("verify")).Trim()}");
        directory.Delete(recursive: true);
        return 0;

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
