namespace TradeApi.Rules;

/// <summary>How a type of notice uses a member: whether it must be there, and what is found when it is not.</summary>
public abstract record Use
{
    /// <summary>The members concerned.</summary>
    public abstract IReadOnlyList<Field> Fields { get; }

    /// <summary>In words, for the rulebook and the contract.</summary>
    public abstract string Words { get; }

    /// <summary>Adds what is found.</summary>
    internal abstract void Judge(Case @case, List<Finding> findings);
}

/// <summary>The member must be there.</summary>
public sealed record Required(Field Field) : Use
{
    /// <inheritdoc/>
    public override IReadOnlyList<Field> Fields => [Field];

    /// <inheritdoc/>
    public override string Words => "required";

    internal override void Judge(Case @case, List<Finding> findings)
    {
        if (!@case.Change.Has(Field))
            findings.Add(Field.Missing());
    }
}

/// <summary>The member may be left out.</summary>
public sealed record Optional(Field Field) : Use
{
    /// <inheritdoc/>
    public override IReadOnlyList<Field> Fields => [Field];

    /// <inheritdoc/>
    public override string Words => "optional";

    internal override void Judge(Case @case, List<Finding> findings) { }
}

/// <summary>The member must be there in some cases.</summary>
public sealed record RequiredWhen(Field Field, Func<Case, bool> When, string Words) : Use
{
    /// <inheritdoc/>
    public override IReadOnlyList<Field> Fields => [Field];

    /// <inheritdoc/>
    public override string Words { get; } = Words;

    internal override void Judge(Case @case, List<Finding> findings)
    {
        if (When(@case) && !@case.Change.Has(Field))
            findings.Add(Field.Missing());
    }
}

/// <summary>Exactly one of two members must be there.</summary>
public sealed record EitherOf(Field First, Field Second) : Use
{
    /// <inheritdoc/>
    public override IReadOnlyList<Field> Fields => [First, Second];

    /// <inheritdoc/>
    public override string Words => "exactly one of the two";

    internal override void Judge(Case @case, List<Finding> findings)
    {
        var (first, second) = (@case.Change.Has(First), @case.Change.Has(Second));
        if (!first && !second)
            findings.Add(First.Missing($"Give either {First.Path} or {Second.Path}."));
        if (first && second)
            findings.Add(Second.Unwanted($"Give either {First.Path} or {Second.Path}, not both."));
    }
}

/// <summary>A consent that must be given: absent and false are the same refusal, with a code of its own.</summary>
public sealed record Consent(Field Field, string Code, string Sentence, Func<Case, bool>? When = null) : Use
{
    /// <inheritdoc/>
    public override IReadOnlyList<Field> Fields => [Field];

    /// <inheritdoc/>
    public override string Words => When is null ? "must be true" : "must be true in some cases";

    internal override void Judge(Case @case, List<Finding> findings)
    {
        var asked = When is null || When(@case);
        if (asked && !@case.Change.IsUnreadable(Field) && Field.Canonical(@case.Change) != "true")
            findings.Add(new Finding(Code, Severity.Refuse, Field.Pointer, Sentence));
    }
}

/// <summary>The member must be there, and its absence has a code of its own.</summary>
public sealed record RequiredAs(Field Field, string Code, string Sentence) : Use
{
    /// <inheritdoc/>
    public override IReadOnlyList<Field> Fields => [Field];

    /// <inheritdoc/>
    public override string Words => "required";

    internal override void Judge(Case @case, List<Finding> findings)
    {
        if (!@case.Change.Has(Field))
            findings.Add(new Finding(Code, Severity.Refuse, Field.Pointer, Sentence));
    }
}

/// <summary>Who becomes keeper: one person or one business, with an address.</summary>
public sealed record NewKeeperAsked : Use
{
    /// <inheritdoc/>
    public override IReadOnlyList<Field> Fields => Rules.Fields.OfNewKeeper;

    /// <inheritdoc/>
    public override string Words => "required: one person or one business, with an address";

    internal override void Judge(Case @case, List<Finding> findings)
    {
        var change = @case.Change;
        if (!change.HasAny("newKeeper"))
        {
            findings.Add(
                new Finding(
                    "field.missing",
                    Severity.Refuse,
                    "/newKeeper",
                    "Say who becomes the registered keeper: a person or a business, with an address."
                )
            );
            return;
        }
        Rules.Fields.NewKeeperName.Judge(change, change.NewKeeper, findings);
        if (change.HasAny("newKeeper.address"))
            Rules.Fields.NewKeeperAddress.Judge(change, findings);
        else
            findings.Add(
                new Finding(
                    "field.missing",
                    Severity.Refuse,
                    "/newKeeper/address",
                    "Give the keeper's address: line1, postTown and postcode."
                )
            );
    }
}

/// <summary>What changes about the keeper who stays: a name, an address, or both, each given whole.</summary>
public sealed record NewDetailsAsked : Use
{
    /// <inheritdoc/>
    public override IReadOnlyList<Field> Fields => [.. Rules.Fields.NewName.All, .. Rules.Fields.NewAddress.All];

    /// <inheritdoc/>
    public override string Words => "newName, newAddress or both, each whole";

    internal override void Judge(Case @case, List<Finding> findings)
    {
        var change = @case.Change;
        var (name, address) = (change.HasAny("newName"), change.HasAny("newAddress"));
        if (!name && !address)
            findings.Add(
                new Finding(
                    "field.missing",
                    Severity.Refuse,
                    "/newName",
                    "Say what changes: newName, newAddress or both."
                )
            );
        if (name)
            Rules.Fields.NewName.Judge(change, change.NewDetails, findings);
        if (address)
            Rules.Fields.NewAddress.Judge(change, findings);
    }
}
