using System.Diagnostics;
using TradeApi.Load.Register;
using TradeApi.Load.Results;
using TradeApi.Load.Running;

namespace TradeApi.Load.Nodes;

/// <summary>A small file of one partner while the workers have more than they can do for another.</summary>
static class Fairness
{
    const int SmallRows = 100;
    const int Times = 3;
    static readonly TimeSpan Goal = TimeSpan.FromSeconds(10);

    public static async Task<int> Run(Host[] nodes, Ground ground, Plan plan, Report report)
    {
        using var trader = await nodes[0].Partner(ground.Trader);
        using var other = await nodes[1].Partner(ground.OtherTrader);
        // One for each worker: a second file of the same partner leaves none of them idle.
        using var behind = NoticeFile.Write(NoticeFile.Range(plan.Behind, plan.BehindRows), plan.Vehicles, "BEHIND");
        using var big = NoticeFile.Write(NoticeFile.Range(plan.Big, plan.BigRows), plan.Vehicles, "BIG");
        var behindId = await trader.Send(behind.Path);
        var bigId = await trader.Send(big.Path);

        var took = new List<TimeSpan>();
        for (var time = 0; time < Times; time++)
        {
            await Task.Delay(500);
            using var small = NoticeFile.Write(SmallRowsOf(plan, time), plan.Vehicles, "SMALL");
            var clock = Stopwatch.StartNew();
            var end = await other.End(await other.Send(small.Path));
            took.Add(clock.Elapsed);
            if ((string?)end["state"] != "completed" || (int)end["rows"]!["accepted"]! != SmallRows)
                throw new InvalidOperationException("The small file came to " + end.ToJsonString());
        }
        var running = await trader.Submission(bigId);
        var isRunning = (string?)running["state"] == "processing";
        report.Add("rows of the big file", plan.BigRows, "");
        report.Add("of them not decided yet after the small ones", (double)running["rows"]!["unprocessed"]!, "");
        report.AddTimes($"a file of {SmallRows} rows of another partner, sent and decided", took);
        // What is left of the big ones says nothing more.
        await trader.Cancel(bigId);
        await trader.Cancel(behindId);
        if (isRunning && took.Max() < Goal)
            return 0;
        await Console.Error.WriteLineAsync(
            isRunning ? "A small file waited for too long." : "The big file had ended: it must have more rows."
        );
        return 1;
    }

    // The other partner holds no stock: it takes vehicles in from their keepers.
    static IEnumerable<long> SmallRowsOf(Plan plan, int time) =>
        NoticeFile
            .Range(plan.Small, plan.Vehicles - plan.Small)
            .Where(row => !MadeUp.IsRefused(row) && !MadeUp.IsInTrade(MadeUp.VehicleOf(row, plan.Vehicles)))
            .Skip(time * SmallRows)
            .Take(SmallRows);
}
