using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace TradeApi;

/// <summary>Random bytes that nobody can guess, fetched many at once: each call to the system costs as much as a rule.</summary>
sealed class RandomBytes
{
    readonly byte[] bytes = new byte[4096];
    int used = 4096;

    public ReadOnlySpan<byte> Take(int count)
    {
        if (used + count > bytes.Length)
        {
            RandomNumberGenerator.Fill(bytes);
            used = 0;
        }
        used += count;
        return bytes.AsSpan(used - count, count);
    }

    /// <summary>So many random digits, up to 11: of 64 random bits no digit is likelier than another by more than a millionth.</summary>
    public string Digits(int count)
    {
        var values = 1UL;
        for (var i = 0; i < count; i++)
            values *= 10;
        return (BinaryPrimitives.ReadUInt64BigEndian(Take(8)) % values)
            .ToString(CultureInfo.InvariantCulture)
            .PadLeft(count, '0');
    }
}
