namespace TradeApi.Register;

/// <summary>
/// The place of a batch among several of one file that are at work side by side, on vehicles and references of which no two
/// name the same. They lock their vehicles one after the other and commit in the same order, so that the file's rows still
/// follow each other; only what lies between runs together.
/// </summary>
/// <param name="before">Ends when the batch before has committed; it fails when that has come to nothing.</param>
sealed class Turn(Task before)
{
    readonly TaskCompletionSource locked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Before => before;

    /// <summary>
    /// Ends when the batch has its vehicles locked, and what it knows of guesses: only then may the next one lock its own.
    /// The database could not see that the one waits for the other's commit.
    /// </summary>
    public Task Locked => locked.Task;

    public void HasLocked() => locked.TrySetResult();
}
