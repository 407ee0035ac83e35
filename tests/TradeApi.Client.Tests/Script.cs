using System.Globalization;
using System.Net;
using System.Text;

namespace TradeApi.Client.Tests;

/// <summary>A request as it left the SDK.</summary>
public sealed record Sent(HttpMethod Method, Uri Address, Dictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string Path => Address.AbsolutePath;
}

/// <summary>
/// Answers by a script instead of a network: a token server that always gives tokens, and for everything else the next
/// answer of the script, the last one over and over.
/// </summary>
public sealed class Script(params Func<Sent, CancellationToken, Task<HttpResponseMessage>>[] answers)
    : HttpMessageHandler
{
    public const string Issuer = "https://api.example.com/";

    readonly Lock guard = new();
    int next;

    /// <summary>Everything but token requests and metadata.</summary>
    public List<Sent> Calls { get; } = [];

    public List<Sent> TokenRequests { get; } = [];

    /// <summary>How tokens are answered, by the number of the request from 1.</summary>
    public Func<int, HttpResponseMessage> Token { get; init; } = number => GoodToken(number);

    public static Func<Sent, CancellationToken, Task<HttpResponseMessage>> Answer(
        int status,
        string body = "",
        params (string Name, string Value)[] headers
    ) => (_, _) => Task.FromResult(Response(status, body, headers));

    public static Func<Sent, CancellationToken, Task<HttpResponseMessage>> Broken() =>
        (_, _) => throw new HttpRequestException("connection reset");

    /// <summary>Never answers.</summary>
    public static Func<Sent, CancellationToken, Task<HttpResponseMessage>> Silent() =>
        async (_, cancel) =>
        {
            await Task.Delay(Timeout.Infinite, cancel);
            throw new InvalidOperationException();
        };

    public static HttpResponseMessage Response(int status, string body, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status);
        if (status != 204)
            response.Content = new StringContent(
                body,
                Encoding.UTF8,
                status < 400 ? "application/json" : "application/problem+json"
            );
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    public static HttpResponseMessage GoodToken(int number, int seconds = 600) =>
        Response(
            200,
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"access_token":"token-{{number}}","token_type":"Bearer","expires_in":{{seconds}}}"""
            )
        );

    public TradeApiClient Client(
        TradeApiClientOptions? options = null,
        ClientCredentials? credentials = null,
        string address = "https://api.example.com"
    ) =>
        new(
            new HttpClient(this, disposeHandler: false) { BaseAddress = new Uri(address) },
            credentials ?? ClientCredentials.FromSecret("cli_1", "secret"),
            options ?? new() { TimeProvider = new QuickClock() }
        );

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var body = new MemoryStream();
        if (request.Content is not null)
            await request.Content.CopyToAsync(body, cancellationToken);
        var headers = request
            .Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>())
            .ToDictionary(
                header => header.Key,
                header => string.Join(", ", header.Value),
                StringComparer.OrdinalIgnoreCase
            );
        var sent = new Sent(request.Method, request.RequestUri!, headers, body.ToArray());

        if (sent.Path.EndsWith("/.well-known/oauth-authorization-server", StringComparison.Ordinal))
            return Response(
                200,
                $$"""{"issuer":"{{Issuer}}","token_endpoint":"{{Issuer}}oauth2/token","jwks_uri":"{{Issuer}}oauth2/jwks"}"""
            );
        if (sent.Path == "/oauth2/token")
        {
            // Long enough for all who want a token to have come.
            await Task.Delay(20, cancellationToken);
            int number;
            lock (guard)
            {
                TokenRequests.Add(sent);
                number = TokenRequests.Count;
            }
            return Token(number);
        }
        Func<Sent, CancellationToken, Task<HttpResponseMessage>> answer;
        lock (guard)
        {
            Calls.Add(sent);
            answer = answers[Math.Min(next++, answers.Length - 1)];
        }
        return await answer(sent, cancellationToken);
    }
}

/// <summary>A clock on which every wait is over at once; it remembers how long the waits were.</summary>
public sealed class QuickClock : TimeProvider
{
    readonly Lock guard = new();
    DateTimeOffset now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public List<TimeSpan> Waits { get; } = [];

    public override DateTimeOffset GetUtcNow()
    {
        lock (guard)
            return now;
    }

    public void Advance(TimeSpan by)
    {
        lock (guard)
            now += by;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (guard)
            Waits.Add(dueTime);
        Advance(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}

/// <summary>Notices and answers that tests need more than once.</summary>
public static class Samples
{
    public static DisposalToTrade Disposal() =>
        new()
        {
            ClientReference = "DMS-1",
            RegistrationNumber = "AB12 CDE",
            DocumentReferenceNumber = "12345678901",
            EventDate = new DateOnly(2026, 6, 30),
            Mileage = 41250,
            KeeperConsent = true,
            MarkRightsConsent = true,
        };

    public static string Decided(string outcome = "accepted") =>
        $$"""
            {"id":"kc_1","type":"disposalToTrade","outcome":"{{outcome}}","environment":"sandbox","submittedBy":"org_1",
             "onBehalfOf":"org_1","receivedAt":"2026-11-25T12:00:00Z","decidedAt":"2026-11-25T12:00:00Z","findings":[]}
            """;

    public static string Submission(string state) =>
        $$"""
            {"id":"sub_1","state":"{{state}}","mode":"commit","format":"csv","createdAt":"2026-11-25T12:00:00Z",
             "rows":{"total":2,"accepted":1,"refused":0,"referred":0,"duplicate":0,"unprocessed":1} }
            """;

    public static string Problem(int status, string code, bool retryable = false, string more = "") =>
        $$"""
            {"type":"https://api.example.com/problems/{{code}}","title":"A title","status":{{status}},"detail":"A detail.",
             "code":"{{code}}","requestId":"req_1","retryable":{{(
                retryable ? "true" : "false"
            )}},"outcome":"notApplied"{{more}} }
            """;
}
