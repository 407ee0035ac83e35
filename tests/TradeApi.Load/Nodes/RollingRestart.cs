using System.Diagnostics;
using TradeApi.Load.Results;
using TradeApi.Load.Running;
using TradeApi.Load.Senders;

namespace TradeApi.Load.Nodes;

/// <summary>
/// One node after another is asked to end and started again under load. No call may be cut off: each is answered, or its
/// connection refused before it is sent. And a file goes on in another worker at once.
/// </summary>
static class RollingRestart
{
    const int Senders = 8;
    static readonly TimeSpan GoalOfHandover = TimeSpan.FromSeconds(2);

    public static async Task<int> Run(Host[] nodes, Ground ground, Plan plan, Random random, Report report)
    {
        await using var journal = new Journal("ROLLED");
        using var sender = new Sender(new ApiNodes([nodes[0].Address, nodes[1].Address]), ground.Trader, journal);
        using var traffic = new Traffic(sender, journal, plan.Vehicles, plan.Rolled, plan.RolledFile, random);
        await traffic.Start(Senders, TimeSpan.FromMilliseconds(700));
        var ends = new List<TimeSpan>();
        foreach (var api in nodes[..2])
        {
            await Task.Delay(1_000);
            ends.Add(await api.Terminate());
            await api.Serve();
        }
        await traffic.Stop();
        await Settlement.FilesToEnd(nodes[0]);

        using var file = NoticeFile.Write(
            NoticeFile.Range(plan.RolledFile, Plan.RolledFileRows),
            plan.Vehicles,
            "HANDED"
        );
        using var trader = await nodes[0].Partner(ground.Trader);
        var progress = new Progress(trader, await trader.Send(file.Path));
        var watching = progress.Watch();
        foreach (var worker in nodes[2..])
        {
            await Task.Delay(1_000);
            ends.Add(await worker.Terminate());
            await Task.Delay(1_000);
            await worker.Serve();
        }
        await watching;

        var settlement = await Settlement.Make(nodes[0], journal);
        report.Add("nodes restarted in turn under load", nodes.Length, "");
        report.AddTimes("from SIGTERM to the end of the process", ends);
        report.Add("longest rest of a file while its workers were restarted", progress.LongestRest.TotalSeconds, "s");
        var exitCode = report.Tell(journal, settlement);
        if (journal.Ambiguous > 0)
            await Console.Error.WriteLineAsync(
                $"{journal.Ambiguous} calls were cut off; the journal is {journal.Path}"
            );
        if (progress.LongestRest > GoalOfHandover)
            await Console.Error.WriteLineAsync("A worker that ended kept its lease.");
        return journal.Ambiguous == 0 && progress.LongestRest <= GoalOfHandover ? exitCode : 1;
    }

    sealed class Progress(Partner partner, string id)
    {
        public TimeSpan LongestRest { get; private set; }

        /// <summary>Looks again and again how many rows are decided, until all are.</summary>
        public async Task Watch()
        {
            var left = int.MaxValue;
            var rest = Stopwatch.StartNew();
            while (left > 0)
            {
                var now = (int)(await partner.Submission(id))["rows"]!["unprocessed"]!;
                if (rest.Elapsed > LongestRest)
                    LongestRest = rest.Elapsed;
                if (now < left)
                    rest.Restart();
                left = now;
                await Task.Delay(20);
            }
        }
    }
}
