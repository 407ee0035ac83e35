using System.CommandLine;
using Dapper;
using Npgsql;
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

    // A copy that has just been made lies on the disk; what a larger register costs shows when both are in memory.
    static async Task Warm(LoadedRegister register)
    {
        // The database goes, and the next one has its name: a connection that is kept would lead nowhere.
        await using var connection = new NpgsqlConnection($"{register.ConnectionString};Pooling=false");
        var pages = await connection.ExecuteScalarAsync<long>(
            """
            create extension if not exists pg_prewarm;
            select sum(pg_prewarm(c.oid))
              from pg_class c
              left join pg_index i on i.indexrelid = c.oid
             where coalesce(i.indrelid, c.oid) = 'sandbox.vehicle'::regclass
               and c.relkind in ('r', 'i')
            """,
            commandTimeout: 3600
        );
        Console.WriteLine(
            FormattableString.Invariant($"{register.Vehicles:#,0} vehicles are {pages / 128:#,0} MiB in memory")
        );
    }

    static async Task<(FilesSent Sent, bool Clean)> At(PostgresServer server, long vehicles, long rows, Report report)
    {
        await using var register = await LoadedRegister.Make(server, vehicles);
        await register.Host.Serve();
        await Warm(register);
        var files = new Files(register, await register.Host.AddClient(MadeUp.Trader));
        await files.WarmUp();
        var sent = await files.Send(rows);
        await register.Host.Kill();
        return (sent, await BulkBench.Verify(register.Host, report));
    }
}
