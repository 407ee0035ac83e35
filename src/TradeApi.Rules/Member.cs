namespace TradeApi.Rules;

/// <summary>How a member of a notice was written.</summary>
public enum MemberKind
{
    /// <summary>A JSON string.</summary>
    Text,

    /// <summary>A cell of a CSV file: it may stand for a text, a number, a boolean or a list.</summary>
    Cell,

    /// <summary>A JSON number, as it was written.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c> of JSON.</summary>
    Boolean,

    /// <summary>A JSON array of strings: its items, parted by single spaces.</summary>
    List,

    /// <summary>Anything that no member of a notice may be, such as an array of numbers or a list inside a list.</summary>
    Other,
}

/// <summary>
/// One member of a notice as it was sent, before anything is known of it. <c>Path</c> is the name that a CSV column
/// has: <c>newKeeper.address.postTown</c>; a dot inside a member's own name stands as <c>%2E</c>, a percent sign as
/// <c>%25</c>. JSON null and an empty CSV cell are absent members, so they never get here.
/// An object without members has its own path and the kind Other.
/// </summary>
public readonly record struct Member(string Path, MemberKind Kind, string Text)
{
    /// <summary>The JSON Pointer (RFC 6901) of the member.</summary>
    public string Pointer =>
        "/" + Path.Replace("~", "~0").Replace("/", "~1").Replace('.', '/').Replace("%2E", ".").Replace("%25", "%");
}
