using System.Data.Common;
using Dapper;
using TradeApi.Database;
using TradeApi.Ledger;
using TradeApi.Register;

namespace TradeApi.Commands;

/// <summary>
/// Checks what must always hold (the invariants of <c>src/README.md</c>) on the data as it is, while the service runs, and
/// names each breach. Each register is read in one transaction, so that a commit in between cannot look like a breach.
/// </summary>
static partial class Verification
{
    // A breach of one kind is mostly many; the first few show what is wrong.
    const int MostOfAKind = 20;

    // As long as it takes: a check of a whole register is nothing to give up on.
    const int NoTimeout = 0;

    public static async Task<IReadOnlyList<string>> Run(Stores stores, CancellationToken cancel)
    {
        var breaches = new List<string>();
        foreach (var register in stores.Registers)
        {
            await using var connection = await register.Open(cancel);
            await using var snapshot = await connection.BeginTransactionAsync(
                register.IsPostgres
                    ? System.Data.IsolationLevel.RepeatableRead
                    : System.Data.IsolationLevel.Serializable,
                cancel
            );
            // Every check reads whole tables. Anything but a hash join over them, chosen before fresh rows are in the statistics, could
            // take days.
            if (register.IsPostgres)
                await connection.ExecuteAsync(
                    "set local enable_nestloop = off; set local enable_mergejoin = off; set local work_mem = '256MB'",
                    transaction: snapshot
                );
            await Run(stores, register, connection, snapshot, breaches);
        }
        return breaches;
    }

    /// <summary>Checks one register as a transaction sees it.</summary>
    public static async Task Run(
        Stores stores,
        Store register,
        DbConnection connection,
        DbTransaction snapshot,
        List<string> breaches
    )
    {
        foreach (var (invariant, sql) in Checks.Concat(ChecksOfVehicles))
            await Check(connection, snapshot, register, invariant, sql, breaches);
        await CheckLedger(connection, snapshot, register, breaches);
        await CheckClients(stores, connection, snapshot, register, breaches);
    }

    static async Task Check(
        DbConnection connection,
        DbTransaction snapshot,
        Store register,
        int invariant,
        string sql,
        List<string> breaches
    )
    {
        var found = await connection.QueryAsync<string>(
            $"{sql} limit {MostOfAKind}",
            transaction: snapshot,
            commandTimeout: NoTimeout
        );
        breaches.AddRange(found.Select(breach => $"{register.Name}: invariant {invariant}: {breach}"));
    }

    // Each leaf is made anew from what it stands for: then its receipt can be, too, and says what the ledger says.
    static async Task CheckLedger(
        DbConnection connection,
        DbTransaction snapshot,
        Store register,
        List<string> breaches
    )
    {
        var rows = connection.QueryUnbufferedAsync<LeafRow>(
            $"""
            select {RegisterLoad.DecidedColumns}, l.outcome as leaf_outcome, l.leaf_hash
              from ledger_leaf l
              join keeper_change k on k.keeper_change_id = l.keeper_change_id
             order by l.position
            """,
            transaction: snapshot,
            commandTimeout: NoTimeout
        );
        var wrong = 0;
        var last = 0L;
        await foreach (var row in rows)
        {
            if (row.LedgerPosition != ++last && wrong++ < MostOfAKind)
                breaches.Add(
                    $"{register.Name}: invariant 1: leaf {row.LedgerPosition} stands where leaf {last} should"
                );
            last = row.LedgerPosition;
            if (!Leaf.Hash(row.ToNotice()).AsSpan().SequenceEqual(row.LeafHash) && wrong++ < MostOfAKind)
                breaches.Add(
                    $"{register.Name}: invariants 1 and 4: leaf {row.LedgerPosition} does not fit its keeper change"
                );
        }
    }

    static async Task CheckClients(
        Stores stores,
        DbConnection connection,
        DbTransaction snapshot,
        Store register,
        List<string> breaches
    )
    {
        await using var control = await stores.Control.Open();
        var own = (
            await control.QueryAsync<string>(
                "select client_id from client where environment = @Name",
                new { register.Name }
            )
        ).ToHashSet(StringComparer.Ordinal);
        var used = await connection.QueryAsync<string>(
            """
            select client_id
              from keeper_change
             union
            select client_id
              from submission
            """,
            transaction: snapshot,
            commandTimeout: NoTimeout
        );
        breaches.AddRange(
            used.Where(client => client != Staff.Id && !own.Contains(client))
                .Select(client =>
                    $"{register.Name}: invariant 7: {client} is no client of this register and has written to it"
                )
        );
    }

    sealed record LeafRow
    {
        public Guid KeeperChangeId { get; init; }
        public string Type { get; init; } = "";
        public string Outcome { get; init; } = "";
        public string OrganisationId { get; init; } = "";
        public string SubmittedBy { get; init; } = "";
        public DateTimeOffset ReceivedAt { get; init; }
        public DateTimeOffset DecidedAt { get; init; }
        public byte[] Digest { get; init; } = [];
        public long LedgerPosition { get; init; }
        public string LeafOutcome { get; init; } = "";
        public DateTimeOffset? ReferredAt { get; init; }
        public byte[] LeafHash { get; init; } = [];

        public DecidedNotice ToNotice() =>
            new()
            {
                KeeperChangeId = KeeperChangeId,
                Type = Type,
                Outcome = LeafOutcome,
                OrganisationId = OrganisationId,
                SubmittedBy = SubmittedBy,
                ClientId = "",
                ReceivedAt = ReceivedAt,
                // A notice that was referred first has a leaf of that, too.
                DecidedAt = LeafOutcome == Outcome ? DecidedAt : ReferredAt ?? default,
                Digest = Digest,
            };
    }
}
