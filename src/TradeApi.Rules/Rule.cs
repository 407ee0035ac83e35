namespace TradeApi.Rules;

/// <summary>
/// One row of a rules table: the stable code, the sentence that the partner reads, and the condition under which it is
/// found.
/// </summary>
/// <param name="Code">The stable code.</param>
/// <param name="Sentence">What is wrong and what to do, in the partner's words.</param>
/// <param name="When">The condition.</param>
public sealed record Rule(string Code, string Sentence, Func<Case, bool> When)
{
    /// <summary>What the finding does; a refusal unless the row says otherwise.</summary>
    public Severity Severity { get; init; } = Severity.Refuse;

    /// <summary>The member that the finding is about; null when it is no single member.</summary>
    public Field? About { get; init; }

    /// <summary>What is said behind the sentence of this case alone, such as a time.</summary>
    public Func<Case, string>? Adding { get; init; }

    /// <summary>The JSON Pointer of what the finding is about: that of the member, unless it is an object of several.</summary>
    public string? Pointer
    {
        get => field ?? About?.Pointer;
        init;
    }

    /// <summary>The finding, when the condition holds.</summary>
    public Finding? Judge(Case @case) =>
        !When(@case) ? null
        : Adding is null ? ToFinding()
        : ToFinding() with { Message = $"{Sentence} {Adding(@case)}" };

    /// <summary>The finding as it is told when the condition holds, without what only the case could add.</summary>
    public Finding ToFinding() => new(Code, Severity, Pointer, Sentence);
}
