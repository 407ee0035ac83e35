using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using TradeApi.Http;

namespace TradeApi.Submissions;

/// <summary>What comes in as one file.</summary>
sealed record IncomingFile(
    Stream Body,
    string Format,
    string Mode,
    bool Gzip,
    string? FileName,
    string? ContentDigest,
    string Key
)
{
    static readonly Dictionary<string, string> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        ["application/x-ndjson"] = "ndjson",
        ["text/csv"] = "csv",
        ["application/json"] = "json",
    };

    /// <summary>Reads what the headers say of the file, and leaves the file unread; or the problem with them.</summary>
    public static (IncomingFile? File, Problem? Problem) Read(HttpContext http, string? mode)
    {
        var (key, keyProblem) = Headers.IdempotencyKey(http.Request);
        if (keyProblem is not null)
            return (null, keyProblem);
        if (
            !MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || !Formats.TryGetValue(type.MediaType.ToString(), out var format)
        )
            return (
                null,
                Problems.MediaTypeUnsupported.Because(
                    "Send the file as application/x-ndjson, text/csv or application/json."
                )
            );
        if (type.Charset.HasValue && !type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return (null, Problems.MediaTypeUnsupported.Because("Send the file in UTF-8."));
        var encoding = http.Request.Headers.ContentEncoding.ToString().ToLowerInvariant();
        if (encoding is not ("" or "gzip" or "identity"))
            return (null, Problems.MediaTypeUnsupported.Because("The only Content-Encoding taken here is gzip."));
        if (mode is not (null or "commit" or "validate"))
            return (null, Problems.ParameterInvalid.Because("mode is commit or validate."));
        var fileName = FileNameOf(http.Request);
        if (fileName is { Length: > 255 } || fileName?.Any(char.IsControl) == true)
            return (
                null,
                Problems.ParameterInvalid.Because("A file name has at most 255 characters, without control characters.")
            );
        var digest = Sha256Of(http.Request.Headers["Content-Digest"].ToString());
        if (digest is null && http.Request.Headers.ContainsKey("Content-Digest"))
            return (
                null,
                Problems.ParameterInvalid.Because(
                    "Content-Digest must hold sha-256=:BASE64: with the 32 bytes of a SHA-256 in base64."
                )
            );

        // The limit here is on the inflated file, and is kept while reading.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        return (
            new IncomingFile(http.Request.Body, format, mode ?? "commit", encoding == "gzip", fileName, digest, key),
            null
        );
    }

    // The header is a list of algorithms and digests (RFC 9530); of the others nothing is said here.
    static string? Sha256Of(string header) =>
        header
            .Split(',', StringSplitOptions.TrimEntries)
            .FirstOrDefault(digest =>
                digest is ['s', 'h', 'a', '-', '2', '5', '6', '=', ':', .. var text, ':']
                && text.Length == 44
                && Convert.TryFromBase64String(text, new byte[33], out var length)
                && length == 32
            );

    static string? FileNameOf(HttpRequest request) =>
        ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition)
            ? (
                disposition.FileNameStar.HasValue
                    ? disposition.FileNameStar
                    : HeaderUtilities.RemoveQuotes(disposition.FileName)
            ).Value
            : null;

    /// <summary>How many seconds the caller would wait for the end.</summary>
    public static int? WaitOf(HttpRequest request)
    {
        foreach (var preference in request.Headers["Prefer"].SelectMany(line => (line ?? "").Split(',', ';')))
            if (
                preference.Trim().Split('=') is ["wait", var text]
                && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            )
                return Math.Min(seconds, 30);
        return null;
    }
}
