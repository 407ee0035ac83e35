namespace TradeApi;

/// <summary>
/// Lets calls that come while others run go together: each costs a share of a statement or a commit then. There is no
/// timer, so nobody waits for company: a call that comes while a group may still begin goes straight through, alone.
/// </summary>
/// <param name="most">How many calls go together at most.</param>
/// <param name="run">Answers the calls of a group, in their order.</param>
/// <param name="parts">Whether a failure may be due to one call of the group, so that each is worth a try alone.</param>
/// <param name="atOnce">How many groups run side by side at most. More are smaller, and each costs what a group costs.</param>
sealed class Together<TCall, TAnswer>(
    int most,
    Func<IReadOnlyList<TCall>, Task<IReadOnlyList<TAnswer>>> run,
    Func<Exception, bool> parts,
    int atOnce = 1
)
{
    readonly Lock gate = new();
    readonly Queue<Waiting> waiting = new();
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int running;
    bool draining;

    /// <summary>Answers a call once its group has run. What it is told is never older than the call.</summary>
    public async Task<TAnswer> Answer(TCall call)
    {
        Waiting? own = null;
        lock (gate)
        {
            if (running == atOnce)
                waiting.Enqueue(own = new Waiting(call));
            else
                running++;
        }
        if (own is not null)
            return await own.Answered.Task;
        try
        {
            return (await run([call]))[0];
        }
        finally
        {
            PassOn();
        }
    }

    /// <summary>Waits until nobody waits and nothing runs.</summary>
    public Task Drain()
    {
        lock (gate)
        {
            draining = true;
            if (running == 0)
                ended.TrySetResult();
        }
        return ended.Task;
    }

    // Lets those who wait go next; the caller, who has their answer, does not wait for them.
    void PassOn()
    {
        if (Next() is { } group)
            _ = Task.Run(() => Run(group));
    }

    async Task Run(List<Waiting> group)
    {
        for (var next = group; next is not null; next = Next())
            await Run(next, parts);
    }

    async Task Run(List<Waiting> group, Func<Exception, bool> isWorthATryAlone)
    {
        try
        {
            var answers = await run(group.ConvertAll(own => own.Call));
            for (var i = 0; i < group.Count; i++)
                group[i].Answered.SetResult(answers[i]);
        }
        catch (Exception exception) when (group.Count > 1 && isWorthATryAlone(exception))
        {
            foreach (var own in group)
                await Run([own], isWorthATryAlone);
        }
        catch (Exception exception)
        {
            foreach (var own in group)
                own.Answered.SetException(exception);
        }
    }

    List<Waiting>? Next()
    {
        lock (gate)
        {
            if (waiting.Count == 0)
            {
                running--;
                if (draining && running == 0)
                    ended.TrySetResult();
                return null;
            }
            var group = new List<Waiting>(Math.Min(most, waiting.Count));
            while (group.Count < most && waiting.TryDequeue(out var own))
                group.Add(own);
            return group;
        }
    }

    sealed record Waiting(TCall Call)
    {
        // The answer goes on elsewhere; here the next group waits.
        public TaskCompletionSource<TAnswer> Answered { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
