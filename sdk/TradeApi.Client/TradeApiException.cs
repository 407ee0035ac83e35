using System.Text.Json;

namespace TradeApi.Client;

/// <summary>
/// A call that brought no answer of the kind asked for: the service could not be reached, the call was wrong, or the
/// service cannot answer now. A notice that the rules refuse is no exception; see <see cref="NoticeResult"/>.
/// </summary>
public class TradeApiException : Exception
{
    /// <summary>An exception with a message only.</summary>
    /// <param name="message">What happened.</param>
    public TradeApiException(string message)
        : base(message) { }

    /// <summary>An exception with a message and its cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public TradeApiException(string message, Exception? innerException)
        : base(message, innerException) { }

    // The shape that the generated core asks for, when a successful answer cannot be read.
    internal TradeApiException(
        string message,
        int status,
        string? body,
        IReadOnlyDictionary<string, IEnumerable<string>> headers,
        Exception? innerException
    )
        : base(message, innerException)
    {
        Status = status;
        Body = body;
        RequestId = headers.TryGetValue("Request-Id", out var ids) ? ids.FirstOrDefault() : null;
        Outcome = "unknown";
    }

    /// <summary>The HTTP status; null when no answer came.</summary>
    public int? Status { get; internal init; }

    /// <summary>The stable code, such as <c>idempotency-key.reused</c>; of the token server its error, such as <c>invalid_client</c>.</summary>
    public string? Code { get; internal init; }

    /// <summary>What kind of error this is.</summary>
    public string? Title { get; internal init; }

    /// <summary>What happened this time and what to do about it.</summary>
    public string? Detail { get; internal init; }

    /// <summary>The id of the request; quote it when you ask us.</summary>
    public string? RequestId { get; internal init; }

    /// <summary>True when the same call may succeed later without a change.</summary>
    public bool Retryable { get; internal init; }

    /// <summary>
    /// What became of the call: <c>notApplied</c>, <c>applied</c> or <c>unknown</c>. After <c>unknown</c> send the same
    /// again with the same <see cref="IdempotencyKey"/>, or ask <see cref="TradeApiClient.GetOutcomeAsync"/>.
    /// </summary>
    public string? Outcome { get; internal init; }

    /// <summary>The Idempotency-Key of the call, when it had one.</summary>
    public string? IdempotencyKey { get; internal set; }

    /// <summary>What the rules found, when the answer says so.</summary>
    public IReadOnlyList<Finding> Findings { get; internal init; } = [];

    /// <summary>Where the notice that the answer is about can be read, when it was decided and kept.</summary>
    public string? Instance { get; internal init; }

    /// <summary>The id of what stands already, when this call collides with it.</summary>
    public string? Existing { get; internal init; }

    /// <summary>How long to wait before the same call is worth trying again, when the service said so.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>The members of the answer that this version of the SDK does not know, by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Members { get; internal init; } =
        new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>The answer's body when it was no problem document, such as a gateway's page; at most 16 KiB of it.</summary>
    public string? Body { get; internal init; }

    /// <summary>True when the time allowed for an attempt ran out. Your own cancellation is an <see cref="OperationCanceledException"/>.</summary>
    public bool IsTimeout => InnerException is TimeoutException;

    /// <summary>Whether the same bytes may be sent again at once, without asking anyone.</summary>
    internal bool MayRetry { get; init; }
}
