namespace TradeApi.Client.Transport;

/// <summary>What a request brings or asks for, which decides how long it may take and whether its answer is kept whole.</summary>
enum Traffic
{
    /// <summary>A small body each way.</summary>
    Call,

    /// <summary>The body sent is a file.</summary>
    FileOut,

    /// <summary>The answer is read as it comes.</summary>
    StreamIn,
}

/// <summary>
/// Sends a request until it is answered, within bounds: network errors, time-outs, 429 and 503 are tried again, with the
/// wait that the service asks for or a growing one, and with jitter, so that many clients do not come back at once. What
/// is no success is thrown as <see cref="TradeApiException"/>. The caller's cancellation ends it at once.
/// </summary>
sealed class Attempts(HttpClient http, TradeApiClientOptions options, string userAgent)
{
    static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);

    public static readonly HttpRequestOptionsKey<Traffic> TrafficKey = new("TradeApi.Traffic");

    /// <param name="next">Makes the request of each attempt: a request cannot be sent twice, and some proofs count once.</param>
    /// <param name="cancel">The caller's.</param>
    public async Task<HttpResponseMessage> Send(Func<ValueTask<HttpRequestMessage>> next, CancellationToken cancel)
    {
        for (var retries = 0; ; retries++)
        {
            var request = await next().ConfigureAwait(false);
            var (response, failure) = await Try(request, cancel).ConfigureAwait(false);
            if (response is not null)
                return response;
            if (!failure!.MayRetry || retries >= options.MaxRetries || WaitBefore(retries, failure) is not { } wait)
                throw failure;
            // A stream that can only be read once cannot be sent again after a part of it has gone.
            if (request.Content is FileContent file && !file.Rewind())
                throw failure;
            await Task.Delay(wait, options.TimeProvider, cancel).ConfigureAwait(false);
        }
    }

    async Task<(HttpResponseMessage?, TradeApiException?)> Try(HttpRequestMessage request, CancellationToken cancel)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        request.Options.TryGetValue(TrafficKey, out var traffic);
        var allowed = traffic == Traffic.FileOut ? options.FileTimeout : options.Timeout;
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        attempt.CancelAfter(allowed);
        try
        {
            var response = await http.SendAsync(
                    request,
                    traffic == Traffic.StreamIn
                        ? HttpCompletionOption.ResponseHeadersRead
                        : HttpCompletionOption.ResponseContentRead,
                    attempt.Token
                )
                .ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
                return (response, null);
            using (response)
                return (
                    null,
                    await ProblemReader
                        .Read(response, options.TimeProvider.GetUtcNow(), attempt.Token)
                        .ConfigureAwait(false)
                );
        }
        catch (Exception) when (request.Content is FileContent { SourceFailure: { } broken })
        {
            // The caller's own stream failed, which no repeat mends.
            throw new IOException("The file could not be read to its end.", broken);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
        catch (OperationCanceledException late)
        {
            var inner = late.InnerException as TimeoutException ?? new TimeoutException(late.Message, late);
            return (null, Unanswered("No answer came within the time allowed.", inner));
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return (null, Unanswered("The service could not be reached, or the connection broke.", broken));
        }
    }

    static TradeApiException Unanswered(string message, Exception cause) =>
        new(message, cause)
        {
            Retryable = true,
            Outcome = "unknown",
            MayRetry = true,
        };

    /// <summary>How long to wait before the next attempt; null when the service asks for more than the caller allows.</summary>
    TimeSpan? WaitBefore(int retries, TradeApiException failure)
    {
#pragma warning disable CA5394 // Spreading repeats over time is no secret
        var jitter = Random.Shared.NextDouble();
#pragma warning restore CA5394
        if (failure.RetryAfter is { } asked)
            return asked > options.MaxRetryDelay ? null : asked + (FirstWait * jitter);
        var grown = FirstWait * Math.Pow(2, retries);
        return (grown < options.MaxRetryDelay ? grown : options.MaxRetryDelay) * (0.5 + (jitter / 2));
    }

    /// <summary>The header Retry-After, in seconds or as a date.</summary>
    public static TimeSpan? RetryAfterOf(HttpResponseMessage response, DateTimeOffset now) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
            _ => null,
        };
}
