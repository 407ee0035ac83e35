namespace TradeApi.Rules;

/// <summary>
/// A type of notice as policy: what it is, who may send it, what is asked, in which states of the record it is allowed,
/// its rules, and what it does to the record.
/// </summary>
public sealed record EventType
{
    /// <summary>The name on the wire, a noun of what happened: <c>disposalToTrade</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The name in prose.</summary>
    public required string Title { get; init; }

    /// <summary>What it is, who tells us, and the document it stands for.</summary>
    public required string Paragraph { get; init; }

    /// <summary>Where the rules come from.</summary>
    public required string Source { get; init; }

    /// <summary>The kinds of organisation that may send it, for themselves or through another under a mandate.</summary>
    public required IReadOnlyList<OrganisationKind> Who { get; init; }

    /// <summary>Whether an organisation of any kind may have it sent for it under a mandate.</summary>
    public bool AnyoneUnderMandate { get; init; }

    /// <summary>What shows that the sender has to do with the vehicle.</summary>
    public required Proof Proof { get; init; }

    /// <summary>Its members beside the common ones.</summary>
    public required IReadOnlyList<Use> Members { get; init; }

    /// <summary>The states in which it is allowed. In any other it is refused with the code of the state.</summary>
    public required IReadOnlyList<VehicleState> AllowedIn { get; init; }

    /// <summary>The refusals of single states that are not those of every type.</summary>
    public IReadOnlyDictionary<VehicleState, Rule> RefusedIn { get; init; } = new Dictionary<VehicleState, Rule>();

    /// <summary>How many years back the event may lie.</summary>
    public int YearsBack { get; init; } = 5;

    /// <summary>Rules on the notice alone, beside the common ones.</summary>
    public IReadOnlyList<Rule> ShapeRules { get; init; } = [];

    /// <summary>Rules on the vehicle's record, beside the common ones.</summary>
    public IReadOnlyList<Rule> RecordRules { get; init; } = [];

    /// <summary>What the record is once the notice is accepted.</summary>
    public required Func<Case, Vehicle> Effect { get; init; }

    /// <summary>In words, for the rulebook.</summary>
    public required string WhatHappens { get; init; }

    /// <summary>Whether the keeper stays and only the name or the address is another.</summary>
    public bool KeepsKeeper { get; init; }

    /// <summary>Whether an accepted notice is given a certificate number.</summary>
    public bool GivesCertificate { get; init; }

    /// <summary>The refusal of a state in which the type is not allowed: its own, or that of the state.</summary>
    public Rule RefusalIn(VehicleState state) =>
        RefusedIn.GetValueOrDefault(state) ?? Rules.RecordRules.OfState[(int)state];

    /// <summary>Whether the type has the member.</summary>
    public bool Takes(Field field) => fields.Value.Contains(field);

    /// <summary>All its members with whether they are asked for: the common ones, then its own.</summary>
    public IReadOnlyList<Use> AllMembers => field ??= [.. Fields.Common, .. Members];

    // Worked out once: it is asked for each member of each notice.
    readonly Lazy<HashSet<Field>> fields;

    public EventType()
    {
        fields = new Lazy<HashSet<Field>>(() => AllMembers.SelectMany(use => use.Fields).ToHashSet());
    }

    /// <summary>Two types are the same when they have the same name.</summary>
    public bool Equals(EventType? other) => other?.Name == Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>What a notice must know of the vehicle so that it is believed.</summary>
public enum Proof
{
    /// <summary>The number of the document in force.</summary>
    Document,

    /// <summary>The number of the document in force, or the fleet number when the fleet is the keeper.</summary>
    DocumentOrFleet,

    /// <summary>The fleet number, when the fleet is the keeper.</summary>
    Fleet,

    /// <summary>The number of the document in force, or the VIN.</summary>
    DocumentOrVin,

    /// <summary>The VIN; a document number, when given, must be right as well.</summary>
    Vin,
}
