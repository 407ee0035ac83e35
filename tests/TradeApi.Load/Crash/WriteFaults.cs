using System.Diagnostics;
using System.Globalization;
using TradeApi.Load.Results;
using TradeApi.Load.Running;
using TradeApi.Load.Senders;

namespace TradeApi.Load.Crash;

/// <summary>
/// Writing fails for a while, as on a disk that is full: the commit of whoever is served then fails in the middle. The limit
/// of a process on the size of its files does it: every write of SQLite's log, or of PostgreSQL's, is past it.
/// </summary>
static class WriteFaults
{
    const int Senders = 8;
    const int VehiclesACycle = 6_000;

    public static async Task<int> Run(string database, int cycles, int seed)
    {
        var whole = Stopwatch.StartNew();
        var random = new Random(seed);
        var vehicles = 20_000L + VehiclesACycle * (long)cycles;
        await using var ground = await Ground.Prepare(database, vehicles);
        await using var host = ground.Node();
        await host.Serve();
        var process = host.ProcessId;

        await using var journal = new Journal("FAULT");
        using var sender = new Sender(new ApiNodes([host.Address]), ground.Trader, journal);
        using var traffic = new Traffic(sender, journal, vehicles, 0, vehicles, random);
        await traffic.Start(Senders, TimeSpan.FromSeconds(1));
        var backAfter = new List<TimeSpan>();
        var serverStarts = 0;
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            await Task.Delay(random.Next(200, 800));
            // Every other time the first process of the server is limited too: then it cannot recover while the fault lasts.
            var server = ground.Server?.ProcessIds ?? [];
            var limited =
                ground.Server is null ? [process]
                : cycle % 2 == 1 ? server
                : server.Skip(1).ToList();
            await Failure(journal, () => Limit(limited, ground.Server is not null, "4096"));
            await Task.Delay(random.Next(100, 400));
            await Limit(limited, ground.Server is not null, "unlimited");

            var clock = Stopwatch.StartNew();
            for (var before = journal.Acknowledged; journal.Acknowledged == before; await Task.Delay(5))
            {
                if (clock.Elapsed > TimeSpan.FromMinutes(3))
                    throw new TimeoutException("Three minutes after the fault had ended nobody had an answer.");
                if (server.Count == 0 || Processes.IsAlive(server[0]))
                    continue;
                await ground.Server!.Ended(server);
                await ground.Server.Start(Ground.ServerSettings);
                server = ground.Server.ProcessIds;
                serverStarts++;
            }
            backAfter.Add(clock.Elapsed);
        }
        await traffic.Stop();
        await Settlement.FilesToEnd(host);
        if (!host.IsRunning || host.ProcessId != process)
            journal.Surprise("The program did not outlive the faults.");
        var settlement = await Settlement.Make(host, journal);

        var report = await Report.ForVariant(
            "crash",
            $"writing fails on {database}",
            ("cycles", cycles),
            ("seed", seed)
        );
        report.Add("times that writing failed", cycles, "");
        if (ground.Server is not null)
            report.Add("starts of PostgreSQL that this took", serverStarts, "");
        report.AddTimes("from the end of the fault to the next answer", backAfter);
        var exitCode = report.Tell(journal, settlement);
        report.Add("whole run", whole.Elapsed.TotalSeconds, "s");
        await report.Save();
        return exitCode;
    }

    // Makes writing fail and waits until a sender has noticed.
    static async Task Failure(Journal journal, Func<Task> fail)
    {
        var before = journal.Failures.Values.Sum();
        await fail();
        for (var patience = Stopwatch.StartNew(); journal.Failures.Values.Sum() == before; await Task.Delay(5))
            if (patience.Elapsed > TimeSpan.FromMinutes(1))
                throw new TimeoutException("Nobody noticed in a minute that writing fails.");
    }

    static async Task Limit(IReadOnlyList<int> processes, bool ofServer, string limit)
    {
        var each = processes.Select(process =>
            string.Create(CultureInfo.InvariantCulture, $"prlimit --pid {process} --fsize={limit}:unlimited")
        );
        // One may have ended meanwhile, because of the fault; and only its own user may limit a process.
        string[] script = ["-c", string.Join(" ; ", each) + " ; true"];
        if (ofServer)
            await PostgresServer.AsItsUser("sh", script);
        else
            await Processes.Run("sh", script);
    }
}
