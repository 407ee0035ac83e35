using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace TradeApi;

/// <summary>
/// Random bytes that nobody can guess, fetched many at once and kept by each thread for itself: each call to the system costs
/// as much as a rule.
/// </summary>
static class RandomBytes
{
    const int Fetched = 4096;

    [ThreadStatic]
    static byte[]? bytes;

    [ThreadStatic]
    static int left;

    /// <summary>So many bytes that nobody else gets. They are to be used at once: the next call may write over them.</summary>
    /// <param name="count">How many, up to 4,096.</param>
    public static ReadOnlySpan<byte> Take(int count)
    {
        bytes ??= new byte[Fetched];
        if (left < count)
        {
            RandomNumberGenerator.Fill(bytes);
            left = Fetched;
        }
        left -= count;
        return bytes.AsSpan(left, count);
    }

    /// <summary>So many random digits, up to 11: of 64 random bits no digit is likelier than another by more than a millionth.</summary>
    public static string Digits(int count)
    {
        var values = 1UL;
        for (var i = 0; i < count; i++)
            values *= 10;
        return (BinaryPrimitives.ReadUInt64BigEndian(Take(8)) % values)
            .ToString(CultureInfo.InvariantCulture)
            .PadLeft(count, '0');
    }
}
