using System.Globalization;
using CsCheck;
using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class LondonDateTests
{
    [Theory]
    [InlineData("2026-07-01T23:30:00Z", "2026-07-02")]
    [InlineData("2026-12-01T23:30:00Z", "2026-12-01")]
    [InlineData("2026-03-29T00:59:59Z", "2026-03-29")]
    [InlineData("2026-10-24T23:00:00Z", "2026-10-25")]
    [InlineData("2026-10-25T23:30:00Z", "2026-10-25")]
    [InlineData("2026-07-02T05:30:00+06:00", "2026-07-02")]
    public void The_day_is_the_day_in_London(string instant, string day) =>
        Assert.Equal(
            LondonDate.Read(day).Value,
            LondonDate.Of(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture))
        );

    [Theory]
    [InlineData("", "empty")]
    [InlineData("2026-02-29", "not in the calendar")]
    [InlineData("2026-13-01", "not in the calendar")]
    [InlineData("0000-01-01", "not in the calendar")]
    [InlineData("2026-07-01T00:00:00Z", "time with it")]
    [InlineData("2026-07-01 00:00", "time with it")]
    [InlineData("03/04/2026", "month and day")]
    [InlineData("3.4.2026", "month and day")]
    [InlineData("2026/04/03", "month and day")]
    [InlineData("20260403", "not written YYYY-MM-DD")]
    [InlineData("46115", "not written YYYY-MM-DD")]
    [InlineData("2026-4-3", "not written YYYY-MM-DD")]
    [InlineData(" 2026-04-03", "not written YYYY-MM-DD")]
    [InlineData("2026-04-03\n", "not written YYYY-MM-DD")]
    [InlineData("\u0662026-04-03", "not written YYYY-MM-DD")]
    public void Any_other_form_is_refused(string text, string says) => LondonDate.Read(text).Says("date.format", says);

    [Fact]
    public void Every_day_reads_back() =>
        Gen.DateOnly.Sample(day => LondonDate.Read(day.ToString("O", CultureInfo.InvariantCulture)).Value == day);
}
