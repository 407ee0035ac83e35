namespace TradeApi.Client;

/// <summary>How a <see cref="TradeApiClient"/> waits, repeats and names itself. The defaults suit most.</summary>
public sealed class TradeApiClientOptions
{
    /// <summary>How long one attempt at a call may take, 100 seconds by default. Files have <see cref="FileTimeout"/>.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How long one attempt at sending a file may take, one hour by default.</summary>
    public TimeSpan FileTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How often a call is repeated after a network error, a time-out, 429 or 503, three times by default. A repeat
    /// carries the same bytes and the same Idempotency-Key, so it never makes a second notice.
    /// </summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>
    /// The longest wait before a repeat, one minute by default. When the service asks for a longer one, the call fails
    /// and <see cref="TradeApiException.RetryAfter"/> says when to come back.
    /// </summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The scopes to ask for, parted by spaces; by default all that the client has.</summary>
    public string? Scope { get; init; }

    /// <summary>The name and version of your software, such as <c>ExampleDms/4.2</c>, for the header User-Agent.</summary>
    public string? Product { get; init; }

    /// <summary>The clock by which tokens expire and repeats wait; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
