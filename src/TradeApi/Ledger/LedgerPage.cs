using TradeApi.Register;

namespace TradeApi.Ledger;

/// <summary>
/// A page of the ledger: leaves that are written one after the other in one transaction, all for one organisation and by one
/// sender. Their notices and hashes stand side by side, so that a leaf costs a few bytes and not a row with its indexes.
/// </summary>
sealed class LedgerPage
{
    readonly List<DecidedNotice> notices = [];
    readonly List<byte[]> hashes = [];

    public required Guid LedgerPageId { get; init; }
    public required string OrganisationId { get; init; }
    public required string SubmittedBy { get; init; }

    /// <summary>The decisions whose leaves stand on it, in order.</summary>
    public IReadOnlyList<DecidedNotice> Notices => notices;

    /// <summary>How many leaves of the transaction stand on the pages before this one.</summary>
    public required int LeavesBefore { get; init; }

    /// <summary>Adds a leaf. It is hashed at once: when the page is written, others wait for the head of the ledger.</summary>
    public void Add(DecidedNotice notice)
    {
        notices.Add(notice);
        hashes.Add(Leaf.Hash(notice));
    }

    /// <summary>The ids of its notices, 16 bytes each.</summary>
    public byte[] KeeperChangeIds()
    {
        var ids = new byte[Notices.Count * IdLength];
        for (var i = 0; i < Notices.Count; i++)
            Notices[i].KeeperChangeId.TryWriteBytes(ids.AsSpan(i * IdLength), bigEndian: true, out _);
        return ids;
    }

    /// <summary>The hashes of its leaves, 32 bytes each.</summary>
    public byte[] LeafHashes()
    {
        var all = new byte[hashes.Count * HashLength];
        for (var i = 0; i < hashes.Count; i++)
            hashes[i].CopyTo(all, i * HashLength);
        return all;
    }

    const int IdLength = 16;
    const int HashLength = 32;

    /// <summary>The id of the notice at a place, counted from 0, of those of a page.</summary>
    public static Guid IdAt(byte[] keeperChangeIds, int place) =>
        new(keeperChangeIds.AsSpan(place * IdLength, IdLength), bigEndian: true);

    /// <summary>Joins a <c>keeper_change k</c> with the page <c>l</c> of the decision that stands. A notice refused at once has none.</summary>
    public const string OfNotice = "ledger_page l on l.ledger_page_id = k.ledger_page_id";

    /// <summary>The position of that decision in the ledger.</summary>
    public const string Position = "l.first_position + k.ledger_place";
}

/// <summary>Who is told of a leaf beside its own organisations.</summary>
/// <param name="LeftStock">Whether the vehicle has left the organisation's stock; otherwise the notice concerns one that it sent.</param>
/// <param name="LeavesBefore">How many leaves of the transaction come before it.</param>
readonly record struct ToldOfLeaf(string OrganisationId, bool LeftStock, Guid KeeperChangeId, int LeavesBefore);
