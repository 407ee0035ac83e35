using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace TradeApi.Ledger;

static class Hashes
{
    /// <summary>SHA-256 over some bytes and a text in UTF-8 behind them.</summary>
    public static byte[] Of(ReadOnlySpan<byte> first, string text)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(first.Length + Encoding.UTF8.GetMaxByteCount(text.Length));
        first.CopyTo(buffer);
        var length = first.Length + Encoding.UTF8.GetBytes(text, buffer.AsSpan(first.Length));
        var hash = SHA256.HashData(buffer.AsSpan(0, length));
        // What was notified names people.
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return hash;
    }
}
