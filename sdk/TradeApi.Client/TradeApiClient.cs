using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using TradeApi.Client.Transport;

namespace TradeApi.Client;

/// <summary>
/// Tells the vehicle register who keeps a vehicle. One client serves a whole program: it is safe to use from many
/// threads, keeps its token, and repeats what may be repeated.
/// </summary>
public sealed partial class TradeApiClient : IDisposable
{
    readonly TradeApiClientOptions options;
    readonly HttpClient outer;
    readonly bool ownsOuter;
    readonly HttpClient http;
    readonly TokenServer tokens;

#pragma warning disable RS0026 // The first parameters differ in kind, so no call can mean both
    /// <summary>A client with connections of its own.</summary>
    /// <param name="baseAddress">
    /// The address before <c>/v1</c>, such as <c>https://gw.example.com/trade</c>, with or without a slash at its end. A
    /// <c>/v1</c> at its end is passed over.
    /// </param>
    /// <param name="credentials">How your software proves who it is.</param>
    /// <param name="options">How it waits and repeats.</param>
    public TradeApiClient(Uri baseAddress, ClientCredentials credentials, TradeApiClientOptions? options = null)
        : this(OwnClient(), baseAddress, credentials, options, ownsOuter: true) { }

    /// <summary>
    /// A client over connections of yours, for instance with a proxy. Its <see cref="HttpClient.BaseAddress"/> must be
    /// set. Its <see cref="HttpClient.Timeout"/> holds too: set it to infinite when you send large files.
    /// </summary>
    /// <param name="httpClient">Your client; it stays yours.</param>
    /// <param name="credentials">How your software proves who it is.</param>
    /// <param name="options">How it waits and repeats.</param>
    public TradeApiClient(HttpClient httpClient, ClientCredentials credentials, TradeApiClientOptions? options = null)
        : this(
            httpClient ?? throw new ArgumentNullException(nameof(httpClient)),
            httpClient.BaseAddress
                ?? throw new ArgumentException("The BaseAddress of the client is not set.", nameof(httpClient)),
            credentials,
            options,
            ownsOuter: false
        ) { }
#pragma warning restore RS0026

    TradeApiClient(
        HttpClient outer,
        Uri baseAddress,
        ClientCredentials credentials,
        TradeApiClientOptions? options,
        bool ownsOuter
    )
    {
        ArgumentNullException.ThrowIfNull(baseAddress);
        ArgumentNullException.ThrowIfNull(credentials);
        this.options = options ?? new();
        this.outer = outer;
        this.ownsOuter = ownsOuter;
        var root = Root(baseAddress);
        var attempts = new Attempts(outer, this.options, UserAgent(this.options.Product));
        tokens = new TokenServer(attempts, root, credentials, this.options);
        http = new HttpClient(new Pipeline(attempts, tokens))
        {
            BaseAddress = root,
            // Each attempt has its own limit; the sum of attempts and waits has none.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        Core = new TradeApiCore(http);
    }

    /// <summary>Every operation of the contract as it stands there, with this client's tokens, repeats and errors.</summary>
    public TradeApiCore Core { get; }

    /// <summary>
    /// Sends one notice. It is decided at once, and the result says how; a refusal by the rules is a result too. Repeats
    /// after a lost answer carry the same key and bytes, so that the notice is decided once.
    /// </summary>
    /// <param name="notice">The notice.</param>
    /// <param name="idempotencyKey">A key of your own, when you keep it to ask later what became of the call; one is made when this is null.</param>
    /// <param name="cancellationToken">Ends the call. Whether the notice was decided is then open: send it again with the same key.</param>
    /// <exception cref="TradeApiException">The call was not answered or was wrong in itself.</exception>
    public async Task<NoticeResult> SendAsync(
        Notice notice,
        string? idempotencyKey = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(notice);
        return await PostNotice("v1/keeper-changes", notice, idempotencyKey, cancellationToken).ConfigureAwait(false);
    }

    async Task<NoticeResult> PostNotice<T>(
        string path,
        T notice,
        string? idempotencyKey,
        CancellationToken cancellationToken
    )
    {
        var key = idempotencyKey ?? NewKey();
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(notice, TradeApiCore.Json));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var decided = await Read<KeeperChange>(response, key, cancellationToken).ConfigureAwait(false);
            return new NoticeResult
            {
                Outcome = decided.Outcome,
                Findings = decided.Findings,
                KeeperChangeId = decided.Id,
                KeeperChange = decided,
                IdempotencyKey = key,
                Replayed = HeaderOf(response, "Idempotency-Replayed") == "true",
                Location = HeaderOf(response, "Location"),
                RequestId = HeaderOf(response, "Request-Id"),
            };
        }
        // What the rules found is an answer to the question; without findings the call itself was wrong.
        catch (TradeApiException refused) when (refused is { Status: >= 400 and < 500, Findings.Count: > 0 })
        {
            return new NoticeResult
            {
                Outcome = "refused",
                Findings = refused.Findings,
                KeeperChangeId = refused.Instance?[(refused.Instance.LastIndexOf('/') + 1)..],
                Code = refused.Code,
                Detail = refused.Detail,
                IdempotencyKey = key,
                Location = refused.Instance,
                RequestId = refused.RequestId,
            };
        }
    }

    /// <summary>Judges a notice exactly as sending it would, and records nothing.</summary>
    /// <param name="notice">The notice.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TradeApiException">The call was not answered or was wrong in itself.</exception>
    public Task<Verdict> ValidateAsync(Notice notice, CancellationToken cancellationToken = default) =>
        Core.ValidateKeeperChangeAsync(notice, cancellationToken);

    /// <summary>A notice that your organisation sent or that was sent for it, as it was decided.</summary>
    /// <param name="id">Its id, <c>kc_…</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TradeApiException">There is no such notice that you may see (status 404), or no answer.</exception>
    public Task<KeeperChange> GetKeeperChangeAsync(string id, CancellationToken cancellationToken = default) =>
        Core.GetKeeperChangeAsync(id, cancellationToken);

    /// <summary>What has become so far of a call whose answer was lost; null when nothing is recorded under its key.</summary>
    /// <remarks>
    /// While the register is slow a call may still wait and be decided later: before you give it up, or send anything in its
    /// place, send the same call again under the same key.
    /// </remarks>
    /// <param name="idempotencyKey">The key of that call.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TradeApiException">The call was not answered or was wrong in itself.</exception>
    public Task<CallOutcome?> GetOutcomeAsync(string idempotencyKey, CancellationToken cancellationToken = default) =>
        NullWhenNotFound(Core.GetOutcomeAsync(idempotencyKey, cancellationToken));

    /// <summary>The signed receipt of an accepted or referred notice, to be kept: a JWS in compact form.</summary>
    /// <param name="keeperChangeId">The notice's id, <c>kc_…</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TradeApiException">There is no such receipt (status 404), or no answer.</exception>
    public async Task<string> GetReceiptAsync(string keeperChangeId, CancellationToken cancellationToken = default)
    {
        using var receipt = await Core.GetReceiptAsync(keeperChangeId, cancellationToken).ConfigureAwait(false);
        using var reader = new StreamReader(receipt.Stream);
        return await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Checks a receipt with the keys that the service publishes. To check one without the service, keep those keys and
    /// use <see cref="ReceiptVerifier"/>.
    /// </summary>
    /// <param name="receipt">The receipt as <see cref="GetReceiptAsync"/> gave it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TradeApiException">The keys could not be read.</exception>
    public async Task<ReceiptCheck> VerifyReceiptAsync(string receipt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        var server = await tokens.Metadata(cancellationToken).ConfigureAwait(false);
        var keys = await tokens.Keys(anew: false, cancellationToken).ConfigureAwait(false);
        // Keys follow one another; one made since the last look is found by looking again.
        if (!ReceiptVerifier.HasKey(keys, ReceiptVerifier.KeyIdOf(receipt)))
            keys = await tokens.Keys(anew: true, cancellationToken).ConfigureAwait(false);
        return ReceiptVerifier.Verify(receipt, keys, server.Issuer);
    }

    /// <summary>Closes the connections that are the client's own.</summary>
    public void Dispose()
    {
        http.Dispose();
        tokens.Dispose();
        if (ownsOuter)
            outer.Dispose();
    }

    static async Task<T> Read<T>(HttpResponseMessage response, string? key, CancellationToken cancel)
    {
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
            return await JsonSerializer.DeserializeAsync<T>(body, TradeApiCore.Json, cancel).ConfigureAwait(false)
                ?? throw new JsonException("null");
        }
        catch (JsonException unreadable)
        {
            throw new TradeApiException("The answer cannot be read.", unreadable)
            {
                Status = (int)response.StatusCode,
                RequestId = HeaderOf(response, "Request-Id"),
                Outcome = "unknown",
                IdempotencyKey = key,
            };
        }
    }

    static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    static string NewKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    static Uri Root(Uri address)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("https" or "http"))
            throw new ArgumentException("The base address must begin with https:// or http://.", nameof(address));
        var path = address.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/v1", StringComparison.OrdinalIgnoreCase))
            path = path[..^"/v1".Length];
        return new UriBuilder(address)
        {
            Path = path + "/",
            Query = "",
            Fragment = "",
        }.Uri;
    }

    static string UserAgent(string? product)
    {
        var version = typeof(TradeApiClient).Assembly.GetName().Version?.ToString(3) ?? "0";
        var own = $"TradeApi.Client/{version}";
        if (product is null)
            return own;
        // Checked here, where the caller can mend it, and not at the first call.
        using var sample = new HttpRequestMessage();
        return sample.Headers.UserAgent.TryParseAdd(product)
            ? $"{product} {own}"
            : throw new ArgumentException("Product must be written like ExampleDms/4.2.", nameof(product));
    }

    static HttpClient OwnClient() =>
        new(
            new SocketsHttpHandler
            {
                // Addresses change behind a name; a connection kept for ever would not notice.
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                AutomaticDecompression = DecompressionMethods.All,
                // A redirect would turn a notice into a question and carry the token elsewhere.
                AllowAutoRedirect = false,
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
}
