using TradeApi.Load.Results;
using TradeApi.Load.Running;

namespace TradeApi.Load.Senders;

static class JournalFigures
{
    /// <summary>Tells what the senders met and how it was settled; answers the exit code.</summary>
    public static int Tell(this Report report, Journal journal, Settlement settlement)
    {
        var calls = journal.Calls;
        report.Add("notices acknowledged", calls.Count(call => !call.IsFile && call.Status is not null), "");
        report.Add("files acknowledged", calls.Count(call => call.IsFile && call.Status is not null), "");
        report.Add(
            "rows of those files",
            calls.Where(call => call.IsFile && call.Status is not null).Sum(call => call.Rows),
            ""
        );
        report.Add("connections refused, nothing sent", journal.Refused, "");
        report.Add("ambiguous", journal.Ambiguous, "");
        report.Add("found done", journal.FoundDone, "");
        report.Add("found not done", journal.FoundNotDone, "");
        if (journal.LateCommits > 0)
            report.Add("not found at first, done by a commit still under way", journal.LateCommits, "");
        foreach (var (why, times) in journal.Failures)
            report.Add("unknown by " + why, times, "");
        report.Add("unresolved", settlement.Unresolved, "", Goal.NotOver(0));
        report.Add("lost", settlement.Lost, "", Goal.NotOver(0));
        report.Add("doubled", settlement.Doubled, "", Goal.NotOver(0));
        foreach (var breach in settlement.Breaches.Take(80))
            Console.Error.WriteLine(breach);
        Console.WriteLine(settlement.IsClean ? "verify: clean" : $"not clean; the journal is {journal.Path}");
        return settlement.IsClean ? 0 : 1;
    }
}
