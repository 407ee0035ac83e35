using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TradeApi.Database;
using TradeApi.Tokens;

namespace TradeApi.Tests.Tokens;

/// <summary>
/// The program on a fresh database with a clock that stands still, everything that it logs, and the tools of a client
/// to call its token server with.
/// </summary>
sealed class TokenHost : IAsyncDisposable
{
    public const string Issuer = "https://trade.example/";

    readonly WebApplication app;
    readonly TestDatabase database;
    readonly bool ownsDatabase;

    TokenHost(WebApplication app, TestDatabase database, bool ownsDatabase, FakeTimeProvider clock, CapturedLog log)
    {
        this.app = app;
        this.database = database;
        this.ownsDatabase = ownsDatabase;
        Stores = app.Services.GetRequiredService<Stores>();
        Clock = clock;
        Log = log;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Http { get; }
    public FakeTimeProvider Clock { get; }
    public CapturedLog Log { get; }
    public ClientStore Clients => app.Services.GetRequiredService<ClientStore>();
    public SigningKeys Keys => app.Services.GetRequiredService<SigningKeys>();
    public TokenMemory Memory => app.Services.GetRequiredService<TokenMemory>();
    public Stores Stores { get; }
    public DateTimeOffset Now => Clock.GetUtcNow();

    public static async Task<TokenHost> Start(string databaseKind = "sqlite") =>
        await Start(
            await TestDatabase.Create(databaseKind),
            ownsDatabase: true,
            new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero))
        );

    /// <summary>Another node on the same database.</summary>
    public Task<TokenHost> StartAnother() => Start(database, ownsDatabase: false, Clock);

    static async Task<TokenHost> Start(TestDatabase database, bool ownsDatabase, FakeTimeProvider clock)
    {
        var log = new CapturedLog();
        var server = await Server.Build(
            ["--urls=http://127.0.0.1:0", "--TradeApi:Issuer=" + Issuer, .. database.Arguments],
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(clock);
                builder.Services.AddSingleton<IStartupFilter, ElsewhereFilter>();
                builder.Logging.ClearProviders();
                builder.Logging.AddProvider(log);
                builder.Logging.SetMinimumLevel(LogLevel.Trace);
                builder.Logging.AddFilter<CapturedLog>(null, LogLevel.Trace);
            }
        );
        server.MapGet("/test/whoami", (Caller caller) => caller).RequireScope(Scopes.Organisation);
        server.MapPost("/test/whoami", (Caller caller) => caller).RequireScope(Scopes.Organisation);
        server
            .MapPost("/test/write", (Caller caller, JsonNode body) => caller.ClientId)
            .RequireScope(Scopes.KeeperChangesWrite);
        await server.StartAsync();
        return new TokenHost(server, database, ownsDatabase, clock, log);
    }

    public async Task<string> Organisation(string kind = "motorTrader", string state = "live")
    {
        var id = "org_" + Guid.CreateVersion7().ToString("N");
        await using var connection = await Stores.Control.Open();
        await connection.ExecuteAsync(
            """
            insert into organisation (organisation_id, name, kind, state, permit_numbers, fleet_numbers, created_at)
                 values (@id, 'Tawe Motors Ltd', @kind, @state, '[]', '[]', @Now)
            """,
            new
            {
                id,
                kind,
                state,
                Now,
            }
        );
        return id;
    }

    public async Task SetState(string organisation, string state)
    {
        await using var connection = await Stores.Control.Open();
        await connection.ExecuteAsync(
            "update organisation set state = @state where organisation_id = @organisation",
            new { organisation, state }
        );
    }

    public async Task<T?> Ask<T>(string sql, object? parameters = null)
    {
        await using var connection = await Stores.Control.Open();
        return await connection.ExecuteScalarAsync<T>(sql, parameters);
    }

    public async Task<TestClient> WithSecret(
        string environment = "live",
        string kind = "motorTrader",
        string state = "live"
    )
    {
        var organisation = await Organisation(kind);
        var made = await Clients.Add(organisation, environment, null, "test");
        await SetState(organisation, state);
        return new TestClient(organisation, made.ClientId, made.CredentialId, made.Secret, null);
    }

    public async Task<TestClient> WithKey(AssertionKey? key = null)
    {
        key ??= AssertionKey.Es256();
        var organisation = await Organisation();
        var made = await Clients.Add(organisation, "live", key.Jwk(), "test");
        return new TestClient(organisation, made.ClientId, made.CredentialId, null, key);
    }

    public async Task<Answer> Post(
        IEnumerable<KeyValuePair<string, string>> form,
        string? authorization = null,
        string? address = null,
        string query = ""
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/token" + query)
        {
            Content = new FormUrlEncodedContent(form),
        };
        return await Send(request, authorization, address);
    }

    public async Task<Answer> Send(HttpRequestMessage request, string? authorization = null, string? address = null)
    {
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (address is not null)
            request.Headers.Add("X-Test-Address", address);
        using var response = await Http.SendAsync(request);
        return await Answer.Read(response);
    }

    public Task<Answer> TokenBySecret(
        TestClient partner,
        string? scope = null,
        string? secret = null,
        string? address = null
    )
    {
        var form = Form(("client_id", partner.ClientId), ("client_secret", secret ?? partner.Secret!));
        if (scope is not null)
            form.Add(new("scope", scope));
        return Post(form, address: address);
    }

    public Task<Answer> TokenByAssertion(string assertion, string? address = null) =>
        Post(AssertionForm(assertion), address: address);

    public static List<KeyValuePair<string, string>> AssertionForm(string assertion) =>
        Form(
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion)
        );

    public static List<KeyValuePair<string, string>> Form(params (string Name, string Value)[] fields) =>
        [
            new("grant_type", "client_credentials"),
            .. fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)),
        ];

    public async Task<string> Token(TestClient partner, string? scope = null) =>
        (await TokenBySecret(partner, scope)).Text("access_token");

    public async Task<Answer> WhoAmI(string? token, string scheme = "Bearer ")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "test/whoami");
        return await Send(request, token is null ? null : scheme + token);
    }

    /// <summary>The claims of a good assertion; a test spoils one of them.</summary>
    public JsonObject Claims(TestClient partner) =>
        new()
        {
            ["iss"] = partner.ClientId,
            ["sub"] = partner.ClientId,
            ["aud"] = Issuer,
            ["iat"] = Now.ToUnixTimeSeconds(),
            ["exp"] = Now.ToUnixTimeSeconds() + 120,
            ["jti"] = Guid.CreateVersion7().ToString(),
        };

    public string Assertion(TestClient partner, Action<JsonObject>? change = null, JsonObject? header = null)
    {
        var claims = Claims(partner);
        change?.Invoke(claims);
        return partner.Key!.Sign(claims, header);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await Stores.DisposeAsync();
        if (ownsDatabase)
            await database.DisposeAsync();
    }

    /// <summary>Tests come from 127.0.0.1 alone; a client elsewhere is played by a header.</summary>
    sealed class ElsewhereFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            pipeline =>
            {
                pipeline.Use(
                    (context, rest) =>
                    {
                        if (context.Request.Headers["X-Test-Address"].FirstOrDefault() is { } address)
                            context.Connection.RemoteIpAddress = IPAddress.Parse(address);
                        return rest(context);
                    }
                );
                next(pipeline);
            };
    }
}

/// <summary>One server for the tests of a class that leave each other alone: each has clients of its own.</summary>
public sealed class SharedTokenHost : IAsyncLifetime
{
    TokenHost? host;

    internal TokenHost Host => host!;

    public async ValueTask InitializeAsync() => host = await TokenHost.Start();

    public ValueTask DisposeAsync() => host!.DisposeAsync();
}
