namespace TradeApi.Tokens;

/// <summary>
/// One read for many callers: who asks while a read runs shares the next one with all who ask meanwhile. Nothing is
/// remembered, so an answer is never older than its question; a lone caller reads at once.
/// </summary>
sealed class SharedReads<TAnswer>(Func<IReadOnlyCollection<string>, Task<IReadOnlyDictionary<string, TAnswer>>> read)
    where TAnswer : class
{
    readonly Lock gate = new();
    Round? next;
    bool running;

    /// <summary>The answer for a key; null when the read has none.</summary>
    public async Task<TAnswer?> Ask(string key, CancellationToken cancel)
    {
        Round mine;
        var begins = false;
        lock (gate)
        {
            mine = next ??= new Round();
            mine.Keys.Add(key);
            if (!running)
                begins = running = true;
        }
        if (begins)
            _ = ReadOn();
        // Who goes away leaves the others their read.
        var answers = await mine.Answers.Task.WaitAsync(cancel);
        return answers.GetValueOrDefault(key);
    }

    async Task ReadOn()
    {
        while (Take() is { } round)
        {
            try
            {
                round.Answers.SetResult(await read(round.Keys));
            }
            catch (Exception failed)
            {
                round.Answers.SetException(failed);
            }
        }
    }

    Round? Take()
    {
        lock (gate)
        {
            var round = next;
            next = null;
            running = round is not null;
            return round;
        }
    }

    sealed class Round
    {
        public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);

        public TaskCompletionSource<IReadOnlyDictionary<string, TAnswer>> Answers { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
