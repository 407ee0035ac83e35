using System.Diagnostics;
using TradeApi.Load.Results;
using TradeApi.Load.Running;
using TradeApi.Load.Senders;

namespace TradeApi.Load.Crash;

/// <summary>
/// kill -9 of the program's processes and of the whole database server, at random moments under load. On PostgreSQL, API
/// and worker are processes of their own; on SQLite they are one.
/// </summary>
static class Kills
{
    const int Senders = 8;

    // So many vehicles a cycle: more than its notices name.
    const int VehiclesACycle = 6_000;

    public static async Task<int> Run(string database, int cycles, int seed)
    {
        var whole = Stopwatch.StartNew();
        var random = new Random(seed);
        var vehicles = 20_000L + VehiclesACycle * (long)cycles;
        await using var ground = await Ground.Prepare(database, vehicles);
        await using var api = ground.Node(database == "postgres" ? "api" : "api,worker");
        await using var worker = ground.Node(database == "postgres" ? "worker" : "api,worker");
        var nodes = new Dictionary<string, Host>(StringComparer.Ordinal) { ["API"] = api };
        if (database == "postgres")
            nodes["worker"] = worker;
        await Task.WhenAll(nodes.Values.Select(node => node.Serve()));
        Console.WriteLine($"Prepared {vehicles} vehicles in {whole.Elapsed.TotalSeconds:F0} s.");

        await using var journal = new Journal("FAULT");
        using var sender = new Sender(new ApiNodes([nodes["API"].Address]), ground.Trader, journal);
        using var traffic = new Traffic(sender, journal, vehicles, 0, vehicles, random);
        await traffic.Start(Senders, TimeSpan.FromSeconds(1));
        string[] kinds =
            database == "postgres" ? ["API", "API", "worker", "PostgreSQL", "PostgreSQL", "everything"] : ["API"];
        var kills = kinds.Distinct(StringComparer.Ordinal).ToDictionary(kind => kind, _ => 0, StringComparer.Ordinal);
        var backAfter = kills.Keys.ToDictionary(kind => kind, _ => new List<TimeSpan>(), StringComparer.Ordinal);
        var receipts = new ReceiptSamples(sender, journal, random);
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            await Task.Delay(random.Next(100, 800));
            var kind = kinds[random.Next(kinds.Length)];
            kills[kind]++;
            backAfter[kind].Add(await KillAndStart(kind, nodes, ground, journal));
            await receipts.Take();
        }
        await traffic.Stop();
        await Settlement.FilesToEnd(nodes["API"]);
        await receipts.Take();
        var settlement = await Settlement.Make(nodes["API"], journal);

        var report = await Report.ForVariant("crash", $"kill -9 on {database}", ("cycles", cycles), ("seed", seed));
        report.Add("cycles", cycles, "");
        foreach (var (kind, times) in kills)
            report.Add($"kill -9 of {kind}", times, "");
        foreach (var (kind, times) in backAfter)
            report.AddTimes($"from the kill of {kind} to the next answer", times);
        report.Add("receipts fetched", receipts.Fetched, "");
        var exitCode = report.Tell(journal, settlement);
        report.Add("whole run", whole.Elapsed.TotalSeconds, "s");
        await report.Save();
        if (journal.Ambiguous > 0)
            return exitCode;
        await Console.Error.WriteLineAsync("Nothing was ambiguous: the kills came at no moment that tries anything.");
        return 1;
    }

    // Answers how long it took until a sender had an answer again.
    static async Task<TimeSpan> KillAndStart(
        string kind,
        Dictionary<string, Host> nodes,
        Ground ground,
        Journal journal
    )
    {
        var clock = Stopwatch.StartNew();
        var hosts = nodes.Where(node => kind == node.Key || kind == "everything").Select(node => node.Value).ToList();
        var killed = hosts.Select(host => host.Kill()).ToList();
        if (kind is "PostgreSQL" or "everything")
        {
            await ground.Server!.Kill();
            await ground.Server.Start(Ground.ServerSettings);
        }
        await Task.WhenAll(killed);
        await Task.WhenAll(hosts.Select(host => host.Serve()));
        await journal.NextAnswer(journal.Acknowledged, $"the kill of {kind}");
        return clock.Elapsed;
    }
}
