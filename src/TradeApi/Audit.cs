using Dapper;
using TradeApi.Database;

namespace TradeApi;

/// <summary>
/// Who has done what to partners, keys and decisions, when and why. It lies in the control store and names no mark, VIN,
/// document number or person of the register.
/// </summary>
static class Audit
{
    /// <summary>Writes an entry with what it is about, in one transaction.</summary>
    public static Task<int> Write(
        Transaction control,
        DateTimeOffset now,
        string actor,
        string action,
        string subject,
        string detail
    ) =>
        control.Connection.ExecuteAsync(
            """
            insert into audit_entry (audit_entry_id, occurred_at, actor, action, subject, detail)
                 values (@Id, @Now, @Actor, @Action, @Subject, @Detail)
            """,
            new
            {
                Id = Guid.CreateVersion7(now),
                Now = now,
                Actor = actor,
                Action = action,
                Subject = subject,
                Detail = detail,
            },
            control.Inner
        );

    /// <summary>Writes an entry on its own, of what happens in a register.</summary>
    public static async Task Write(
        Store control,
        DateTimeOffset now,
        string actor,
        string action,
        string subject,
        string detail,
        CancellationToken cancel = default
    )
    {
        await using var transaction = await control.Begin(cancel);
        await Write(transaction, now, actor, action, subject, detail);
        await transaction.Commit();
    }
}
