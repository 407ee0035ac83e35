using System.Runtime.CompilerServices;
using Microsoft.Net.Http.Headers;
using TradeApi.Ledger;
using TradeApi.Rules;
using TradeApi.Submissions.Reading;

namespace TradeApi.Http;

/// <summary>A body that is one JSON object, or the problem with it.</summary>
sealed record JsonBody(byte[] Bytes, List<Member> Members, Problem? Problem)
{
    /// <summary>The most bytes of one body.</summary>
    public const int MostBytes = 64 * 1024;

    // Few notices have more.
    const int UsualMembers = 16;

    /// <summary>No body where none is needed. It is kept as an object without members.</summary>
    public static readonly JsonBody Empty = new("{}"u8.ToArray(), [], null);

    public static async Task<JsonBody> Read(HttpRequest request, CancellationToken cancel)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !IsJson(type))
            return Of(Problems.MediaTypeUnsupported.Because("Send the body as application/json in UTF-8."));
        if (request.Headers.ContentEncoding.Count > 0)
            return Of(Problems.MediaTypeUnsupported.Because("Send the body without Content-Encoding."));
        if (await ReadBytes(request, cancel) is not { } bytes)
            return Of(
                Problems.BodyTooLarge.Because(
                    "A body has at most 64 KiB. Send many notices as a file to /v1/submissions."
                )
            );
        var members = new List<Member>(UsualMembers);
        return JsonRow.Read(bytes, members) is { } fault
            ? Of(
                Problems.BodyUnreadable.Because(
                    fault == JsonRow.NotAnObject ? "The body must be a JSON object." : fault.Message
                )
            )
            : new JsonBody(bytes, members, null);
    }

    /// <summary>
    /// What a key is bound to: the members and their values. A client that writes the same body anew, in another order or
    /// spacing, repeats it.
    /// </summary>
    public byte[] Fingerprint()
    {
        const int MostlyEnough = 1024;
        // A kind has at most that many characters, with what ends path, kind and text.
        const int LongestKind = 16;
        var length = Members.Sum(member => member.Path.Length + LongestKind + member.Text.Length);
        // Always enough, for what was notified names people, and memory that is lent is not cleared.
        var text = new DefaultInterpolatedStringHandler(
            0,
            0,
            null,
            length <= MostlyEnough ? stackalloc char[MostlyEnough] : new char[length]
        );
        var members = Members.ToArray();
        Array.Sort(members, (one, other) => string.CompareOrdinal(one.Path, other.Path));
        foreach (var member in members)
        {
            text.AppendLiteral(member.Path);
            text.AppendLiteral("\0");
            text.AppendFormatted(member.Kind);
            text.AppendLiteral("\0");
            text.AppendLiteral(member.Text);
            text.AppendLiteral("\0");
        }
        return Hashes.Of([], ref text);
    }

    static bool IsJson(MediaTypeHeaderValue type) =>
        type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (
            !type.Charset.HasValue || type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)
        );

    static async Task<byte[]?> ReadBytes(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > MostBytes)
            return null;
        // Of unknown length, a notice is mostly shorter than this.
        var buffer = new byte[request.ContentLength ?? 2048];
        var read = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        while (request.ContentLength is null && read == buffer.Length)
        {
            if (read > MostBytes)
                return null;
            Array.Resize(ref buffer, Math.Min(2 * read, MostBytes + 1));
            read += await request.Body.ReadAtLeastAsync(
                buffer.AsMemory(read),
                buffer.Length - read,
                throwOnEndOfStream: false,
                cancel
            );
        }
        return read == buffer.Length ? buffer : buffer[..read];
    }

    static JsonBody Of(Problem problem) => new([], [], problem);
}
