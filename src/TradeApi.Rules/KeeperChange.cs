using System.Runtime.CompilerServices;
using TradeApi.Rules.Values;

namespace TradeApi.Rules;

/// <summary>
/// One notice, as far as it can be read: the common members, and those of its type. A member that cannot be read is
/// absent here and stands in <see cref="Unreadable"/> instead, so that every rule can judge what is there.
/// </summary>
public sealed class KeeperChange
{
    // If each were named, the findings would be many times as long as what was sent.
    const int MostUnknownNamed = 20;

    // A dozen paths, mostly the fields' own texts: a list finds one as fast as a set, and is one object.
    readonly List<string> present;
    readonly List<Finding> unreadable = [];
    int unknown;

    KeeperChange(int members) => present = new List<string>(members);

    /// <summary>What happened; null when the type is missing or unknown.</summary>
    public EventType? Type { get; private set; }

    public string? ClientReference { get; internal set; }

    public string? OnBehalfOf { get; internal set; }

    public RegistrationNumber? RegistrationNumber { get; internal set; }

    public DateOnly? EventDate { get; internal set; }

    public IReadOnlyList<string> Confirmations { get; internal set; } = [];

    public DocumentReferenceNumber? DocumentReferenceNumber { get; internal set; }

    public FleetNumber? FleetNumber { get; internal set; }

    public Vin? Vin { get; internal set; }

    public int? Mileage { get; internal set; }

    public bool? KeeperConsent { get; internal set; }

    public bool? MarkRightsConsent { get; internal set; }

    public bool? ExecutorConsent { get; internal set; }

    public bool? OffRoadConsent { get; internal set; }

    public string? TaxChoice { get; internal set; }

    public string? TradeOrganisation { get; internal set; }

    public string? ToOrganisation { get; internal set; }

    public string? PermitNumber { get; internal set; }

    public char? SalvageCategory { get; internal set; }

    public DateOnly? DateOfLoss { get; internal set; }

    public string? AqpIdentifier { get; internal set; }

    public bool? VehicleTaken { get; internal set; }

    public CountryCode? DestinationCountry { get; internal set; }

    public string? InformantName { get; internal set; }

    public string? InformantRelationship { get; internal set; }

    public string? EvidenceReference { get; internal set; }

    public DateOnly? StartDate { get; internal set; }

    public CertificateNumber? CertificateNumber { get; internal set; }

    public RegistrationNumber? NewRegistrationNumber { get; internal set; }

    public KeeperDetails NewKeeper { get; } = new();

    /// <summary>The new name or address of the keeper who stays.</summary>
    public KeeperDetails NewDetails { get; } = new();

    /// <summary>What could not be read: members that are unknown, of another type than they should be, or malformed.</summary>
    public IReadOnlyList<Finding> Unreadable => unreadable;

    /// <summary>Whether the member was sent, readable or not.</summary>
    public bool Has(Field field) => present.Contains(field.Path);

    /// <summary>Whether any member below the path was sent.</summary>
    public bool HasAny(string prefix)
    {
        foreach (var path in present)
            if (path.StartsWith(prefix, StringComparison.Ordinal))
                return true;
        return false;
    }

    /// <summary>Whether the member was sent and could not be read.</summary>
    internal bool IsUnreadable(Field field)
    {
        foreach (var finding in unreadable)
            if (finding.Pointer == field.Pointer)
                return true;
        return false;
    }

    /// <summary>Reads a notice from its members. <paramref name="today"/> is the date in Europe/London.</summary>
    public static KeeperChange Read(IReadOnlyList<Member> members, DateOnly today)
    {
        var change = new KeeperChange(members.Count);
        change.ReadType(members.FirstOrDefault(member => member.Path == Fields.Type.Path && !IsEmptyCell(member)));
        for (var i = 0; i < members.Count; i++)
        {
            var member = members[i];
            if (member.Path == Fields.Type.Path || IsEmptyCell(member))
                continue;
            if (EventTypes.MemberByPath.TryGetValue(member.Path, out var field) && change.Knows(field))
                change.Read(field, member, today);
            else if (EventTypes.Groups.Contains(member.Path))
                change.NoObject(member);
            else
                change.Unknown(member);
        }
        change.FurtherUnknown();
        return change;
    }

    /// <summary>
    /// What was notified, in one canonical text: the same facts give the same text, however they were written. The
    /// reference and the organisation acted for are the key it is kept under, and a confirmation adds no fact, so none
    /// of them is part of it.
    /// </summary>
    public string Content()
    {
        const int MostlyEnough = 1024;
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[MostlyEnough]);
        text.AppendLiteral("type=");
        text.AppendLiteral(Type?.Name ?? "");
        text.AppendLiteral("\n");
        var fields = EventTypes.OfContent;
        for (var i = 0; i < fields.Count; i++)
        {
            if (fields[i].Canonical(this) is not { Length: > 0 } value)
                continue;
            text.AppendLiteral(fields[i].Path);
            text.AppendLiteral("=");
            text.AppendLiteral(value);
            text.AppendLiteral("\n");
        }
        return text.ToStringAndClear();
    }

    // An empty cell is an absent member. In JSON an empty text is one, too, where a text belongs.
    static bool IsEmptyCell(Member member) => member is { Kind: MemberKind.Cell, Text.Length: 0 };

    void ReadType(Member member)
    {
        if (member.Path is null || (member is { Kind: MemberKind.Text, Text.Length: 0 }))
        {
            unreadable.Add(Fields.Type.Missing());
            return;
        }
        present.Add(member.Path);
        if (member.Kind is not (MemberKind.Text or MemberKind.Cell))
        {
            unreadable.Add(Fields.Type.WrongKind());
            return;
        }
        Type = EventTypes.ByName.GetValueOrDefault(member.Text);
        if (Type is null)
        {
            var message =
                $"This is not a type of notice. The types are {string.Join(", ", EventTypes.All.Select(type => type.Name))}.";
            unreadable.Add(new Finding("field.unknown", Severity.Refuse, member.Pointer, message));
        }
    }

    // Of a notice whose type is not known, nobody can say which of the known members belong to it.
    bool Knows(Field field) => Type is null || Type.Takes(field);

    void Read(Field field, Member member, DateOnly today)
    {
        if (member.Text.Length == 0 && field.IsWritten(member.Kind))
            return;
        present.Add(field.Path);
        if (!field.IsWritten(member.Kind))
            unreadable.Add(field.WrongKind());
        else if (field.Read(this, member.Text, today) is { } fault)
            unreadable.Add(new Finding(fault.Code, Severity.Refuse, member.Pointer, fault.Message, fault.Suggestion));
    }

    void NoObject(Member member)
    {
        present.Add(member.Path);
        var message = $"{member.Path} is an object with members of its own.";
        unreadable.Add(new Finding("field.type", Severity.Refuse, member.Pointer, message));
    }

    void Unknown(Member member)
    {
        if (++unknown > MostUnknownNamed)
            return;
        var message = Type is null
            ? "No type of notice has this member. Leave it out; nothing is ever ignored."
            : $"{Type.Name} has no such member here. Leave it out; nothing is ever ignored.";
        unreadable.Add(new Finding("field.unknown", Severity.Refuse, member.Pointer, message));
    }

    void FurtherUnknown()
    {
        if (unknown <= MostUnknownNamed)
            return;
        var message = $"There are {unknown - MostUnknownNamed} further members that are unknown. Leave them out, too.";
        unreadable.Add(new Finding("field.unknown", Severity.Refuse, null, message));
    }
}
