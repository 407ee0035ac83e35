using System.Net;
using System.Text;
using System.Text.Json;

namespace TradeApi.Client.Transport;

/// <summary>
/// Makes an exception of an answer that is no success. Whatever the answer holds, its status survives: a gateway's page,
/// half a document or members of another type than expected are no reason to fail differently.
/// </summary>
static class ProblemReader
{
    const int LongestBody = 1024 * 1024;
    const int LongestKept = 16 * 1024;
    const string InProgress = "idempotency-key.in-progress";

    static readonly string[] Known =
    [
        "type",
        "title",
        "status",
        "detail",
        "instance",
        "code",
        "requestId",
        "retryable",
        "outcome",
        "findings",
        "existing",
        "error",
        "error_description",
    ];

    public static async Task<TradeApiException> Read(
        HttpResponseMessage response,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        var status = (int)response.StatusCode;
        var text = await Text(response, cancel).ConfigureAwait(false);
        var members = Members(text);
        // OAuth errors have members of their own (RFC 6749, 5.2).
        var code = String("code") ?? String("error");
        var detail = String("detail") ?? String("error_description");
        var title = String("title");
        return new TradeApiException(
            $"{status}{(code is null ? "" : " " + code)}: {detail ?? title ?? response.ReasonPhrase ?? "no reason given"}"
        )
        {
            Status = status,
            Code = code,
            Title = title,
            Detail = detail,
            RequestId =
                String("requestId")
                ?? (response.Headers.TryGetValues("Request-Id", out var ids) ? ids.FirstOrDefault() : null),
            Retryable =
                members.TryGetValue("retryable", out var retryable) && retryable.ValueKind == JsonValueKind.True,
            Outcome = String("outcome") ?? (status >= 500 ? "unknown" : "notApplied"),
            Findings = members.TryGetValue("findings", out var findings) ? Findings(findings) : [],
            Instance = String("instance"),
            Existing = String("existing"),
            RetryAfter = Attempts.RetryAfterOf(response, now),
            Members = members
                .Where(member => !Known.Contains(member.Key))
                .ToDictionary(member => member.Key, member => member.Value, StringComparer.Ordinal),
            Body = members.Count > 0 || text.Length == 0 ? null : text[..Math.Min(text.Length, LongestKept)],
            // The first attempt of a call may still run when its repeat arrives: that answer is no news to the caller.
            MayRetry =
                response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
                || code == InProgress,
        };

        string? String(string name) =>
            members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
    }

    static async Task<string> Text(HttpResponseMessage response, CancellationToken cancel)
    {
        using var buffer = new MemoryStream();
        var body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        var block = new byte[8192];
        int read;
        while (buffer.Length < LongestBody && (read = await body.ReadAsync(block, cancel).ConfigureAwait(false)) > 0)
            buffer.Write(block, 0, read);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    static Dictionary<string, JsonElement> Members(string text)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                foreach (var member in document.RootElement.EnumerateObject())
                    members[member.Name] = member.Value.Clone();
        }
        catch (JsonException)
        {
            // No document: the text itself is kept.
        }
        return members;
    }

    static List<Finding> Findings(JsonElement items)
    {
        var findings = new List<Finding>();
        if (items.ValueKind == JsonValueKind.Array)
            foreach (var item in items.EnumerateArray())
            {
                try
                {
                    if (item.Deserialize<Finding>(TradeApiCore.Json) is { } finding)
                        findings.Add(finding);
                }
                catch (JsonException)
                {
                    // A finding of a shape that this version cannot read must not hide the others.
                }
            }
        return findings;
    }
}
