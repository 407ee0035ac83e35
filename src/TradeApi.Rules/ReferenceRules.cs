namespace TradeApi.Rules;

/// <summary>
/// Step 2: earlier notices with this reference. One with the same content is answered with its own decision, as outcome
/// <c>duplicate</c>.
/// </summary>
public static class ReferenceRules
{
    /// <summary>The rules that every type of notice has.</summary>
    public static readonly IReadOnlyList<Rule> Common =
    [
        new(
            "duplicate.reference-reused",
            "This clientReference belongs to a notice that was accepted or referred with other content. Use a new one for a new notice.",
            @case => @case.Earlier is { SameContent: false }
        )
        {
            About = Fields.ClientReference,
        },
    ];

    internal static void Judge(Case @case, List<Finding> findings) => Common.Judge(@case, findings);
}
