namespace TradeApi.Rules;

/// <summary>
/// The order of judgement. The findings of one step are given together, and a step that refuses ends the judgement, so
/// a notice whose proof fails learns nothing about the vehicle.
/// </summary>
public static class Judgement
{
    /// <summary>Decides one notice.</summary>
    /// <param name="looked">
    /// A person at the register has looked: the right to send it was judged when it came, and what has referred it does so no
    /// more.
    /// </param>
    public static Decision Decide(Case @case, bool looked = false)
    {
        var findings = new List<Finding>();

        // Whether the step lets the notice pass on.
        bool Passes(IEnumerable<Finding> step)
        {
            findings.AddRange(step.Where(finding => !IsConfirmed(finding, @case)));
            return !findings.Exists(finding => finding.Severity is Severity.Refuse or Severity.Confirm);
        }

        if (!Passes([.. ShapeRules.Judge(@case), .. looked ? [] : AuthorityRules.Judge(@case)]))
            return new Decision(Outcome.Refused, findings);
        if (@case.Earlier is { SameContent: true })
            return new Decision(Outcome.Duplicate, []);
        if (!Passes(ReferenceRules.Judge(@case)))
            return new Decision(Outcome.Refused, findings);
        var proof = ProofRules.VerdictOn(@case);
        if (!Passes(ProofRules.Judge(@case)) || !Passes(RecordRules.Judge(@case)))
            return new Decision(Outcome.Refused, findings) { Proof = proof };
        if (looked)
            findings.RemoveAll(finding => finding.Severity == Severity.Refer);
        return findings.Exists(finding => finding.Severity == Severity.Refer)
            ? new Decision(Outcome.Referred, findings) { Proof = proof }
            : new Decision(Outcome.Accepted, findings, @case.Change.Type!.Effect(@case)) { Proof = proof };
    }

    /// <summary>
    /// Judges a notice as corrected after other events have followed, when nothing but its own content can be wrong: step 1.
    /// </summary>
    public static IReadOnlyList<Finding> JudgeContent(Case @case) =>
        [.. ShapeRules.Judge(@case).Concat(AuthorityRules.Judge(@case)).Where(finding => !IsConfirmed(finding, @case))];

    static bool IsConfirmed(Finding finding, Case @case) =>
        finding.Severity == Severity.Confirm && @case.Change.Confirmations.Contains(finding.Code);

    internal static IEnumerable<Finding> Judge(this IEnumerable<Rule> rules, Case @case) =>
        rules.Select(rule => rule.Judge(@case)).OfType<Finding>();
}
