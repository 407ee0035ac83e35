using System.CommandLine;
using System.Diagnostics;
using TradeApi.Load.Results;
using TradeApi.Load.Running;
using TradeApi.Load.Senders;

namespace TradeApi.Load.Nodes;

/// <summary>Two API and two worker processes over one PostgreSQL: killed, shared by two partners, and restarted one by one.</summary>
static class NodesCommand
{
    const int Senders = 8;

    // More than the notices of a part name: it lasts as long as its kills.
    const int VehiclesForTraffic = 60_000;
    const int VehiclesACycle = 15_000;

    public static Command Build()
    {
        var cycles = new Option<int>("--cycles") { DefaultValueFactory = _ => 20 };
        var rows = new Option<int>("--rows")
        {
            Description = "Of the file beside which a small one is to end soon.",
            DefaultValueFactory = _ => 1_000_000,
        };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var command = new Command("nodes", "Two API and two worker processes over one PostgreSQL.")
        {
            cycles,
            rows,
            seed,
        };
        command.SetAction(
            (arguments, _) => Run(arguments.GetValue(cycles), arguments.GetValue(rows), arguments.GetValue(seed))
        );
        return command;
    }

    static async Task<int> Run(int cycles, int rows, int seed)
    {
        var random = new Random(seed);
        // Traffic of two parts, a file for a rolling restart, a big file with another behind it, and small ones.
        var plan = new Plan(VehiclesForTraffic + VehiclesACycle * (long)cycles, rows);
        var clock = Stopwatch.StartNew();
        await using var ground = await Ground.Prepare("postgres", plan.Vehicles);
        Console.WriteLine($"Prepared {plan.Vehicles} vehicles in {clock.Elapsed.TotalSeconds:F0} s.");
        await using var firstApi = ground.Node("api", leaveSeconds: 2);
        await using var secondApi = ground.Node("api", leaveSeconds: 2);
        await using var firstWorker = ground.Node("worker");
        await using var secondWorker = ground.Node("worker");
        Host[] nodes = [firstApi, secondApi, firstWorker, secondWorker];
        await Task.WhenAll(nodes.Select(node => node.Serve()));

        var report = await Report.For("nodes", ("kills", cycles), ("rows of the big file", rows), ("seed", seed));
        var exitCode = await Kill(nodes, ground, plan, cycles, random, report);
        exitCode |= await RollingRestart.Run(nodes, ground, plan, random, report);
        exitCode |= await Fairness.Run(nodes, ground, plan, report);
        await report.Save();
        return exitCode;
    }

    static async Task<int> Kill(Host[] nodes, Ground ground, Plan plan, int cycles, Random random, Report report)
    {
        await using var journal = new Journal("KILLED");
        using var sender = new Sender(new ApiNodes([nodes[0].Address, nodes[1].Address]), ground.Trader, journal);
        using var traffic = new Traffic(sender, journal, plan.Vehicles, 0, plan.Rolled, random);
        await traffic.Start(Senders, TimeSpan.FromMilliseconds(700));
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            await Task.Delay(random.Next(100, 800));
            var node = nodes[random.Next(nodes.Length)];
            await node.Kill();
            await node.Serve();
        }
        await traffic.Stop();
        await Settlement.FilesToEnd(nodes[0]);
        var settlement = await Settlement.Make(nodes[0], journal);
        report.Add("kill -9 of one of two API and two worker processes", cycles, "");
        return report.Tell(journal, settlement);
    }
}

/// <summary>Which rows each part of the run sends: no vehicle is named by two of them.</summary>
sealed record Plan(long Traffic, long BigRows)
{
    public const long RolledFileRows = 60_000;

    public long Rolled => Traffic;

    public long RolledFile => Rolled + Traffic;

    public long Big => RolledFile + RolledFileRows;

    public long Behind => Big + BigRows;

    public long BehindRows => BigRows / 4;

    public long Small => Behind + BehindRows;

    public long Vehicles => Small + 10_000;
}
