namespace TradeApi;

/// <summary>
/// Lets calls that come while others run go together: each costs a share of a statement or a commit then. There is no
/// timer: a call that comes when nothing runs goes straight through, alone. Beside a group that runs, another begins once as
/// many calls wait as are in it; small groups would come one upon another else, and each costs what a group costs. Of all that
/// are there it takes no more than its share, unless that is a few: a large group and a small one by turns would come to
/// little more than one at a time.
/// </summary>
/// <param name="most">How many calls go together at most.</param>
/// <param name="run">Answers the calls of a group, in their order.</param>
/// <param name="parts">Whether a failure may be due to one call of the group, so that each is worth a try alone.</param>
/// <param name="atOnce">How many groups run side by side at most.</param>
sealed class Together<TCall, TAnswer>(
    int most,
    Func<IReadOnlyList<TCall>, Task<IReadOnlyList<TAnswer>>> run,
    Func<Exception, bool> parts,
    int atOnce = 1
)
{
    // So many go together even if another group might have some of them.
    const int Few = 8;

    readonly Lock gate = new();
    readonly Queue<Waiting> waiting = new();
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int groups;
    int callsInGroups;
    bool draining;

    /// <summary>About how many wait for their group to begin; others may come and go while it is asked.</summary>
    public int HowManyWait => waiting.Count;

    /// <summary>Answers a call once its group has run. What it is told is never older than the call.</summary>
    public Task<TAnswer> Answer(TCall call)
    {
        var own = new Waiting(call);
        lock (gate)
            waiting.Enqueue(own);
        if (Next() is { } group)
            _ = Run(group);
        return own.Answered.Task;
    }

    /// <summary>Waits until nobody waits and nothing runs.</summary>
    public Task Drain()
    {
        lock (gate)
        {
            draining = true;
            EndWhenDrained();
        }
        return ended.Task;
    }

    async Task Run(List<Waiting> group)
    {
        await Run(group, parts);
        lock (gate)
        {
            groups--;
            callsInGroups -= group.Count;
            EndWhenDrained();
        }
        // Not here: who has run this group may be one of its callers, and has the answer.
        if (Next() is { } next)
            _ = Task.Run(() => Run(next));
    }

    List<Waiting>? Next()
    {
        lock (gate)
        {
            var enough = waiting.Count * groups >= callsInGroups;
            if (waiting.Count == 0 || groups == atOnce || !enough)
                return null;
            var share = (waiting.Count + callsInGroups + atOnce - 1) / atOnce;
            var size = Math.Min(most, Math.Max(Few, share));
            var group = new List<Waiting>(Math.Min(size, waiting.Count));
            while (group.Count < size && waiting.TryDequeue(out var own))
                group.Add(own);
            groups++;
            callsInGroups += group.Count;
            return group;
        }
    }

    void EndWhenDrained()
    {
        if (draining && groups == 0 && waiting.Count == 0)
            ended.TrySetResult();
    }

    async Task Run(List<Waiting> group, Func<Exception, bool> isWorthATryAlone)
    {
        try
        {
            var answers = await run(group.ConvertAll(own => own.Call));
            for (var i = 0; i < group.Count; i++)
                group[i].Answered.TrySetResult(answers[i]);
        }
        catch (Exception exception) when (group.Count > 1 && isWorthATryAlone(exception))
        {
            foreach (var own in group)
                await Run([own], isWorthATryAlone);
        }
        catch (Exception exception)
        {
            foreach (var own in group)
                own.Answered.TrySetException(exception);
        }
    }

    sealed record Waiting(TCall Call)
    {
        // The answer goes on elsewhere; here the next group waits.
        public TaskCompletionSource<TAnswer> Answered { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
