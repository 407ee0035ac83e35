using System.Net;
using System.Net.Http.Headers;

namespace TradeApi.Client.Transport;

/// <summary>
/// The way of every call, the generated core's too: a token, attempts, and a <see cref="TradeApiException"/> for what is
/// no success. It stands where a client has its message handler and hands on to the caller's own client.
/// </summary>
sealed class Pipeline(Attempts attempts, TokenServer tokens) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        for (var renewed = false; ; renewed = true)
        {
            AccessToken? used = null;
            try
            {
                return await attempts
                    .Send(
                        async () =>
                        {
                            used = await tokens.Token(cancellationToken).ConfigureAwait(false);
                            return Copy(request, used);
                        },
                        cancellationToken
                    )
                    .ConfigureAwait(false);
            }
            // A token can lose its force before its time, when keys are withdrawn: one fresh one is worth a try.
            catch (TradeApiException refused)
                when (refused is { Status: (int)HttpStatusCode.Unauthorized, Code: "token.invalid" or null }
                    && !renewed
                    && used is not null
                    && (request.Content is not FileContent file || file.Rewind())
                )
            {
                tokens.Forget(used);
            }
            catch (TradeApiException failure)
            {
                failure.IdempotencyKey = request.Headers.TryGetValues("Idempotency-Key", out var keys)
                    ? keys.FirstOrDefault()
                    : null;
                throw;
            }
        }
    }

    // The content is the same object each time: what is sent again is the same bytes.
    static HttpRequestMessage Copy(HttpRequestMessage request, AccessToken token)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri)
        {
            Content = request.Content,
            Version = request.Version,
            VersionPolicy = request.VersionPolicy,
        };
        foreach (var header in request.Headers)
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        if (request.Options.TryGetValue(Attempts.TrafficKey, out var traffic))
            copy.Options.Set(Attempts.TrafficKey, traffic);
        copy.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
        return copy;
    }
}
