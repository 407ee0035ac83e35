using System.Net;
using System.Net.Sockets;

namespace TradeApi.Tokens;

/// <summary>
/// Counts failed proofs for a client from an address. From the fifth in a minute on, that address is not heard for that
/// client until the minute is over; every other address is, so nobody can shut a client out. Each node counts for
/// itself: secrets of 256 bits need no more, and what we spare is work.
/// </summary>
sealed class FailureThrottle(TimeProvider clock, int capacity = 20_000)
{
    const int Most = 5;
    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    readonly Lock gate = new();
    readonly Dictionary<(string Client, string Address), Count> counts = [];

    // Windows are of one length, so the order of beginning is the order of ending.
    readonly Queue<((string Client, string Address) Key, DateTimeOffset Ends)> ends = new();

    public int Kept
    {
        get
        {
            lock (gate)
                return counts.Count;
        }
    }

    /// <summary>How long the address must wait for this client; null when it may try.</summary>
    public TimeSpan? Wait(string client, IPAddress? address)
    {
        var now = clock.GetUtcNow();
        lock (gate)
            return counts.TryGetValue(Key(client, address), out var count) && count.Ends > now && count.Failures >= Most
                ? count.Ends - now
                : null;
    }

    public void Failed(string client, IPAddress? address)
    {
        var key = Key(client, address);
        var now = clock.GetUtcNow();
        lock (gate)
        {
            while (ends.TryPeek(out var oldest) && (oldest.Ends <= now || counts.Count >= capacity))
            {
                ends.Dequeue();
                counts.Remove(oldest.Key);
            }
            if (counts.TryGetValue(key, out var count))
            {
                count.Failures++;
                return;
            }
            counts.Add(key, new Count { Failures = 1, Ends = now + Window });
            ends.Enqueue((key, now + Window));
        }
    }

    // A name longer than any of ours cannot fill the memory; a household has a whole /64.
    static (string Client, string Address) Key(string client, IPAddress? address)
    {
        var name = client.Length <= 64 ? client : client[..64];
        if (address is null)
            return (name, "");
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? (name, Convert.ToHexString(address.GetAddressBytes(), 0, 8))
            : (name, address.ToString());
    }

    sealed class Count
    {
        public required DateTimeOffset Ends { get; init; }
        public int Failures { get; set; }
    }
}
