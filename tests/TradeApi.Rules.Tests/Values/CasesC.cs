using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class CasesC
{
    [Fact]
    public void C034_The_legal_day_is_the_day_in_London() =>
        Assert.Equal(
            LondonDate.Read("2026-07-02").Value,
            LondonDate.Of(new DateTimeOffset(2026, 7, 1, 23, 30, 0, TimeSpan.Zero))
        );

    [Theory]
    [InlineData("2026-07-01T00:00:00+01:00")]
    [InlineData("2026-07-01T00:00:00Z")]
    public void C036_A_timestamp_is_no_date(string text) => LondonDate.Read(text).Says("date.format", "YYYY-MM-DD");

    [Theory]
    [InlineData("03/04/2026")]
    [InlineData("31/03/2026")]
    public void C037_A_date_with_strokes_is_refused_even_where_it_could_be_read_one_way_only(string text) =>
        LondonDate.Read(text).Says("date.format", "YYYY-MM-DD");

    [Fact]
    public void C039_A_leap_day_is_read() =>
        Assert.Equal(new DateOnly(2024, 2, 29), LondonDate.Read("2024-02-29").Value);
}
