using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
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
            await using var snapshot = await Snapshot(connection, cancel);
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

    /// <summary>Begins a transaction that sees one moment, and lets others write.</summary>
    internal static async Task<DbTransaction> Snapshot(DbConnection connection, CancellationToken cancel) =>
        connection is SqliteConnection sqlite
            ? sqlite.BeginTransaction(deferred: true)
            : await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);

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

    // Each leaf is made anew from what it stands for: then its receipt can be, too, and says what the ledger says. One that no
    // notice calls its own is missing in the sequence.
    static async Task CheckLedger(
        DbConnection connection,
        DbTransaction snapshot,
        Store register,
        List<string> breaches
    )
    {
        var end = await connection.ExecuteScalarAsync<long>(
            "select coalesce(max(last_position), 0) from ledger_page",
            transaction: snapshot,
            commandTimeout: NoTimeout
        );
        var rows = connection.QueryUnbufferedAsync<LeafRow>(
            $"""
            {LeavesOf("k.ledger_page_id", "k.ledger_place", "k.outcome", "k.decided_at")}
             union all
            {LeavesOf("k.referral_page_id", "k.referral_place", "'referred'", "k.referred_at")}
             order by ledger_position
            """,
            transaction: snapshot,
            commandTimeout: NoTimeout
        );
        var wrong = 0;
        void Breach(string what)
        {
            if (wrong++ < MostOfAKind)
                breaches.Add($"{register.Name}: {what}");
        }
        var last = 0L;
        await foreach (var row in rows)
        {
            for (var missing = last + 1; missing < row.LedgerPosition && wrong < MostOfAKind; missing++)
                Breach($"invariant 1: leaf {missing} has no accepted or referred keeper change");
            if (row.LedgerPosition == last)
                Breach($"invariant 1: leaf {last} is that of two keeper changes");
            last = row.LedgerPosition;
            if (
                !row.IdOnPage.AsSpan().SequenceEqual(row.KeeperChangeId.ToByteArray(bigEndian: true))
                || !Leaf.Hash(row.ToNotice()).AsSpan().SequenceEqual(row.LeafHash)
            )
                Breach($"invariants 1 and 4: leaf {row.LedgerPosition} does not fit its keeper change");
        }
        for (var missing = last + 1; missing <= end && wrong < MostOfAKind; missing++)
            Breach($"invariant 1: leaf {missing} has no accepted or referred keeper change");
    }

    static string LeavesOf(string page, string place, string outcome, string decidedAt) =>
        $"""
            select k.keeper_change_id, k.type, {outcome} as outcome, k.organisation_id, k.submitted_by, k.received_at,
                   {decidedAt} as decided_at, k.digest, p.first_position + {place} as ledger_position,
                   substr(p.keeper_change_ids, 16 * {place} + 1, 16) as id_on_page,
                   substr(p.leaf_hashes, 32 * {place} + 1, 32) as leaf_hash
              from keeper_change k
              join ledger_page p on p.ledger_page_id = {page}
            """;

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
        public DateTimeOffset? DecidedAt { get; init; }
        public byte[] Digest { get; init; } = [];
        public long LedgerPosition { get; init; }
        public byte[] IdOnPage { get; init; } = [];
        public byte[] LeafHash { get; init; } = [];

        public DecidedNotice ToNotice() =>
            new()
            {
                KeeperChangeId = KeeperChangeId,
                Type = Type,
                Outcome = Outcome,
                OrganisationId = OrganisationId,
                SubmittedBy = SubmittedBy,
                ClientId = "",
                ReceivedAt = ReceivedAt,
                DecidedAt = DecidedAt ?? default,
                Digest = Digest,
            };
    }
}
