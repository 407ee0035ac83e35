using System.Data.Common;
using Dapper;
using TradeApi.Database;

namespace TradeApi.Submissions;

/// <summary>Says of an upload, again and again, that its process still receives it: else it is taken for abandoned.</summary>
sealed class UploadLease(Store store, TimeProvider clock)
{
    /// <summary>
    /// So long the key of an upload stays taken after its node was killed: its sender waits for that. A database that is
    /// away for longer ends every upload anyway.
    /// </summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    /// <summary>Renews the lease until all is received. A slow line may take long for a chunk.</summary>
    public async Task Keep(Guid submissionId, CancellationToken received)
    {
        using var timer = new PeriodicTimer(Length / 4, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(received))
                await Renew(submissionId, received);
        }
        catch (OperationCanceledException)
        {
            // Received.
        }
    }

    async Task Renew(Guid submissionId, CancellationToken received)
    {
        try
        {
            await using var transaction = await store.Begin(received);
            await transaction.Connection.ExecuteAsync(
                """
                update submission
                   set lease_until = @LeaseUntil
                 where submission_id = @SubmissionId
                   and state = 'receiving'
                """,
                new { SubmissionId = submissionId, LeaseUntil = clock.Now() + Length },
                transaction.Inner
            );
            await transaction.Commit();
        }
        catch (DbException)
        {
            // Then the upload fails too, or the next time comes before the lease has ended.
        }
    }
}
