using TradeApi.Load.Running;

namespace TradeApi.Load.Senders;

static class JournalFigures
{
    /// <summary>Tells what the senders met and how it was settled; answers the exit code.</summary>
    public static int Tell(this Figures figures, Journal journal, Settlement settlement)
    {
        var calls = journal.Calls;
        figures.Add("notices acknowledged", calls.Count(call => !call.IsFile && call.Status is not null));
        figures.Add("files acknowledged", calls.Count(call => call.IsFile && call.Status is not null));
        figures.Add(
            "rows of those files",
            calls.Where(call => call.IsFile && call.Status is not null).Sum(call => call.Rows)
        );
        figures.Add("connections refused, nothing sent", journal.Refused);
        figures.Add("ambiguous", journal.Ambiguous);
        figures.Add("found done", journal.FoundDone);
        figures.Add("found not done", journal.FoundNotDone);
        if (journal.LateCommits > 0)
            figures.Add("not found at first, done by a commit still under way", journal.LateCommits);
        foreach (var (why, times) in journal.Failures)
            figures.Add("unknown by " + why, times);
        figures.Add("unresolved", settlement.Unresolved);
        figures.Add("lost", settlement.Lost);
        figures.Add("doubled", settlement.Doubled);
        foreach (var breach in settlement.Breaches.Take(30))
            Console.Error.WriteLine(breach);
        Console.WriteLine(settlement.IsClean ? "verify: clean" : $"not clean; the journal is {journal.Path}");
        return settlement.IsClean ? 0 : 1;
    }
}
