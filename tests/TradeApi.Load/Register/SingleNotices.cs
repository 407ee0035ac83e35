using System.Buffers;
using System.Globalization;
using System.Text;
using TradeApi.Rules.Values;

namespace TradeApi.Load.Register;

/// <summary>Requests that send one made-up notice each, under a key and a reference of their own.</summary>
/// <param name="references">How the references begin; no two senders on one register begin alike.</param>
/// <param name="first">The row of the first notice; the others follow.</param>
/// <param name="isFit">Which rows are sent; the others are passed over.</param>
sealed class SingleNotices(string references, long first, long vehicles, Func<long, bool>? isFit = null)
{
    static readonly DateOnly Today = LondonDate.Of(TimeProvider.System.GetUtcNow());

    [ThreadStatic]
    static StringBuilder? text;

    long next = first;

    /// <summary>The row after the last that was sent.</summary>
    public long Next => Volatile.Read(ref next);

    /// <summary>Writes the request of the next notice, to that address with that token.</summary>
    public Action<IBufferWriter<byte>> To(string path, string token)
    {
        var before = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nIdempotency-Key: "
        );
        return to =>
        {
            var row = Take();
            text ??= new StringBuilder(1024);
            text.Clear();
            MadeUp.WriteNotice(text, row, vehicles, Today, references);
            var body = text.ToString();
            to.Write(before);
            Encoding.ASCII.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{references}-{row:D10}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n"
                ),
                to
            );
            Encoding.UTF8.GetBytes(body, to);
        };
    }

    long Take()
    {
        long row;
        do
        {
            row = Interlocked.Increment(ref next) - 1;
        } while (isFit?.Invoke(row) == false);
        return row < vehicles
            ? row
            : throw new InvalidOperationException(
                $"Every vehicle of the register of {vehicles} has been named once: take a larger one."
            );
    }
}
