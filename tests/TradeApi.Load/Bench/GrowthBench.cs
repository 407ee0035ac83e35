using System.CommandLine;
using TradeApi.Load.Register;
using TradeApi.Load.Results;
using TradeApi.Load.Running;

namespace TradeApi.Load.Bench;

/// <summary>What a larger register costs: the same rows at two sizes of it.</summary>
static class GrowthBench
{
    // The larger register is some 15 GB: all of it in the server's own memory, and not a part of it twice.
    const string Memory = "shared_buffers=16GB";

    public static Command Command()
    {
        var small = new Option<long>("--small") { DefaultValueFactory = _ => 5_000_000 };
        var large = new Option<long>("--large") { DefaultValueFactory = _ => 40_000_000 };
        var rows = new Option<long>("--rows") { DefaultValueFactory = _ => 500_000 };
        var data = Options.Data();
        var command = new Command("growth", "The same rows at two sizes of the register.") { small, large, rows, data };
        command.SetAction(
            (arguments, _) =>
                Run(
                    arguments.GetValue(small),
                    arguments.GetValue(large),
                    arguments.GetValue(rows),
                    arguments.GetValue(data)
                )
        );
        return command;
    }

    static async Task<int> Run(long small, long large, long rows, string? data)
    {
        var report = await Report.For(
            "growth",
            ("vehicles", small),
            ("vehicles of the larger", large),
            ("rows", rows),
            ("server", Memory)
        );
        await using var server = await PostgresServer.Start(data, Memory);
        var (atSmall, cleanAtSmall) = await At(server, small, rows, report);
        var (atLarge, cleanAtLarge) = await At(server, large, rows, report);
        report.Add(
            Figure
                .Of(
                    $"rows at {ResultsPage.Number(large)} vehicles",
                    atLarge.RowsPerSecond,
                    "rows/s",
                    Goal.RatioAtLeast(0.8)
                )
                .Beside($"at {ResultsPage.Number(small)} vehicles", atSmall.RowsPerSecond)
        );
        report.Add(
            Figure
                .Of("decided after the upload", atLarge.DecidedPerSecond, "rows/s")
                .Beside($"at {ResultsPage.Number(small)} vehicles", atSmall.DecidedPerSecond)
        );
        report.Add(
            "peak memory of the host",
            Math.Max(atSmall.PeakMebibytes, atLarge.PeakMebibytes),
            "MiB",
            Goal.NotOver(300)
        );
        await report.Save();
        return report.AllMet && cleanAtSmall && cleanAtLarge ? 0 : 1;
    }

    static async Task<(FilesSent Sent, bool Clean)> At(PostgresServer server, long vehicles, long rows, Report report)
    {
        await using var register = await LoadedRegister.Make(server, vehicles);
        await register.Host.Serve();
        await register.Warm();
        var files = new Files(register, await register.Host.AddClient(MadeUp.Trader));
        await files.WarmUp();
        var sent = await files.Send(rows);
        await register.Host.Kill();
        return (sent, await BulkBench.Verify(register.Host, report));
    }
}
