using System.Text.Json.Serialization;

namespace TradeApi.Http;

/// <summary>An error, by RFC 9457 (`application/problem+json`). `code` is stable; read it, not the sentences.</summary>
sealed record Problem
{
    /// <summary>The guide's page for this code.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>What kind of error this is, the same sentence for every occurrence.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What happened this time and what to do about it.</summary>
    public string? Detail { get; init; }

    /// <summary>The notice that this answer is about, where it was decided and kept.</summary>
    public string? Instance { get; init; }

    /// <summary>The stable code, such as `idempotency-key.reused`.</summary>
    public required string Code { get; init; }

    /// <summary>The id of this request, also in the header `Request-Id`; quote it when you ask us.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>True when the same request may succeed later without a change.</summary>
    public bool Retryable { get; init; }

    /// <summary>What became of the call: `notApplied`, `applied` or `unknown`. After `unknown`, ask `GET /v1/outcomes/{idempotencyKey}`.</summary>
    public string Outcome { get; init; } = "notApplied";

    /// <summary>What the rules found, when a rule refused.</summary>
    public IReadOnlyList<FindingAnswer>? Findings { get; init; }

    /// <summary>The id of the notice that stands already, when this one collides with it.</summary>
    public string? Existing { get; init; }

    /// <summary>Seconds for the header `Retry-After`.</summary>
    [JsonIgnore]
    public int? RetryAfter { get; init; }

    /// <summary>This kind of problem, with what happened this time.</summary>
    public Problem Because(string detail) => this with { Detail = detail };
}

/// <summary>What a rule found.</summary>
/// <param name="Code">The stable code, such as `vehicle.not-matched`; all of them are in the rulebook.</param>
/// <param name="Severity">`refuse`, `confirm` (accepted when the code stands in `confirmations`) or `note`.</param>
/// <param name="Pointer">JSON Pointer (RFC 6901) of the member concerned; absent when it is the whole notice.</param>
/// <param name="Message">The sentence for a person: what is wrong and what to do.</param>
/// <param name="Suggestion">The canonical form that was probably meant, when exactly one exchange of letter and digit makes it valid. Never applied by us.</param>
/// <param name="Line">The physical line of the file, for findings about the text of a row.</param>
sealed record FindingAnswer(
    string Code,
    string Severity,
    string? Pointer,
    string Message,
    string? Suggestion = null,
    int? Line = null
);
