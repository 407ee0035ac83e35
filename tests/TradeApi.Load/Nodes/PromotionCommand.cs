using System.CommandLine;
using System.Diagnostics;
using Dapper;
using Npgsql;
using TradeApi.Load.Results;
using TradeApi.Load.Running;
using TradeApi.Load.Senders;

namespace TradeApi.Load.Nodes;

/// <summary>
/// The primary is killed under load and its replica takes over, by the steps of the operators' guide. The primary answers a
/// commit only when the replica has applied it, so nothing that was acknowledged is missing there.
/// </summary>
static class PromotionCommand
{
    const int Senders = 8;
    const int VehiclesARound = 30_000;

    // What both servers are started with: a replica that takes over is a primary like the first.
    static readonly string[] Settings = [.. Ground.ServerSettings, "synchronous_commit=remote_apply"];

    public static Command Build()
    {
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3 };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var command = new Command("promotion", "The primary is killed under load, and its replica is promoted.")
        {
            rounds,
            seed,
        };
        command.SetAction((arguments, _) => Run(arguments.GetValue(rounds), arguments.GetValue(seed)));
        return command;
    }

    static async Task<int> Run(int rounds, int seed)
    {
        var random = new Random(seed);
        var vehicles = 20_000L + VehiclesARound * (long)rounds;
        await using var ground = await Ground.Prepare("postgres", vehicles, Settings);
        await using var journal = new Journal("FAULT");
        var report = await Report.ForVariant("nodes", "promotion of a replica", ("rounds", rounds), ("seed", seed));
        var promotions = new List<TimeSpan>();
        var backAfter = new List<TimeSpan>();
        var further = new List<PostgresServer>();
        try
        {
            var primary = ground.Server!;
            var row = 0L;
            for (var round = 0; round < rounds; round++)
            {
                var replica = await Follow(primary, further);
                ground.ConnectTo(primary, replica);
                await using var api = ground.Node("api");
                await using var worker = ground.Node("worker");
                await Task.WhenAll(api.Serve(), worker.Serve());
                using var sender = new Sender(new ApiNodes([api.Address]), ground.Trader, journal);
                using var traffic = new Traffic(sender, journal, vehicles, row, row += VehiclesARound, random);
                await traffic.Start(Senders, TimeSpan.FromSeconds(1));
                await Task.Delay(random.Next(2_000, 4_000));

                var clock = Stopwatch.StartNew();
                await primary.Kill();
                await replica.Promote();
                await Configure(replica, "alter system reset synchronous_standby_names");
                promotions.Add(clock.Elapsed);
                await journal.NextAnswer(journal.Acknowledged, "the kill of the primary");
                backAfter.Add(clock.Elapsed);
                await Task.Delay(1_000);
                await traffic.Stop();
                await Settlement.FilesToEnd(api);
                primary = replica;
            }
            ground.ConnectTo(primary);
            await using var last = ground.Node();
            var settlement = await Settlement.Make(last, journal);
            report.Add("promotions under load", rounds, "");
            report.AddTimes("from the kill of the primary to the end of the promotion", promotions);
            report.AddTimes("from the kill of the primary to the next answer", backAfter);
            var exitCode = report.Tell(journal, settlement);
            await report.Save();
            return exitCode;
        }
        finally
        {
            foreach (var server in further)
                await server.DisposeAsync();
        }
    }

    // Starts a replica and waits until the primary waits for it at each commit. The setting is copied along, so that a promotion
    // which did not reset it would wait for itself.
    static async Task<PostgresServer> Follow(PostgresServer primary, List<PostgresServer> further)
    {
        await Configure(primary, "alter system set synchronous_standby_names = 'replica'");
        var replica = await primary.StartReplica(Settings);
        further.Add(replica);
        await using var source = NpgsqlDataSource.Create(primary.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        const string State = "select sync_state from pg_stat_replication where application_name = 'replica'";
        for (
            var patience = Stopwatch.StartNew();
            await connection.ExecuteScalarAsync<string>(State) != "sync";
            await Task.Delay(50)
        )
            if (patience.Elapsed > TimeSpan.FromSeconds(60))
                throw new TimeoutException("The replica did not become synchronous in a minute.");
        return replica;
    }

    static async Task Configure(PostgresServer server, string setting)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync(setting);
        await connection.ExecuteAsync("select pg_reload_conf()");
    }
}
