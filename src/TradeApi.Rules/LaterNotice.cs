namespace TradeApi.Rules;

/// <summary>
/// A notice about an earlier one: its reversal, or a correction of some of its members. It is a notice of its own, with a
/// receipt, and leaves the first one readable.
/// </summary>
public sealed class LaterNotice
{
    const int MostOfReason = 200;

    /// <summary>The members of a notice that can be corrected: mileage, event date, the new keeper's name and address.</summary>
    public static readonly IReadOnlyList<Field> Correctable =
    [
        Fields.EventDate,
        Fields.Mileage,
        .. Fields.NewKeeperName.All,
        .. Fields.NewKeeperAddress.All,
    ];

    readonly List<Finding> unreadable = [];
    readonly List<Member> corrected = [];

    LaterNotice(LaterKind kind) => Kind = kind;

    /// <summary>What it does.</summary>
    public LaterKind Kind { get; }

    /// <summary>Its own reference, when it has one; unique for ever like that of every notice.</summary>
    public string? ClientReference { get; private set; }

    /// <summary>Why, in the sender's words.</summary>
    public string? Reason { get; private set; }

    /// <summary>What it gives in place of what was notified.</summary>
    public IReadOnlyList<Member> Corrected => corrected;

    /// <summary>What could not be read, or is no part of such a notice.</summary>
    public IReadOnlyList<Finding> Unreadable => unreadable;

    /// <summary>Reads it from its members.</summary>
    public static LaterNotice Read(LaterKind kind, IEnumerable<Member> members)
    {
        var notice = new LaterNotice(kind);
        foreach (var member in members)
            notice.Read(member);
        if (
            kind == LaterKind.Correction
            && notice.unreadable.Count == 0
            && notice.corrected.TrueForAll(member => member.Path == Fields.Confirmations.Path)
        )
            notice.unreadable.Add(
                new Finding(
                    "field.missing",
                    Severity.Refuse,
                    null,
                    $"Say what is corrected: {string.Join(", ", Correctable.Take(2).Select(field => field.Path))}, newKeeper's name or newKeeper.address."
                )
            );
        return notice;
    }

    /// <summary>
    /// The members as they are with the correction: single members take the place of those that were there, a name or an
    /// address is replaced whole.
    /// </summary>
    public IReadOnlyList<Member> Over(IReadOnlyList<Member> original)
    {
        var replaced = corrected.Select(member => member.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var whole in new[] { Fields.NewKeeperName.All, Fields.NewKeeperAddress.All })
            if (whole.Any(field => replaced.Contains(field.Path)))
                replaced.UnionWith(whole.Select(field => field.Path));
        return [.. original.Where(member => !replaced.Contains(member.Path)), .. corrected];
    }

    /// <summary>What was notified, in one canonical text.</summary>
    public string Content(string concerns) =>
        string.Join(
            '\n',
            [
                $"type={Name(Kind)}",
                $"concerns={concerns}",
                $"reason={Reason}",
                .. corrected
                    .Where(member => member.Path != Fields.Confirmations.Path)
                    .OrderBy(member => member.Path, StringComparer.Ordinal)
                    .Select(member => $"{member.Path}={member.Text}"),
                "",
            ]
        );

    /// <summary>The kind as the type of the notice.</summary>
    public static string Name(LaterKind kind) => kind == LaterKind.Reversal ? "reversal" : "correction";

    void Read(Member member)
    {
        if (member.Path == Fields.ClientReference.Path)
            ReadText(member, 64, (notice, text) => notice.ClientReference = text);
        else if (member.Path == "reason")
            ReadText(member, MostOfReason, (notice, text) => notice.Reason = text);
        else if (
            Kind == LaterKind.Correction
            && (
                Correctable.Any(field => field.Path == member.Path)
                || member.Path == Fields.Confirmations.Path
                // That it is no object is found with the notice as corrected.
                || member.Path is "newKeeper" or "newKeeper.address"
            )
        )
            corrected.Add(member);
        else
            unreadable.Add(
                new Finding(
                    "field.unknown",
                    Severity.Refuse,
                    member.Pointer,
                    Kind == LaterKind.Reversal
                        ? "A reversal has a clientReference and a reason, and nothing else."
                        : "Only the event date, the mileage and the new keeper's name and address can be corrected. For anything else reverse the notice and send it anew."
                )
            );
    }

    void ReadText(Member member, int most, Action<LaterNotice, string> set)
    {
        if (member is { Kind: MemberKind.Text, Text.Length: 0 })
            return;
        var fault =
            member.Kind == MemberKind.Text
                ? Field.Plain(member.Text, most, this, set)
                : new Values.Fault("field.type", $"{member.Path} is a string: write it in quotes.");
        if (fault is not null)
            unreadable.Add(new Finding(fault.Code, Severity.Refuse, member.Pointer, fault.Message));
    }
}

/// <summary>What a later notice does to the earlier one.</summary>
public enum LaterKind
{
    /// <summary>The record is as if the earlier notice had never been.</summary>
    Reversal,

    /// <summary>Some members of the earlier notice are other than notified.</summary>
    Correction,
}
