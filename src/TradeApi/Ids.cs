using System.Buffers.Binary;

namespace TradeApi;

/// <summary>Ids as partners see them: a prefix that says of what, and a UUIDv7 in 32 hexadecimal digits.</summary>
static class Ids
{
    const int MostPlace = 0xFFF;

    public static string KeeperChange(Guid id) => "kc_" + id.ToString("N");

    public static string Submission(Guid id) => "sub_" + id.ToString("N");

    public static string Dispute(Guid id) => "dis_" + id.ToString("N");

    /// <summary>A new UUIDv7 (RFC 9562) that comes alone.</summary>
    /// <param name="at">The instant that it begins with, in milliseconds.</param>
    public static Guid New(DateTimeOffset at) =>
        New(at, BinaryPrimitives.ReadUInt16BigEndian(RandomBytes.Take(2)) & MostPlace);

    /// <summary>
    /// A new UUIDv7 (RFC 9562) of which those of one instant are in the order of their places, so that rows which come
    /// together are added to an index side by side.
    /// </summary>
    /// <param name="at">The instant that it begins with, in milliseconds.</param>
    /// <param name="place">Its place among those of that instant, from 0 to 4095.</param>
    public static Guid New(DateTimeOffset at, int place)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(place);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(place, MostPlace);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.ToUnixTimeMilliseconds() << 16 | 0x7000 | (long)place);
        RandomBytes.Take(8).CopyTo(bytes[8..]);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The UUID behind the prefix; false for everything that is not exactly such an id.</summary>
    public static bool TryRead(string prefix, string text, out Guid id)
    {
        id = default;
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && Guid.TryParseExact(text.AsSpan(prefix.Length), "N", out id);
    }
}
