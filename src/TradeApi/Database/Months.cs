using Dapper;
using Npgsql;

namespace TradeApi.Database;

/// <summary>The partitions of a register on PostgreSQL that hold what is kept by the month.</summary>
static class Months
{
    // Made so far ahead that nobody has to be there on the first of a month.
    const int Ahead = 4;

    /// <summary>
    /// Makes this month's partitions and the next ones', where they are missing. One that is missing needs the table of what is of
    /// no month for itself. Where somebody has read it for long, all who want to read it would wait behind us, and it is left for
    /// another time: months are made well ahead, and what comes in one that is missing is kept there. Nor is a replica waited for,
    /// which is promised no empty table.
    /// </summary>
    /// <returns>Whether all are there now.</returns>
    public static async Task<bool> Add(Store register, DateTimeOffset now, CancellationToken cancel = default)
    {
        if (!register.IsPostgres)
            return true;
        await using var transaction = await register.Begin(cancel);
        try
        {
            // Two nodes that start together would make the same ones.
            await transaction.Connection.ExecuteAsync(
                """
                select pg_advisory_xact_lock(872350128);
                set local lock_timeout = '1s';
                set local synchronous_commit = local;
                select add_months(@Now, @Ahead)
                """,
                new { Now = now, Ahead },
                transaction.Inner
            );
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
        await transaction.Commit();
        return true;
    }
}
