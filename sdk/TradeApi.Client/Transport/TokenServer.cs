using System.Text.Json;

namespace TradeApi.Client.Transport;

/// <summary>What the service says of its token server (RFC 8414).</summary>
sealed record ServerMetadata(string Issuer, Uri TokenEndpoint, Uri KeysAddress);

/// <summary>An access token and when it ends.</summary>
sealed record AccessToken(string Text, DateTimeOffset GotAt, DateTimeOffset EndsAt);

/// <summary>
/// Gets tokens and keeps the current one. However many calls need a token at once, one request fetches it; it is fetched
/// anew a while before it ends, by one call, while the others go on with the one that is still good.
/// </summary>
sealed class TokenServer(
    Attempts attempts,
    Uri baseAddress,
    ClientCredentials credentials,
    TradeApiClientOptions options
) : IDisposable
{
    static readonly TimeSpan FetchEarly = TimeSpan.FromSeconds(60);
    static readonly TimeSpan StillGood = TimeSpan.FromSeconds(5);
    static readonly TimeSpan KeysKeptAtLeast = TimeSpan.FromMinutes(1);

    readonly SemaphoreSlim fetching = new(1, 1);
    readonly SemaphoreSlim asking = new(1, 1);
    volatile AccessToken? current;
    volatile ServerMetadata? metadata;
    (string Text, DateTimeOffset ReadAt)? keys;

    public async ValueTask<AccessToken> Token(CancellationToken cancel)
    {
        var token = current;
        if (token is not null && !IsDue(token))
            return token;
        // Whoever comes while another fetches takes the old token when it is still good, and waits for the new one otherwise.
        var usable = token is not null && options.TimeProvider.GetUtcNow() < token.EndsAt - StillGood;
        if (!await fetching.WaitAsync(usable ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(false))
            return token!;
        try
        {
            if (current is { } fetched && !IsDue(fetched))
                return fetched;
            return current = await Fetch(cancel).ConfigureAwait(false);
        }
        catch (TradeApiException) when (usable)
        {
            return token!;
        }
        finally
        {
            fetching.Release();
        }
    }

    /// <summary>Forgets a token that was refused; a newer one stays.</summary>
    public void Forget(AccessToken token)
    {
        if (ReferenceEquals(current, token))
            current = null;
    }

    public async ValueTask<ServerMetadata> Metadata(CancellationToken cancel)
    {
        if (metadata is { } known)
            return known;
        await asking.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return metadata ??= await Discover(cancel).ConfigureAwait(false);
        }
        finally
        {
            asking.Release();
        }
    }

    /// <summary>The published keys; read anew when the caller misses one, at most once a minute.</summary>
    public async ValueTask<string> Keys(bool anew, CancellationToken cancel)
    {
        var server = await Metadata(cancel).ConfigureAwait(false);
        await asking.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var now = options.TimeProvider.GetUtcNow();
            if (keys is { } known && (!anew || now - known.ReadAt < KeysKeptAtLeast))
                return known.Text;
            using var response = await attempts
                .Send(() => ValueTask.FromResult(new HttpRequestMessage(HttpMethod.Get, server.KeysAddress)), cancel)
                .ConfigureAwait(false);
            var text = await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
            keys = (text, now);
            return text;
        }
        finally
        {
            asking.Release();
        }
    }

    public void Dispose()
    {
        fetching.Dispose();
        asking.Dispose();
    }

    // A minute before its end; of a token that lives only minutes, when four fifths are over.
    bool IsDue(AccessToken token)
    {
        var life = token.EndsAt - token.GotAt;
        var early = life / 5 < FetchEarly ? life / 5 : FetchEarly;
        return options.TimeProvider.GetUtcNow() >= token.EndsAt - early;
    }

    async Task<AccessToken> Fetch(CancellationToken cancel)
    {
        var server = await Metadata(cancel).ConfigureAwait(false);
        DateTimeOffset askedAt = default;
        try
        {
            using var response = await attempts
                .Send(
                    () =>
                    {
                        askedAt = options.TimeProvider.GetUtcNow();
                        return ValueTask.FromResult(TokenRequest(server, askedAt));
                    },
                    cancel
                )
                .ConfigureAwait(false);
            using var answer = JsonDocument.Parse(
                await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false)
            );
            return new AccessToken(
                answer.RootElement.GetProperty("access_token").GetString()!,
                askedAt,
                askedAt.AddSeconds(
                    answer.RootElement.TryGetProperty("expires_in", out var seconds) ? seconds.GetDouble() : 60
                )
            );
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new TradeApiException("The token server's answer cannot be read.", unreadable);
        }
        catch (TradeApiException)
        {
            // It may have moved: the next call asks again where it is.
            metadata = null;
            throw;
        }
    }

    HttpRequestMessage TokenRequest(ServerMetadata server, DateTimeOffset now)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, server.TokenEndpoint);
        var form = new Dictionary<string, string>(StringComparer.Ordinal) { ["grant_type"] = "client_credentials" };
        if (options.Scope is { } scope)
            form["scope"] = scope;
        credentials.Prove(request, form, server.Issuer, now);
        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    async Task<ServerMetadata> Discover(CancellationToken cancel)
    {
        var address = new Uri(baseAddress, ".well-known/oauth-authorization-server");
        using var response = await attempts
            .Send(() => ValueTask.FromResult(new HttpRequestMessage(HttpMethod.Get, address)), cancel)
            .ConfigureAwait(false);
        try
        {
            using var answer = JsonDocument.Parse(
                await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false)
            );
            return new ServerMetadata(
                answer.RootElement.GetProperty("issuer").GetString()!,
                Address("token_endpoint"),
                Address("jwks_uri")
            );

            Uri Address(string member)
            {
                var found = new Uri(answer.RootElement.GetProperty(member).GetString()!, UriKind.Absolute);
                // A credential never leaves TLS because a document says so.
                return baseAddress.Scheme == Uri.UriSchemeHttps && found.Scheme != Uri.UriSchemeHttps
                    ? throw new TradeApiException($"The service names a {member} without TLS.")
                    : found;
            }
        }
        catch (Exception unreadable)
            when (unreadable
                    is JsonException
                        or InvalidOperationException
                        or KeyNotFoundException
                        or UriFormatException
                        or ArgumentNullException
            )
        {
            throw new TradeApiException($"The token server's metadata at {address} cannot be read.", unreadable);
        }
    }
}
