using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using TradeApi.Commands;
using TradeApi.Database;
using TradeApi.Organisations;
using TradeApi.Register;
using TradeApi.Tokens;
using TradeApi.Vehicles;

namespace TradeApi.Tests;

/// <summary>The two databases; every test that touches one runs on both.</summary>
public sealed class OnBothDatabases : TheoryData<string>
{
    public OnBothDatabases()
    {
        Add("sqlite");
        Add("postgres");
    }
}

/// <summary>The whole program in this process, on a database of its own, listening on a private port.</summary>
sealed class TradeApiHost : IAsyncDisposable
{
    /// <summary>The PostgreSQL server that `tests/run` starts.</summary>
    public static string? PostgresServer => Environment.GetEnvironmentVariable("TRADEAPI_TEST_POSTGRES");

    readonly string directory;
    readonly string? database;
    WebApplication? app;

    TradeApiHost(string directory, string? database, ShiftedClock clock)
    {
        this.directory = directory;
        this.database = database;
        Clock = clock;
    }

    public ShiftedClock Clock { get; }

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public IServiceProvider Services => app!.Services;

    public Stores Stores => app!.Services.GetRequiredService<Stores>();

    public Registers Registers => app!.Services.GetRequiredService<Registers>();

    /// <summary>Every route of the program, with its methods.</summary>
    public IEnumerable<RouteEndpoint> Routes =>
        app!.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <summary>Starts on a fresh database, with the clock at noon of the day on which the files of `tests/data` play.</summary>
    public static async Task<TradeApiHost> Start(string databaseKind, DateTimeOffset? now = null)
    {
        var folder = Directory.CreateTempSubdirectory("tradeapi-test-").FullName;
        var own = databaseKind == "postgres" ? await CreateDatabase() : null;
        var clock = new ShiftedClock(now ?? new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
        var host = new TradeApiHost(folder, own, clock);
        await host.StartAgain();
        return host;
    }

    /// <summary>Starts the program on the same data, as after a stop.</summary>
    public async Task StartAgain()
    {
        app = await Server.Build(
            [.. Arguments()],
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(Clock);
                builder.Logging.ClearProviders();
            }
        );
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Address = new Uri(addresses.Addresses.First());
    }

    public async Task Stop()
    {
        await app!.StopAsync();
        await app.DisposeAsync();
        app = null;
    }

    /// <summary>Takes in the organisations and the register of `tests/data`.</summary>
    public async Task ImportSharedData()
    {
        await ImportOrganisations(await File.ReadAllTextAsync(TestData.Path("organisations.json")));
        await using var file = File.OpenRead(TestData.Path("register.csv"));
        var report = await new RegisterImport(Stores.Sandbox, Clock).Run(file, CancellationToken.None);
        Assert.Empty(report.Refused);
    }

    public async Task ImportOrganisations(string json, bool live = false)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var report = await new OrganisationImport(Stores, Clock).Run(file, live, CancellationToken.None);
        Assert.Empty(report.Refused);
    }

    /// <summary>Takes in vehicles by lines of a register file, header first.</summary>
    public async Task<ImportReport> ImportRegister(string csv, bool live = false)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        return await new RegisterImport(live ? Stores.Live : Stores.Sandbox, Clock).Run(file, CancellationToken.None);
    }

    /// <summary>New software of an organisation, with a token.</summary>
    public async Task<Partner> Partner(string organisation, string environment = "sandbox", string? scope = null)
    {
        var added = await new ClientStore(Stores, Clock).Add(organisation, environment, null, "test");
        var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(100) };
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = added.ClientId,
            ["client_secret"] = added.Secret!,
        };
        if (scope is not null)
            form["scope"] = scope;
        using var response = await http.PostAsync("/oauth2/token", new FormUrlEncodedContent(form));
        var token = await response.Content.ReadFromJsonAsync<JsonObject>();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            (string)token!["access_token"]!
        );
        return new Partner(http, organisation, added.ClientId);
    }

    /// <summary>Whatever a test has done, what must always hold still holds.</summary>
    public async Task AssertClean() => Assert.Empty(await Verification.Run(Stores, CancellationToken.None));

    /// <summary>How many rows each table of the sandbox register has.</summary>
    public async Task<string> CountRows()
    {
        string[] tables =
        [
            "vehicle",
            "keepership",
            "document",
            "mandate",
            "keeper_change",
            "payload",
            "submission",
            "submission_result",
            "idempotency_key",
            "ledger_leaf",
        ];
        var counts = new List<string>();
        foreach (var table in tables)
            counts.Add($"{table} {await QueryRegister<long>($"select count(*) from {table}")}");
        return string.Join(", ", counts);
    }

    /// <summary>Does what no caller can do: plants a defect, or a fault of the database.</summary>
    public async Task ExecuteRegister(string sql, object? parameters = null)
    {
        await using var transaction = await Stores.Sandbox.Begin();
        await transaction.Connection.ExecuteAsync(sql, parameters, transaction.Inner);
        await transaction.Commit();
    }

    /// <summary>From now on the database fails when a row like this is inserted, and all goes back that the transaction did.</summary>
    public Task FailOn(string table, string condition) =>
        ExecuteRegister(
            Stores.Sandbox.IsPostgres
                ? $"""
                create function fault() returns trigger language plpgsql as
                $$ begin if {condition} then raise exception 'planted'; end if; return new; end $$;
                create trigger fault before insert on {table} for each row execute function fault()
                """
                : $"create trigger fault before insert on {table} when {condition} begin select raise(abort, 'planted'); end"
        );

    public Task StopFailing(string table) =>
        ExecuteRegister(
            Stores.Sandbox.IsPostgres ? $"drop trigger fault on {table}; drop function fault()" : "drop trigger fault"
        );

    public async Task ExecuteControl(string sql, object? parameters = null)
    {
        await using var transaction = await Stores.Control.Begin();
        await transaction.Connection.ExecuteAsync(sql, parameters, transaction.Inner);
        await transaction.Commit();
    }

    public async Task<T> QueryRegister<T>(string sql, object? parameters = null)
    {
        await using var connection = await Stores.Sandbox.Open();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await Stop();
        Directory.Delete(directory, recursive: true);
        if (database is null)
            return;
        NpgsqlConnection.ClearAllPools();
        await using var server = new NpgsqlConnection(PostgresServer);
        await server.ExecuteAsync($"drop database {database} with (force)");
    }

    IEnumerable<string> Arguments()
    {
        yield return "--urls=http://127.0.0.1:0";
        yield return "--TradeApi:Issuer=http://tradeapi.test/";
        yield return $"--TradeApi:DataDirectory={directory}";
        if (database is null)
            yield break;
        yield return "--TradeApi:Database=postgres";
        yield return $"--ConnectionStrings:TradeApi={PostgresServer};Database={database}";
    }

    static async Task<string> CreateDatabase()
    {
        Assert.SkipWhen(PostgresServer is null, "No PostgreSQL: tests/run starts one and says where it is.");
        var name = "test_" + Guid.CreateVersion7().ToString("N");
        await using var server = new NpgsqlConnection(PostgresServer);
        await server.ExecuteAsync($"create database {name}");
        return name;
    }
}

/// <summary>A clock that starts at a given instant and runs on, and can be put forward.</summary>
sealed class ShiftedClock(DateTimeOffset start) : TimeProvider
{
    readonly long began = System.GetTimestamp();
    TimeSpan shift;

    public override DateTimeOffset GetUtcNow() => start + shift + System.GetElapsedTime(began);

    public void Advance(TimeSpan by) => shift += by;
}

/// <summary>A partner's software with a token, and the calls in the words of the contract.</summary>
sealed class Partner(HttpClient http, string organisation, string clientId)
{
    public HttpClient Http => http;

    /// <summary>Goes on with the same token at another address, as after a restart.</summary>
    public Partner MovedTo(Uri address)
    {
        var moved = new HttpClient { BaseAddress = address, Timeout = http.Timeout };
        moved.DefaultRequestHeaders.Authorization = http.DefaultRequestHeaders.Authorization;
        return new Partner(moved, organisation, clientId);
    }

    public string Organisation => organisation;

    public string ClientId => clientId;

    public static string NewKey() => Guid.CreateVersion7().ToString("N");

    /// <summary>Sends one notice, as JSON text.</summary>
    public Task<Reply> Send(string notice, string? key = null) =>
        Call(HttpMethod.Post, "/v1/keeper-changes", Json(notice), key ?? NewKey());

    public Task<Reply> Send(JsonObject notice, string? key = null) => Send(notice.ToJsonString(), key);

    /// <summary>Sends a body as it stands, of whatever media type.</summary>
    public Task<Reply> SendBody(
        byte[] body,
        string? mediaType = "application/json",
        string? key = null,
        string path = "/v1/keeper-changes",
        Action<HttpRequestMessage>? adjust = null
    )
    {
        var content = new ByteArrayContent(body);
        if (mediaType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        return Call(HttpMethod.Post, path, content, key ?? NewKey(), adjust: adjust);
    }

    public Task<Reply> Validate(string notice) =>
        Call(HttpMethod.Post, "/v1/keeper-changes/validate", Json(notice), null);

    public Task<Reply> Validate(JsonObject notice) => Validate(notice.ToJsonString());

    public Task<Reply> Get(string path, string? accept = null) => Call(HttpMethod.Get, path, null, null, accept);

    /// <summary>Sends a file and, unless told otherwise, waits for its end.</summary>
    public Task<Reply> SendFile(
        byte[] file,
        string mediaType = "application/x-ndjson",
        string? key = null,
        string query = "",
        string? wait = "wait=30",
        Action<HttpRequestMessage>? adjust = null
    )
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return Call(
            HttpMethod.Post,
            "/v1/submissions" + query,
            content,
            key ?? NewKey(),
            adjust: request =>
            {
                if (wait is not null)
                    request.Headers.Add("Prefer", wait);
                adjust?.Invoke(request);
            }
        );
    }

    /// <summary>Asks for a submission until it is as it should be.</summary>
    public async Task<Reply> Await(string submissionId, Func<Reply, bool> asExpected)
    {
        for (var i = 0; i < 300; i++)
        {
            var reply = await Get($"/v1/submissions/{submissionId}");
            if (asExpected(reply))
                return reply;
            await Task.Delay(100);
        }
        throw new TimeoutException((await Get($"/v1/submissions/{submissionId}")).Text);
    }

    /// <summary>The results of a submission, all rows.</summary>
    public async Task<IReadOnlyList<JsonObject>> Results(string submissionId, string query = "")
    {
        var reply = await Get($"/v1/submissions/{submissionId}/results{query}", "application/x-ndjson");
        Assert.Equal(200, reply.Status);
        return reply
            .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!.AsObject())
            .ToList();
    }

    public async Task<Reply> Call(
        HttpMethod method,
        string path,
        HttpContent? content = null,
        string? key = null,
        string? accept = null,
        Action<HttpRequestMessage>? adjust = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        adjust?.Invoke(request);
        using var response = await http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var reply = new Reply((int)response.StatusCode, bytes, response.Headers, response.Content.Headers);
        Assert.True(reply.Status < 500, $"{method} {path} answered {reply.Status}: {reply.Text}");
        return reply;
    }

    static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}

/// <summary>An answer.</summary>
sealed record Reply(int Status, byte[] Bytes, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonObject Json => JsonNode.Parse(Bytes)!.AsObject();

    public string? String(string member) => (string?)Json[member];

    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) || ContentHeaders.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    /// <summary>The codes of its findings.</summary>
    public IReadOnlyList<string> Codes => CodesOf(Json);

    public static IReadOnlyList<string> CodesOf(JsonObject json) =>
        json["findings"] is JsonArray findings ? findings.Select(finding => (string)finding!["code"]!).ToList() : [];
}

static class TestData
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string Path(string file) => System.IO.Path.Combine(Root, "tests", "data", file);

    static string FindRoot(string directory) =>
        File.Exists(System.IO.Path.Combine(directory, "TradeApi.sln"))
            ? directory
            : FindRoot(
                System.IO.Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("TradeApi.sln")
            );
}
