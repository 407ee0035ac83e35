namespace TradeApi.Register;

/// <summary>
/// The place of a batch among several of one file that are at work side by side, on vehicles and references of which no two
/// name the same. They lock their vehicles one after the other and commit in the same order, so that the file's rows still
/// follow each other; only what lies between runs together. (On SQLite, which has one writer, nothing is locked: the batch
/// behind is judged while this one is written.)
/// </summary>
/// <param name="before">
/// Ends when the batch before has committed, with the number of the transaction that wrote it (on SQLite; see
/// <see cref="Database.SqliteWriter"/>); it fails when that batch has come to nothing.
/// </param>
/// <param name="isJudgedAhead">Whether it may be judged before <paramref name="before"/> ends, on SQLite.</param>
sealed class Turn(Task<long> before, bool isJudgedAhead)
{
    readonly TaskCompletionSource locked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<long> Before => before;

    public bool IsJudgedAhead => isJudgedAhead;

    /// <summary>Whether somebody else wrote while it was judged ahead, so that it was judged again.</summary>
    public bool WasJudgedInVain { get; set; }

    /// <summary>The number of the transaction that writes this batch, on SQLite.</summary>
    public long WrittenBy { get; set; }

    /// <summary>
    /// Ends when the batch has its vehicles locked, and what it knows of guesses: only then may the next one lock its own.
    /// The database could not see that the one waits for the other's commit.
    /// </summary>
    public Task Locked => locked.Task;

    public void HasLocked() => locked.TrySetResult();
}
