namespace TradeApi.Rules.Tests;

/// <summary>What can be found on a notice: a code, and the member it is about.</summary>
sealed record CodeAt(string Code, string? Pointer)
{
    public override string ToString() => Pointer is null ? Code : $"{Code} at {Pointer}";
}

/// <summary>All that a type of notice can give, read off its tables.</summary>
static class CodesOf
{
    public static readonly IReadOnlyList<Rule> CommonRules =
    [
        .. ShapeRules.Common,
        .. AuthorityRules.Common,
        .. ReferenceRules.Common,
        .. ProofRules.Common,
        RecordRules.AlreadyRecorded,
        .. RecordRules.Common,
    ];

    /// <summary>The rules that can apply to a type: the common ones, its own, and the refusals of the states it forbids.</summary>
    public static IEnumerable<Rule> Rules(EventType type) =>
        [
            .. CommonRules.Where(rule => rule.About is null || rule.About == Fields.Type || type.Takes(rule.About)),
            .. type.ShapeRules,
            .. StatesRefused(type),
            .. type.RecordRules,
        ];

    public static IEnumerable<Rule> StatesRefused(EventType type) =>
        Enum.GetValues<VehicleState>().Except(type.AllowedIn).Select(type.RefusalIn).Distinct();

    /// <summary>What can be wrong with the members of a type: their JSON types, their forms, and whether they are there.</summary>
    public static IEnumerable<CodeAt> Members(EventType type) =>
        type
            .AllMembers.SelectMany(use => use.Fields)
            .Append(Fields.Type)
            .SelectMany(field =>
                ValueForm.Of(field).Codes.Append("field.type").Select(code => new CodeAt(code, field.Pointer))
            )
            .Concat(type.AllMembers.SelectMany(Use))
            .Concat(Groups(type))
            .Append(new CodeAt("field.missing", Fields.Type.Pointer))
            .Distinct();

    static IEnumerable<CodeAt> Use(Use use) =>
        use switch
        {
            Required { Field: var field } => [new("field.missing", field.Pointer)],
            RequiredWhen { Field: var field } => [new("field.missing", field.Pointer)],
            EitherOf either =>
            [
                new("field.missing", either.First.Pointer),
                new("field.unknown", either.Second.Pointer),
            ],
            RequiredAs { Field: var field, Code: var code } => [new(code, field.Pointer)],
            Consent consent => [new(consent.Code, consent.Field.Pointer)],
            NewKeeperAsked =>
            [
                new("field.missing", "/newKeeper"),
                new("field.missing", "/newKeeper/address"),
                .. Name(Fields.NewKeeperName),
                .. Address(Fields.NewKeeperAddress),
            ],
            NewDetailsAsked =>
            [
                new("field.missing", "/newName"),
                .. Name(Fields.NewName),
                .. Address(Fields.NewAddress),
            ],
            Optional => [],
            _ => throw new InvalidOperationException(
                $"{use.GetType().Name} is a new way to use a member: say here what is found when it is not kept to."
            ),
        };

    static IEnumerable<CodeAt> Name(NameFields name) =>
        [new("keeper.person-or-business", PointerOf(name.Path)), new("field.missing", name.LastName.Pointer)];

    static IEnumerable<CodeAt> Address(AddressFields address) =>
        address.Asked.Select(field => new CodeAt("field.missing", field.Pointer));

    // An object that holds members can stand there as something else.
    static IEnumerable<CodeAt> Groups(EventType type) =>
        type
            .AllMembers.SelectMany(use => use.Fields)
            .SelectMany(field => field.Parents)
            .Distinct(StringComparer.Ordinal)
            .Select(path => new CodeAt("field.type", PointerOf(path)));

    static string PointerOf(string path) => "/" + path.Replace('.', '/');
}
