namespace TradeApi.Rules;

/// <summary>What a finding does to the notice.</summary>
public enum Severity
{
    /// <summary>The notice is refused.</summary>
    Refuse,

    /// <summary>The notice is refused unless the finding's code stands in <c>confirmations</c>.</summary>
    Confirm,

    /// <summary>The notice is referred: a person at the register must look.</summary>
    Refer,

    /// <summary>The notice is not held up; the partner should know.</summary>
    Note,
}

/// <summary>What a rule found: a stable code, the member it is about, and the sentence the partner reads.</summary>
/// <param name="Code">The stable code, such as <c>vehicle.not-matched</c>.</param>
/// <param name="Severity">What it does to the notice.</param>
/// <param name="Pointer">JSON Pointer of the member concerned; null when it is the whole notice.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Suggestion">The canonical form that was probably meant.</param>
/// <param name="Line">The physical line of the file, for findings about the text of a row.</param>
public sealed record Finding(
    string Code,
    Severity Severity,
    string? Pointer,
    string Message,
    string? Suggestion = null,
    int? Line = null
);
