namespace TradeApi.Rules.Tests;

static class Judging
{
    /// <summary>What is found about the use of members.</summary>
    public static IEnumerable<Finding> Findings(this Use use, Case @case)
    {
        var findings = new List<Finding>();
        use.Judge(@case, findings);
        return findings;
    }
}
