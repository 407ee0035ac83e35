using System.CommandLine;
using TradeApi.Load.Register;
using TradeApi.Load.Results;
using TradeApi.Load.Running;

namespace TradeApi.Load.Bench;

/// <summary>What a user would pick instead, on the same server: services that put rows into a table.</summary>
static class PeersBench
{
    const int BulkConnections = 4;
    const int WarmUpSeconds = 12;
    const int RoundSeconds = 6;
    const int Rounds = 3;
    const int FileRows = 100_000;
    const string Rows = "rows/s";
    const string Requests = "requests/s";

    public static Command Command()
    {
        var data = Options.Data();
        var vehicles = new Option<long>("--vehicles") { DefaultValueFactory = _ => 3_000_000 };
        var command = new Command("peers", "What a user would pick instead.") { data, vehicles };
        command.SetAction((arguments, _) => Run(arguments.GetValue(vehicles), arguments.GetValue(data)));
        return command;
    }

    static async Task<int> Run(long vehicles, string? data)
    {
        await Wrk.Install();
        var report = await Report.For(
            "peers",
            ("vehicles", vehicles),
            ("rows of an array", Peer.ArrayRows),
            ("rows of a file", FileRows),
            ("rounds", Rounds),
            ("seconds of a round", RoundSeconds),
            ("seconds of warm-up", WarmUpSeconds)
        );
        await using var server = await PostgresServer.Start(data);
        await using var register = await LoadedRegister.Make(server, vehicles);
        await register.Host.Serve();
        var credentials = await register.Host.AddClient(MadeUp.Trader);
        var files = new Files(register, credentials);
        await files.WarmUp();
        await Singles(register, credentials, files, 32, WarmUpSeconds);

        await using (var fastify = await Peer.Fastify(server, data))
            await Beside(report, fastify, 32, Single, File);
        try
        {
            await using var directus = await Peer.Directus(server, data);
            await Beside(report, directus, 16, Single, File);
        }
        catch (Exception missing)
            when (missing is InvalidOperationException or TimeoutException or TaskCanceledException)
        {
            report.Note("Directus could not be installed or started here, so it was not measured.");
            Console.WriteLine(missing.Message);
        }
        await report.Save();
        return 0;

        Task<Posted> Single(int connections, int seconds) =>
            Singles(register, credentials, files, connections, seconds);

        async Task<double> File() => (await files.Send(FileRows)).RowsPerSecond;
    }

    /// <summary>Takes turns with a peer: single rows, then rows in bulk.</summary>
    static async Task Beside(
        Report report,
        Peer peer,
        int connections,
        Func<int, int, Task<Posted>> single,
        Func<Task<double>> file
    )
    {
        await peer.Single(connections, WarmUpSeconds);
        await peer.Bulk(BulkConnections, WarmUpSeconds);
        var (ours, theirs, files, arrays) = (
            new List<Posted>(),
            new List<Posted>(),
            new List<double>(),
            new List<double>()
        );
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await single(connections, RoundSeconds));
            theirs.Add(await peer.Single(connections, RoundSeconds));
            files.Add(await file());
            arrays.Add(Peer.ArrayRows * (await peer.Bulk(BulkConnections, RoundSeconds)).PerSecond);
        }
        var theirRate = Spread.Of([.. theirs.Select(round => round.PerSecond)]);
        var theirRows = Spread.Of(arrays);
        report.Add(
            Figure
                .Of(
                    $"single notices at {connections} connections",
                    Spread.Of([.. ours.Select(round => round.PerSecond)]),
                    Requests
                )
                .Beside(peer.Name, theirRate.Median)
        );
        report.Add(
            Figure
                .Of(
                    $"p99 of single notices at {connections} connections",
                    Spread.Of([.. ours.Select(round => round.P99)]),
                    "ms"
                )
                .Beside(peer.Name, Spread.Of([.. theirs.Select(round => round.P99)]).Median)
        );
        report.Add(
            Figure
                .Of("rows of a file", Spread.Of(files), Rows)
                .Beside($"{peer.Name}, arrays of 1,000", theirRows.Median)
        );
        report.Add(Figure.Of($"single inserts of {peer.Name}", theirRate, Requests));
        report.Add(Figure.Of($"bulk inserts of {peer.Name}", theirRows, Rows));
    }

    static async Task<Posted> Singles(
        LoadedRegister register,
        Credentials credentials,
        Files files,
        int connections,
        int seconds
    ) =>
        await Wrk.Post(
            new Uri(register.Host.Address, "v1/keeper-changes"),
            connections,
            seconds,
            // More than can be answered in the time, so that none is sent twice.
            new Bodies("application/json", File: files.Bodies(seconds * 12_000L))
            {
                Token = await register.Host.Token(credentials),
                Keys = Guid.CreateVersion7().ToString("N") + "-",
            }
        );
}
