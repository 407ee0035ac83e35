using TradeApi.Rules;

namespace TradeApi.Register;

/// <summary>What a notice about an earlier notice brings into the register.</summary>
sealed record Later
{
    /// <summary>The notice of an event that it is about, as it was when the call came. What can have changed since is read again under lock.</summary>
    public required DecidedNotice Concerns { get; init; }

    /// <summary>The reversal or the correction; null when staff decide a referred notice of an event.</summary>
    public LaterNotice? Notice { get; init; }

    /// <summary>The members of the notice of the event, as notified.</summary>
    public IReadOnlyList<Member> Members { get; init; } = [];

    /// <summary>Whether the register's own staff act.</summary>
    public bool ByStaff { get; init; }

    /// <summary>Staff's decision on a referred notice: whether it is taken.</summary>
    public bool? Taken { get; init; }

    /// <summary>The referred notice that staff decide: that of the event, or a reversal or correction of it.</summary>
    public Guid? Referred { get; init; }
}

/// <summary>The register's own staff, where a partner would be named.</summary>
static class Staff
{
    public const string Id = "register";
}

/// <summary>What the register holds of the notice that a later one is about, read under the vehicle's lock.</summary>
sealed record Concerned
{
    public required DecidedNotice Notice { get; init; }

    /// <summary>The notice that staff decide, when they do.</summary>
    public DecidedNotice? Referred { get; init; }

    /// <summary>The events on the vehicle that have followed and stand, in order, each with what was before it.</summary>
    public required IReadOnlyList<(Guid KeeperChangeId, string RecordBefore)> Followers { get; init; }

    public bool IsLastEvent => Followers.Count == 0 && Notice.LedgerPosition is not null;

    /// <summary>Whether the texts of all its corrections are kept still.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Whether another vehicle bears the mark that this one bore before the notice.</summary>
    public required bool MarkIsTaken { get; init; }

    /// <summary>The event date that counts: as notified, or as corrected since.</summary>
    public required DateOnly EventDate { get; init; }

    /// <summary>What earlier corrections have changed, the oldest first.</summary>
    public required IReadOnlyList<LaterNotice> Corrections { get; init; }

    /// <summary>The keepership that the notice began, as it is now.</summary>
    public KeepershipRecord? Began { get; init; }

    /// <summary>
    /// The keeper of that keepership as each later change of name or address has found it, the first one first. Its own
    /// corrections are none of them.
    /// </summary>
    public IReadOnlyList<(Guid ReplacedBy, RegisteredKeeper Keeper)> LaterDetails { get; init; } = [];

    /// <summary>The keepership that the notice ended.</summary>
    public KeepershipRecord? Ended { get; init; }

    /// <summary>The name and address before, of a notice that replaced them on a keepership that goes on.</summary>
    public RegisteredKeeper? DetailsBefore { get; init; }

    /// <summary>The document that the notice replaced.</summary>
    public FormerDocument? DocumentBefore { get; init; }
}
