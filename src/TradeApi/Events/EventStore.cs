using System.Buffers.Binary;
using Dapper;
using TradeApi.Database;
using TradeApi.Ledger;
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
    // So many leaves are read at once, however few events are asked for, and so many times for one answer: whoever asks for
    // a rare type gets an empty page with the cursor moved on.
    const int LeavesTogether = 200;
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
        var found = new List<LedgerEvent>();
        for (var read = 0; read < MostReads; read++)
        {
            cancel.ThrowIfCancellationRequested();
            var leaves = await Leaves(store, caller.OrganisationId, after, cancel);
            if (leaves.Count == 0)
                return (found, after);
            var notices = await Notices(store, leaves, cancel);
            foreach (var leaf in leaves)
            {
                var told = Events(leaf, notices[leaf.KeeperChangeId])
                    .Where(one => types.Count == 0 || types.Contains(one.Type))
                    .ToList();
                if (found.Count > 0 && found.Count + told.Count > limit)
                    return (found, after);
                found.AddRange(told);
                after = leaf.Position;
            }
            if (found.Count > 0 || leaves.Count < LeavesTogether)
                return (found, after);
        }
        return (found, after);
    }

    // The leaves that the organisation is told of, in order: single ones of others, and those of the pages for it and by it. One
    // statement sees one state of the ledger, so none is passed over. An organisation may be told of a leaf for two reasons.
    static async Task<List<LeafTold>> Leaves(Store store, string organisationId, long after, CancellationToken cancel)
    {
        await using var connection = await store.Open(cancel);
        var rows = await connection.QueryAsync<FeedRow>(
            $"""
            select keeper_change_id, left_stock, position as first_position, position as last_position, null as keeper_change_ids
              from (select keeper_change_id, left_stock, position
                      from ledger_told
                     where organisation_id = @OrganisationId
                       and position > @After
                     order by position
                     limit 2 * @Limit) told
             union all
            {PagesOf("organisation_id = @OrganisationId")}
             union all
            {PagesOf("submitted_by = @OrganisationId and submitted_by <> organisation_id")}
            """,
            new
            {
                OrganisationId = organisationId,
                After = after,
                Limit = LeavesTogether,
            }
        );
        return rows.SelectMany(row => row.LeavesAfter(after))
            .GroupBy(leaf => leaf.Position)
            .OrderBy(leaves => leaves.Key)
            .Take(LeavesTogether)
            .Select(leaves => leaves.Aggregate((a, b) => a.With(b)))
            .ToList();
    }

    // No more pages than it takes for the leaves that are read at once.
    static string PagesOf(string condition) =>
        $"""
            select null, null, first_position, last_position, keeper_change_ids
              from (select first_position, last_position, keeper_change_ids,
                           sum(last_position - case when first_position > @After then first_position - 1 else @After end)
                               over (order by last_position) as leaves
                      from (select first_position, last_position, keeper_change_ids
                              from ledger_page
                             where {condition}
                               and last_position > @After
                             order by last_position
                             limit @Limit) nearest) counted
             where leaves - (last_position - first_position + 1) < @Limit
            """;

    static async Task<Dictionary<Guid, NoticeRow>> Notices(Store store, List<LeafTold> leaves, CancellationToken cancel)
    {
        await using var connection = await store.OpenByKeys(cancel);
        var rows = await connection.QueryAsync<NoticeRow>(
            $"""
            select k.keeper_change_id, k.type, k.outcome, k.concerns_id, k.decided_at, k.referred_at, {LedgerPage.Position} as position
              from {store.Each("@Ids")}
              join keeper_change k on k.keeper_change_id = n.id
              join {LedgerPage.OfNotice}
            """,
            new { Ids = store.List(leaves.Select(leaf => leaf.KeeperChangeId).Distinct()) }
        );
        return rows.ToDictionary(row => row.KeeperChangeId);
    }

    static IEnumerable<LedgerEvent> Events(LeafTold leaf, NoticeRow notice)
    {
        // Of a notice that was referred and then decided, the first leaf is that of the referral.
        var (outcome, decidedAt) =
            notice.Position == leaf.Position
                ? (notice.Outcome, notice.DecidedAt)
                : ("referred", notice.ReferredAt!.Value);
        if (leaf.IsOwn)
        {
            var (what, subject) = (notice.Type, outcome) switch
            {
                ("reversal", "accepted") => ("reversed", notice.ConcernsId!.Value),
                ("correction", "accepted") => ("corrected", notice.ConcernsId!.Value),
                _ => (outcome, notice.KeeperChangeId),
            };
            yield return new LedgerEvent(leaf.Position, $"keeper-change.{what}", subject, decidedAt);
        }
        if (leaf.LeftStock)
            yield return new LedgerEvent(leaf.Position, LedgerEvent.LeftStock, notice.KeeperChangeId, decidedAt);
    }

    // A page, or a leaf that another organisation is told of.
    sealed record FeedRow
    {
        public Guid? KeeperChangeId { get; init; }
        public bool? LeftStock { get; init; }
        public long FirstPosition { get; init; }
        public long LastPosition { get; init; }
        public byte[]? KeeperChangeIds { get; init; }

        public IEnumerable<LeafTold> LeavesAfter(long after)
        {
            for (var position = Math.Max(FirstPosition, after + 1); position <= LastPosition; position++)
                yield return new LeafTold(
                    position,
                    KeeperChangeId ?? LedgerPage.IdAt(KeeperChangeIds!, (int)(position - FirstPosition)),
                    IsOwn: LeftStock != true,
                    LeftStock == true
                );
        }
    }

    sealed record LeafTold(long Position, Guid KeeperChangeId, bool IsOwn, bool LeftStock)
    {
        public LeafTold With(LeafTold other) =>
            this with
            {
                IsOwn = IsOwn || other.IsOwn,
                LeftStock = LeftStock || other.LeftStock,
            };
    }

    sealed record NoticeRow
    {
        public Guid KeeperChangeId { get; init; }
        public string Type { get; init; } = "";
        public string Outcome { get; init; } = "";
        public Guid? ConcernsId { get; init; }
        public DateTimeOffset DecidedAt { get; init; }
        public DateTimeOffset? ReferredAt { get; init; }
        public long Position { get; init; }
    }
}
