namespace TradeApi.Rules.Tests;

/// <summary>Short words for what tests say of decisions.</summary>
static class Verdicts
{
    public static Decision Decide(this Vector vector) => Judgement.Decide(vector.Case);

    /// <summary>The vehicle after a notice that must be accepted.</summary>
    public static Vehicle Accepted(this Decision decision)
    {
        Assert.True(decision.Outcome == Outcome.Accepted, decision.InWords());
        return decision.After!;
    }

    /// <summary>The only finding of a notice that must be refused.</summary>
    public static Finding Refused(this Decision decision, string code)
    {
        Assert.True(decision.Outcome == Outcome.Refused, decision.InWords());
        var finding = Assert.Single(decision.Findings);
        Assert.Equal(code, finding.Code);
        return finding;
    }

    /// <summary>Outcome and findings as one text that does not depend on their order.</summary>
    public static string InWords(this Decision decision) =>
        string.Join(
            '\n',
            decision
                .Findings.Select(finding => $"{finding.Severity} {finding.Code} {finding.Pointer} {finding.Message}")
                .Order(StringComparer.Ordinal)
                .Prepend(decision.Outcome.ToString())
        );
}
