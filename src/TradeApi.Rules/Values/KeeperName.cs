namespace TradeApi.Rules.Values;

/// <summary>
/// A person's title, 1 to 10 characters: letters with their accents, spaces, hyphens, dots and apostrophes, trimmed.
/// Source: the rulebook; DVLA web validators.
/// </summary>
public readonly record struct Title
{
    static readonly FreeTextRule Rule = new("The title", 1, 10)
    {
        Person = true,
        Marks = "-.",
        Holds = "letters, spaces, hyphens, dots and apostrophes",
    };

    Title(string text) => Text = text;

    public string Text { get; }

    public static Reading<Title> Read(string text)
    {
        var (stored, fault) = FreeText.Read(text, Rule);
        return fault is null ? new Title(stored!) : fault;
    }

    public override string ToString() => Text;
}

/// <summary>
/// A person's first names, 1 to 26 characters together with the title: letters with their accents, spaces, hyphens, dots
/// and apostrophes, trimmed. Source: the rulebook; DVLA web validators.
/// </summary>
public readonly record struct FirstNames
{
    const int MostWithTitle = 26;

    static readonly FreeTextRule Rule = new("The text of first names", 1, MostWithTitle)
    {
        Person = true,
        Marks = "-.",
        Holds = "letters, spaces, hyphens, dots and apostrophes",
    };

    FirstNames(string text) => Text = text;

    public string Text { get; }

    public static Reading<FirstNames> Read(string text)
    {
        var (stored, fault) = FreeText.Read(text, Rule);
        return fault is null ? new FirstNames(stored!) : fault;
    }

    /// <summary>Why title and first names do not fit on the document together; null when they do.</summary>
    public Fault? FaultWith(Title title)
    {
        var length = FreeText.Length(title.Text) + FreeText.Length(Text);
        return length <= MostWithTitle
            ? null
            : new Fault(
                "field.length",
                $"Title and first names have {length} characters together; the register holds {MostWithTitle} at most, and we "
                    + "never cut a text. Send initials for some of the first names, or no title."
            );
    }

    public override string ToString() => Text;
}

/// <summary>
/// A person's last name, 1 to 25 characters: letters with their accents, spaces, hyphens, dots and apostrophes, trimmed.
/// A single letter is a last name. Source: the rulebook; DVLA web validators.
/// </summary>
public readonly record struct LastName
{
    static readonly FreeTextRule Rule = new("The last name", 1, 25)
    {
        Person = true,
        Marks = "-.",
        Holds = "letters, spaces, hyphens, dots and apostrophes",
    };

    LastName(string text) => Text = text;

    public string Text { get; }

    public static Reading<LastName> Read(string text)
    {
        var (stored, fault) = FreeText.Read(text, Rule);
        return fault is null ? new LastName(stored!) : fault;
    }

    public override string ToString() => Text;
}

/// <summary>
/// The name of a keeper that is no person, 2 to 30 characters, kept as given: letters, digits, spaces, the marks
/// - ' " , &amp; / ( ) . + and balanced brackets. Source: the rulebook; DVLA web validators.
/// </summary>
public readonly record struct BusinessName
{
    static readonly FreeTextRule Rule = new("The business name", 2, 30)
    {
        Digits = true,
        FewestLetters = 0,
        Marks = "-\",&/().+",
        Holds = "letters, digits, spaces and the marks - ' \" , & / ( ) . +",
    };

    BusinessName(string text) => Text = text;

    public string Text { get; }

    public static Reading<BusinessName> Read(string text)
    {
        var (stored, fault) = FreeText.Read(text, Rule);
        if (fault is not null)
        {
            return fault;
        }

        if (!stored!.Any(char.IsLetterOrDigit))
        {
            return new Fault("field.characters", "The business name has no letter and no digit. Send it in full.");
        }

        return IsBalanced(stored!)
            ? new BusinessName(stored!)
            : new Fault(
                "field.characters",
                "The business name has a bracket without its partner. Send the name whole, with each bracket opened and closed."
            );
    }

    static bool IsBalanced(string text)
    {
        var open = 0;
        foreach (var character in text)
        {
            open += character switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (open < 0)
            {
                return false;
            }
        }

        return open == 0;
    }

    public override string ToString() => Text;
}
