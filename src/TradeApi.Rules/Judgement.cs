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
        ShapeRules.Judge(@case, findings);
        if (!looked)
            AuthorityRules.Judge(@case, findings);
        if (!Passes(@case, findings))
            return new Decision(Outcome.Refused, findings);
        if (@case.Earlier is { SameContent: true })
            return new Decision(Outcome.Duplicate, []);
        ReferenceRules.Judge(@case, findings);
        if (!Passes(@case, findings))
            return new Decision(Outcome.Refused, findings);
        var proof = ProofRules.VerdictOn(@case);
        ProofRules.Judge(@case, findings);
        if (Passes(@case, findings))
            RecordRules.Judge(@case, findings);
        if (!Passes(@case, findings))
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
    public static IReadOnlyList<Finding> JudgeContent(Case @case)
    {
        var findings = new List<Finding>();
        ShapeRules.Judge(@case, findings);
        AuthorityRules.Judge(@case, findings);
        Passes(@case, findings);
        return findings;
    }

    // Drops what the sender has confirmed, and says whether what is left lets the notice pass on to the next step.
    static bool Passes(Case @case, List<Finding> findings)
    {
        for (var i = findings.Count - 1; i >= 0; i--)
            if (IsConfirmed(findings[i], @case))
                findings.RemoveAt(i);
        return !findings.Exists(finding => finding.Severity is Severity.Refuse or Severity.Confirm);
    }

    static bool IsConfirmed(Finding finding, Case @case) =>
        finding.Severity == Severity.Confirm && @case.Change.Confirmations.Contains(finding.Code);

    // By place: a notice is judged by some thirty rules, and to go through a list by foreach costs an object each time.
    internal static void Judge(this IReadOnlyList<Rule> rules, Case @case, List<Finding> findings)
    {
        for (var i = 0; i < rules.Count; i++)
            if (rules[i].Judge(@case) is { } finding)
                findings.Add(finding);
    }
}
