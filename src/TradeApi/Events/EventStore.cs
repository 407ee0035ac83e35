using System.Buffers.Binary;
using Dapper;
using TradeApi.Database;
using TradeApi.Tokens;

namespace TradeApi.Events;

/// <summary>A decision as an organisation is told of it.</summary>
sealed record LedgerEvent(long Position, string Type, Guid Subject, DateTimeOffset DecidedAt)
{
    public const string LeftStock = "vehicle.left-stock";

    /// <summary>The types of event that the ledger tells.</summary>
    public static readonly IReadOnlyList<string> Types =
    [
        "keeper-change.accepted",
        "keeper-change.referred",
        "keeper-change.refused",
        "keeper-change.reversed",
        "keeper-change.corrected",
        LeftStock,
    ];

    /// <summary>A UUIDv7 made from time, place and type, so that the same event has the same id whenever it is read.</summary>
    public Guid Id
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteInt64BigEndian(bytes, DecidedAt.ToUnixTimeMilliseconds() << 16);
            bytes[6] = 0x70;
            bytes[7] = (byte)Types.ToList().IndexOf(Type);
            BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Position);
            bytes[8] = 0x80;
            return new Guid(bytes, bigEndian: true);
        }
    }
}

/// <summary>The ledger as a feed: positions are dense and in commit order, so whoever goes on where they stopped misses nothing.</summary>
static class EventStore
{
    // So many rows are read at once, however few events are asked for, and so many times for one answer: whoever asks for
    // a rare type gets an empty page with the cursor moved on.
    const int RowsTogether = 200;
    const int MostReads = 20;

    /// <summary>The organisation's events after a position, and how far the ledger was read for them.</summary>
    public static async Task<(List<LedgerEvent> Events, long ReadTo)> Read(
        Store store,
        Caller caller,
        long after,
        IReadOnlyList<string> types,
        int limit,
        CancellationToken cancel
    )
    {
        await using var connection = await store.Open(cancel);
        var found = new List<LedgerEvent>();
        for (var read = 0; read < MostReads; read++)
        {
            cancel.ThrowIfCancellationRequested();
            var rows = (
                await connection.QueryAsync<LeafRow>(
                    $"""
                    select l.position, l.outcome, l.decided_at, k.keeper_change_id, k.type, k.concerns_id,
                           case when l.organisation_id = @OrganisationId or l.submitted_by = @OrganisationId
                                  or l.told_sender = @OrganisationId
                                then 1 else 0 end as is_own,
                           case when l.left_stock_of = @OrganisationId then 1 else 0 end as left_stock
                      from (select position from ({Of("organisation_id")}) o
                             union
                            select position from ({Of("submitted_by")}) s
                             union
                            select position from ({Of("left_stock_of")}) t
                             union
                            select position from ({Of("told_sender")}) w) p
                      join ledger_leaf l on l.position = p.position
                      join keeper_change k on k.keeper_change_id = l.keeper_change_id
                     order by l.position
                     limit @Limit
                    """,
                    new
                    {
                        caller.OrganisationId,
                        After = after,
                        Limit = RowsTogether,
                    }
                )
            ).AsList();
            if (rows.Count == 0)
                return (found, after);
            foreach (var row in rows)
            {
                var told = row.Events().Where(one => types.Count == 0 || types.Contains(one.Type)).ToList();
                if (found.Count > 0 && found.Count + told.Count > limit)
                    return (found, after);
                found.AddRange(told);
                after = row.Position;
            }
            if (found.Count > 0 || rows.Count < RowsTogether)
                return (found, after);
        }
        return (found, after);
    }

    // Each of the four has an index of its own, and gives no more rows than a page needs.
    static string Of(string column) =>
        $"""
            select position
              from ledger_leaf
             where {column} = @OrganisationId
               and position > @After
             order by position
             limit @Limit
            """;

    sealed record LeafRow
    {
        public long Position { get; init; }
        public string Outcome { get; init; } = "";
        public DateTimeOffset DecidedAt { get; init; }
        public Guid KeeperChangeId { get; init; }
        public string Type { get; init; } = "";
        public Guid? ConcernsId { get; init; }
        public bool IsOwn { get; init; }
        public bool LeftStock { get; init; }

        public IEnumerable<LedgerEvent> Events()
        {
            if (IsOwn)
            {
                var (what, subject) = (Type, Outcome) switch
                {
                    ("reversal", "accepted") => ("reversed", ConcernsId!.Value),
                    ("correction", "accepted") => ("corrected", ConcernsId!.Value),
                    _ => (Outcome, KeeperChangeId),
                };
                yield return new LedgerEvent(Position, $"keeper-change.{what}", subject, DecidedAt);
            }
            if (LeftStock)
                yield return new LedgerEvent(Position, LedgerEvent.LeftStock, KeeperChangeId, DecidedAt);
        }
    }
}
