using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace TradeApi.Ledger;

static class Hashes
{
    /// <summary>SHA-256 over some bytes and a text in UTF-8 behind them, of which no string is made.</summary>
    public static byte[] Of(ReadOnlySpan<byte> first, ref DefaultInterpolatedStringHandler text)
    {
        var hash = Of(first, text.Text);
        text.Clear();
        return hash;
    }

    /// <summary>SHA-256 over some bytes and a text in UTF-8 behind them.</summary>
    public static byte[] Of(ReadOnlySpan<byte> first, ReadOnlySpan<char> text)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(first.Length + Encoding.UTF8.GetMaxByteCount(text.Length));
        first.CopyTo(buffer);
        var length = first.Length + Encoding.UTF8.GetBytes(text, buffer.AsSpan(first.Length));
        var hash = SHA256.HashData(buffer.AsSpan(0, length));
        // What was notified names people.
        buffer.AsSpan(0, length).Clear();
        ArrayPool<byte>.Shared.Return(buffer);
        return hash;
    }
}
