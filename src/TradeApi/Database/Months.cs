using Dapper;

namespace TradeApi.Database;

/// <summary>The partitions of a register on PostgreSQL that hold what is kept by the month.</summary>
static class Months
{
    // Made so far ahead that nobody has to be there on the first of a month.
    const int Ahead = 4;

    /// <summary>Makes this month's partitions and the next ones', where they are missing.</summary>
    public static async Task Add(Store register, DateTimeOffset now, CancellationToken cancel = default)
    {
        if (!register.IsPostgres)
            return;
        await using var transaction = await register.Begin(cancel);
        // Two nodes that start together would make the same ones.
        await transaction.Connection.ExecuteAsync(
            """
            select pg_advisory_xact_lock(872350128);
            select add_months(@Now, @Ahead)
            """,
            new { Now = now, Ahead },
            transaction.Inner
        );
        await transaction.Commit(cancel);
    }
}
