namespace TradeApi.Rules.Tests;

/// <summary>The rules as prose, <c>openapi/rulebook.md</c>: what policy people read and review.</summary>
public class Rulebook
{
    [Fact]
    public void The_committed_rulebook_says_what_the_tables_say() =>
        Checkout.Holds("openapi/rulebook.md", RulebookText.Whole());

    [Fact]
    public void The_rulebook_names_every_type_rule_member_and_code()
    {
        var text = RulebookText.Whole();

        Assert.All(
            EventTypes.All.SelectMany(CodesOf.Rules),
            rule => Assert.Contains(rule.Sentence, text, StringComparison.Ordinal)
        );
        Assert.All(EventTypes.Members, field => Assert.Contains($"`{field.Path}`", text, StringComparison.Ordinal));
        Assert.All(FindingCodes.All, code => Assert.Contains($"`{code.Code}`", text, StringComparison.Ordinal));
        Assert.All(EventTypes.All, type => Assert.Contains(type.Paragraph, text, StringComparison.Ordinal));
    }
}
