using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class FleetNumberTests
{
    [Theory]
    [InlineData("123456")]
    [InlineData("098765")]
    [InlineData("67890-")]
    public void Six_digits_or_five_and_a_hyphen_are_kept_as_given(string text) =>
        Assert.Equal(text, FleetNumber.Read(text).Accepted());

    [Theory]
    [InlineData("", "empty")]
    [InlineData("98765", "five digits only")]
    [InlineData("1234567", "7 digits")]
    [InlineData("12345-x", "Character 6")]
    [InlineData("x67890-", "Character 1")]
    [InlineData("123456-", "Character 7")]
    [InlineData("12345\u2013", "Character 6")]
    [InlineData(" 123456", "Character 1")]
    [InlineData("12-456", "Character 3")]
    [InlineData("123456\n", "line break")]
    public void Anything_else_is_refused(string text, string says) =>
        FleetNumber.Read(text).Says("fleet-number.format", says);
}
