namespace TradeApi;

static class Clock
{
    /// <summary>Now, in whole milliseconds: what is stored reads back equal on both databases, so a digest over it holds.</summary>
    public static DateTimeOffset Now(this TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
