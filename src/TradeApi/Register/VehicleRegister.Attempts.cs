using TradeApi.Database;

namespace TradeApi.Register;

/// <remarks>Here: one attempt to decide and record a batch.</remarks>
sealed partial class VehicleRegister
{
    async Task<(IReadOnlyList<Answer> Answers, Guesses Guesses)> Attempt(
        IReadOnlyList<Notice> notices,
        Action<Writes, IReadOnlyList<Answer>>? alongside,
        bool commit,
        Guid? trial,
        bool untilHeld,
        bool mayRepeat,
        bool again,
        Turn? turn,
        CancellationToken cancel
    )
    {
        JudgedAhead? ahead = null;
        var writtenBefore = 0L;
        if (commit && turn is not null && store.Writer is { } writer)
        {
            if (turn.IsJudgedAhead && !turn.Before.IsCompleted)
                ahead = await JudgeAhead(writer, notices, untilHeld, mayRepeat, turn, cancel);
            // SQLite's calls never yield, and this thread goes on to judge the next batch: continued on another one.
            writtenBefore = await turn.Before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
        await using var transaction = await store.Begin(cancel);
        turn?.WrittenBy = transaction.Number;
        var stands = ahead is not null && store.Writer!.HasNobodyWritten(ahead.Since, except: writtenBefore);
        if (ahead is not null)
            turn!.WasJudgedInVain = !stands;
        var (set, answers, writes, now) = stands
            ? ahead!.Judged
            : await Judge(transaction, notices, commit, trial, untilHeld, mayRepeat, again, turn, cancel);
        if (answers.Count == 0)
        {
            await writes.Run(transaction, cancel);
            return (answers, new Guesses());
        }
        if (commit)
            await RegisterSave.Earlier(transaction, set);
        if (trial is not null)
            await Trial.Save(transaction, trial.Value, set, cancel);
        // From here on what batches share is written, in this order: references, the file's cursor, counts, the ledger's head.
        if (turn is not null)
        {
            await writes.Run(transaction, cancel);
            await turn.Before;
        }
        if (commit)
            RegisterSave.References(writes, set);
        alongside?.Invoke(writes, answers);
        // Guesses count also when nothing else is kept.
        var counted = GuessStore.Save(writes, set.Guesses, now);
        GuessStore.FailIfCountedOtherwise(writes, store, set.Guesses, now);
        if (commit)
            RegisterSave.Leaves(writes, set);
        if (commit || alongside is not null || counted)
            await writes.Commit(transaction);
        return (answers, set.Guesses);
    }

    async Task<Judged> Judge(
        Transaction transaction,
        IReadOnlyList<Notice> notices,
        bool commit,
        Guid? trial,
        bool untilHeld,
        bool mayRepeat,
        bool again,
        Turn? turn,
        CancellationToken cancel
    )
    {
        var set = await RegisterLoad.Load(
            environment,
            transaction,
            control,
            notices,
            clock,
            mayRepeat,
            again,
            turn,
            cancel
        );
        if (trial is not null)
            await Trial.Load(transaction, trial.Value, notices, set);
        var now = clock.Now();
        var answers = notices
            .Select(notice => notice.Later is null ? Decide(notice, set, now) : LaterDecisions.Decide(notice, set, now))
            .TakeWhile(answer => !untilHeld || !answer.IsHeldBack)
            .ToList();
        var writes = new Writes(store);
        // The one that was held back counts with those that were judged; those behind it do not.
        if (!mayRepeat)
            RegisterSave.FailOnRepeats(writes, store, notices.Take(answers.Count + 1), set);
        if (commit && answers.Count > 0)
            RegisterSave.Save(writes, store, set);
        return new Judged(set, answers, writes, now);
    }

    // SQLite has one writer. While it writes the batch before, this one is judged by what is committed by now: the two have no
    // vehicle in common, and whether together they have too many wrong proofs is looked at when those are counted. Where an
    // organisation is held, or was, each notice depends on when the one before it came, so there this is of no use.
    async Task<JudgedAhead?> JudgeAhead(
        SqliteWriter writer,
        IReadOnlyList<Notice> notices,
        bool untilHeld,
        bool mayRepeat,
        Turn turn,
        CancellationToken cancel
    )
    {
        var since = writer.Ended;
        await using var reading = await store.BeginReading(cancel);
        var judged = await Judge(
            reading,
            notices,
            commit: true,
            null,
            untilHeld,
            mayRepeat,
            again: false,
            turn,
            cancel
        );
        return judged.Set.Guesses.Tallies.Values.Any(tally => tally.Held is not null || tally.WasHeldSince is not null)
            ? null
            : new JudgedAhead(judged, since);
    }

    /// <param name="Writes">What the batch alone writes, made ready.</param>
    sealed record Judged(WorkingSet Set, List<Answer> Answers, Writes Writes, DateTimeOffset Now);

    /// <param name="Judged">What was judged while another wrote.</param>
    /// <param name="Since">How many transactions had ended before it was read.</param>
    sealed record JudgedAhead(Judged Judged, long Since);
}
