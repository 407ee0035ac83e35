using System.Collections.Concurrent;
using System.Diagnostics;

namespace TradeApi.Load.Senders;

/// <summary>The API nodes in turn, as a balancer in front of them would choose; one that is away is passed over for a moment.</summary>
sealed class ApiNodes(IReadOnlyList<Uri> addresses)
{
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    readonly ConcurrentDictionary<Uri, long> awaySince = new();
    int turn;

    public Uri Next()
    {
        for (var tries = 0; tries < addresses.Count; tries++)
        {
            var address = addresses[(int)((uint)Interlocked.Increment(ref turn) % addresses.Count)];
            if (!awaySince.TryGetValue(address, out var since) || Stopwatch.GetElapsedTime(since) > Moment)
                return address;
        }
        return addresses[(int)((uint)Interlocked.Increment(ref turn) % addresses.Count)];
    }

    public void IsAway(Uri address) => awaySince[address] = Stopwatch.GetTimestamp();

    public bool IsOne => addresses.Count == 1;
}
