using Dapper;
using TradeApi.Database;

namespace TradeApi.Register;

/// <summary>What the worker does to the guess counters each hour.</summary>
static class GuessUpkeep
{
    /// <summary>How long a wrong proof and a lock are remembered.</summary>
    static readonly TimeSpan Memory = TimeSpan.FromDays(30);

    /// <summary>Deletes what cannot matter any more, a little at a time.</summary>
    public static async Task ForgetOld(Store store, DateTimeOffset now, CancellationToken cancel)
    {
        const int AtMost = 1000;
        foreach (
            var (table, key, condition) in new[]
            {
                ("wrong_proof", "registration_number, organisation_id, proof_hash", "made_at < @Forgotten"),
                ("proof_lock", "registration_number, organisation_id", "changed_at < @Forgotten"),
                ("proof_hour", "organisation_id, hour", "hour < @TwoDaysAgo"),
                // Nothing of it was judged for a day, so it is held no longer.
                ("held_organisation", "organisation_id", "next_notice_at < @TwoDaysAgo"),
            }
        )
        {
            int deleted;
            do
            {
                await using var transaction = await store.Begin(cancel);
                deleted = await transaction.Connection.ExecuteAsync(
                    $"""
                    delete from {table}
                     where {condition} -- once more: one that was renewed meanwhile is waited for, and stays
                       and ({key}) in (
                               select {key}
                                 from {table}
                                where {condition}
                                limit {AtMost}
                           )
                    """,
                    new { Forgotten = now - Memory, TwoDaysAgo = now - TimeSpan.FromDays(2) },
                    transaction.Inner
                );
                await transaction.Commit();
            } while (deleted == AtMost);
        }
    }

    /// <summary>
    /// Lets the vehicles say so of whose marks there are wrong proofs and which do not: a node of the version before has counted
    /// them or has moved the mark, or an import brought the vehicle in the same moment.
    /// </summary>
    public static async Task FlagGuessed(Store store, CancellationToken cancel)
    {
        await using var transaction = await store.Begin(cancel);
        await transaction.Connection.ExecuteAsync(
            """
            update vehicle
               set proof_was_guessed = true
             where not proof_was_guessed
               and registration_number in (select registration_number from wrong_proof
                                            union
                                           select registration_number from proof_lock
                                            union
                                           select registration_number from guarded_mark)
            """,
            transaction: transaction.Inner
        );
        await transaction.Commit();
    }
}
