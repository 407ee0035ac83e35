using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class CountryCodeTests
{
    [Theory]
    [InlineData("FR", "FR")]
    [InlineData("ie", "IE")]
    [InlineData("JE", "JE")]
    [InlineData("ZW", "ZW")]
    public void A_country_is_read_in_capitals(string text, string country) =>
        Assert.Equal(country, CountryCode.Read(text).Accepted());

    [Theory]
    [InlineData("GB", "United Kingdom")]
    [InlineData("gb", "United Kingdom")]
    [InlineData("UK", "United Kingdom")]
    [InlineData("", "ISO 3166-1")]
    [InlineData("FRA", "ISO 3166-1")]
    [InlineData("XX", "ISO 3166-1")]
    [InlineData("France", "ISO 3166-1")]
    [InlineData(" FR", "ISO 3166-1")]
    public void Anything_else_is_refused(string text, string says) =>
        CountryCode.Read(text).Says("country.format", says);
}
