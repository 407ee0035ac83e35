using CsCheck;
using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class MileageTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("999999", 999999)]
    [InlineData("000123", 123)]
    [InlineData("0000000123", 123)]
    public void A_whole_number_is_read(string text, int value) => Assert.Equal(value, Mileage.Read(text).Value.Value);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("1000000", "more than 999999")]
    [InlineData("99999999999999999999", "more than 999999")]
    [InlineData("-1", "Character 1")]
    [InlineData("12,000", "Character 3")]
    [InlineData("120.5", "Character 4")]
    [InlineData("1e5", "Character 2")]
    [InlineData("12 000", "Character 3")]
    [InlineData("\u0661", "another script")]
    public void Anything_else_is_refused(string text, string says) => Mileage.Read(text).Says("mileage.range", says);

    [Fact]
    public void Every_number_in_range_reads_back() =>
        Gen.Int[0, 999999].Sample(value => Mileage.Read(new string($"{value}")).Value.Text == $"{value}");
}
