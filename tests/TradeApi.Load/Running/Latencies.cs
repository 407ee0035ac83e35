using System.Numerics;

namespace TradeApi.Load.Running;

/// <summary>How long calls took, counted in steps of at most 1.6 %, so that millions of them take no room.</summary>
sealed class Latencies
{
    const int Steps = 64;

    readonly long[] counts = new long[40 * Steps];

    public long Count { get; private set; }

    public TimeSpan Longest { get; private set; }

    public void Add(TimeSpan taken)
    {
        var microseconds = (ulong)Math.Max(taken.TotalMicroseconds, 1);
        counts[At(microseconds)]++;
        Count++;
        if (taken > Longest)
            Longest = taken;
    }

    public void Add(Latencies others)
    {
        for (var i = 0; i < counts.Length; i++)
            counts[i] += others.counts[i];
        Count += others.Count;
        if (others.Longest > Longest)
            Longest = others.Longest;
    }

    /// <summary>In milliseconds, what a share of the calls did not exceed.</summary>
    public double Milliseconds(double share)
    {
        var left = (long)Math.Ceiling(Count * share);
        for (var at = 0; at < counts.Length; at++)
        {
            left -= counts[at];
            if (left <= 0)
                return UpTo(at) / 1000.0;
        }
        return 0;
    }

    // Below 64 microseconds each has a place of its own; above, each doubling has 64 places.
    static int At(ulong microseconds)
    {
        var doublings = Math.Max(BitOperations.Log2(microseconds) - 6, 0);
        return doublings * Steps + (int)(microseconds >> doublings);
    }

    static double UpTo(int at)
    {
        var doublings = Math.Max(at / Steps - 1, 0);
        return (at - doublings * Steps + 1) * Math.Pow(2, doublings);
    }
}
