namespace TradeApi.Rules.Values;

/// <summary>
/// The first line of an address, 4 to 30 characters with at least three letters, kept as given. A house number alone is
/// refused rather than joined to the street. Source: the rulebook; DVLA web validators.
/// </summary>
public readonly record struct AddressLine1
{
    static readonly FreeTextRule Rule = new("Address line 1", 4, 30)
    {
        Digits = true,
        FewestLetters = 3,
        Marks = Lines.Marks,
        Holds = Lines.Holds,
    };

    AddressLine1(string text) => Text = text;

    public string Text { get; }

    public static Reading<AddressLine1> Read(string text)
    {
        var (stored, fault) = FreeText.Read(text, Rule);
        return fault is null ? new AddressLine1(stored!) : fault;
    }

    public override string ToString() => Text;
}

/// <summary>
/// The second or third line of an address, 1 to 30 characters, kept as given. Source: the rulebook; DVLA web
/// validators.
/// </summary>
public readonly record struct AddressLine
{
    static readonly FreeTextRule Rule = new("The address line", 1, 30)
    {
        Digits = true,
        FewestLetters = 0,
        Marks = Lines.Marks,
        Holds = Lines.Holds,
    };

    AddressLine(string text) => Text = text;

    public string Text { get; }

    public static Reading<AddressLine> Read(string text)
    {
        var (stored, fault) = FreeText.Read(text, Rule);
        return fault is null ? new AddressLine(stored!) : fault;
    }

    public override string ToString() => Text;
}

/// <summary>
/// A post town, 3 to 20 characters, kept as given: letters, spaces, apostrophes, hyphens and dots, no digits. Source:
/// the rulebook; DVLA web validators.
/// </summary>
public readonly record struct PostTown
{
    static readonly FreeTextRule Rule = new("The post town", 3, 20)
    {
        Marks = "-.",
        Holds = "letters, spaces, hyphens, dots and apostrophes",
    };

    PostTown(string text) => Text = text;

    public string Text { get; }

    public static Reading<PostTown> Read(string text)
    {
        var (stored, fault) = FreeText.Read(text, Rule);
        return fault is null ? new PostTown(stored!) : fault;
    }

    public override string ToString() => Text;
}

/// <summary>What address lines may hold: no source names a set, so it is what postal addresses do hold (ours).</summary>
file static class Lines
{
    public const string Marks = "-\u2013\",&/().+:;#!";
    public const string Holds = "letters, digits, spaces and the marks - ' \" , & / ( ) . + : ; # !";
}
