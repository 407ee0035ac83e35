using System.Collections.Frozen;

namespace TradeApi.Rules;

/// <summary>The closed list of what can be notified. A new type is a file of its own and a line here.</summary>
public static class EventTypes
{
    /// <summary>All types, in the order of the rulebook.</summary>
    public static readonly IReadOnlyList<EventType> All =
    [
        DisposalToTrade.Type,
        TransferBetweenTraders.Type,
        AcquisitionFromTrade.Type,
        TransferOfKeeper.Type,
        CertificateOfDestruction.Type,
        NotificationOfDestruction.Type,
        TotalLoss.Type,
        PermanentExport.Type,
        ReturnFromExport.Type,
        KeeperDeath.Type,
        OffRoadNotification.Type,
        KeeperDetailsChange.Type,
        MarkRetention.Type,
        MarkAssignment.Type,
        DocumentRequest.Type,
    ];

    /// <summary>All members that any type has, in the order in which a file shows them.</summary>
    public static readonly IReadOnlyList<Field> Members =
    [
        Fields.Type,
        .. All.SelectMany(type => type.AllMembers).SelectMany(use => use.Fields).Distinct(),
    ];

    internal static readonly FrozenDictionary<string, EventType> ByName = All.ToFrozenDictionary(
        type => type.Name,
        StringComparer.Ordinal
    );

    internal static readonly FrozenDictionary<string, Field> MemberByPath = Members.ToFrozenDictionary(
        field => field.Path,
        StringComparer.Ordinal
    );

    /// <summary>The paths of objects that hold members: <c>newKeeper</c>, <c>newKeeper.address</c>.</summary>
    internal static readonly FrozenSet<string> Groups = Members
        .SelectMany(field => field.Parents)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The members that make up what was notified, in a fixed order.</summary>
    internal static readonly IReadOnlyList<Field> OfContent = Members
        .Except([Fields.Type, Fields.ClientReference, Fields.OnBehalfOf, Fields.Confirmations])
        .OrderBy(field => field.Path, StringComparer.Ordinal)
        .ToList();
}
