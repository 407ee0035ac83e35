using System.Collections.Concurrent;

namespace TradeApi.Submissions;

/// <summary>Wakes the worker of this node, and whoever waits for a submission's end. Only a short cut: the database is what counts.</summary>
sealed class SubmissionSignals
{
    readonly ConcurrentDictionary<string, SemaphoreSlim> work = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<Guid, TaskCompletionSource> ends = new();

    public void Begun(string environment) => Of(environment).Release();

    public async Task NewWork(string environment, TimeSpan atMost, CancellationToken cancel) =>
        await Of(environment).WaitAsync(atMost, cancel);

    public void Ended(Guid submissionId)
    {
        if (ends.TryRemove(submissionId, out var end))
            end.TrySetResult();
    }

    /// <summary>Waits until this node has ended the submission, or until the time is over.</summary>
    public async Task End(Guid submissionId, TimeSpan atMost, TimeProvider clock, CancellationToken cancel)
    {
        var end = ends.GetOrAdd(
            submissionId,
            _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
        );
        try
        {
            await end.Task.WaitAsync(atMost, clock, cancel);
        }
        catch (TimeoutException) { }
        finally
        {
            // Whether it ended, the time was over or who waited has gone away. Another who waits waits to the end of his time.
            ends.TryRemove(KeyValuePair.Create(submissionId, end));
        }
    }

    SemaphoreSlim Of(string environment) => work.GetOrAdd(environment, _ => new SemaphoreSlim(0));
}
