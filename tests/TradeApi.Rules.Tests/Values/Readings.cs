using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

static class Readings
{
    public static readonly DateOnly Today = new(2026, 11, 25);

    /// <summary>The canonical form of a text that must be a value.</summary>
    public static string Accepted<T>(this Reading<T> reading)
    {
        Assert.True(reading.IsValue, reading.Fault?.Message);
        return reading.Value!.ToString()!;
    }

    /// <summary>The fault of a text that must be refused, with a sentence that a partner can act on.</summary>
    public static Fault Refused<T>(this Reading<T> reading, string code)
    {
        Assert.False(reading.IsValue, $"read as {reading.Value}");
        Assert.Equal(code, reading.Fault!.Code);
        Assert.EndsWith(".", reading.Fault.Message, StringComparison.Ordinal);
        return reading.Fault;
    }

    public static Fault Says<T>(this Reading<T> reading, string code, string part)
    {
        var fault = reading.Refused(code);
        Assert.Contains(part, fault.Message, StringComparison.OrdinalIgnoreCase);
        return fault;
    }
}
