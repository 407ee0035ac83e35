namespace TradeApi.Rules.Values;

/// <summary>What a text turned out to be: a value in its canonical form, or the reason why it is none.</summary>
public readonly record struct Reading<T>(T? Value, Fault? Fault)
{
    /// <summary>True when the text is a value.</summary>
    public bool IsValue => Fault is null;

    public static implicit operator Reading<T>(T value) => new(value, null);

    public static implicit operator Reading<T>(Fault fault) => new(default, fault);
}

/// <summary>
/// Why a text is not the value it should be: the finding's code, the sentence the partner reads, and, where exactly one
/// exchange of letter and digit would mend it, the canonical form that was probably meant.
/// </summary>
public sealed record Fault(string Code, string Message, string? Suggestion = null);
