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
    bool ownsDatabase = true;
    string[] nodeSettings = [];
    WebApplication? app;

    TradeApiHost(string directory, string? database, ShiftedClock clock)
    {
        this.directory = directory;
        this.database = database;
        Clock = clock;
    }

    public ShiftedClock Clock { get; }

    /// <summary>On PostgreSQL, how it connects.</summary>
    public string ConnectionString => $"{PostgresServer};Database={database}";

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public IServiceProvider Services => app!.Services;

    public Stores Stores => app!.Services.GetRequiredService<Stores>();

    public Registers Registers => app!.Services.GetRequiredService<Registers>();

    /// <summary>Every route of the program, with its methods.</summary>
    public IEnumerable<RouteEndpoint> Routes =>
        app!.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <summary>Starts on a fresh database, with the clock at noon of the day on which the files of `tests/data` play.</summary>
    public static async Task<TradeApiHost> Start(
        string databaseKind,
        DateTimeOffset? now = null,
        params string[] settings
    )
    {
        var folder = Directory.CreateTempSubdirectory("tradeapi-test-").FullName;
        var own = databaseKind == "postgres" ? await CreateDatabase() : null;
        var clock = new ShiftedClock(now ?? new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
        var host = new TradeApiHost(folder, own, clock) { nodeSettings = settings };
        await host.StartAgain();
        return host;
    }

    /// <summary>Another node on the same PostgreSQL database; it is stopped before this one is disposed of.</summary>
    public async Task<TradeApiHost> StartSecondNode(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("tradeapi-test-").FullName;
        var node = new TradeApiHost(folder, database, Clock) { ownsDatabase = false, nodeSettings = settings };
        await node.StartAgain();
        return node;
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
        await ImportSharedOrganisations();
        await using var file = File.OpenRead(TestData.Path("register.csv"));
        var report = await new RegisterImport(Stores.Sandbox, Clock).Run(file, CancellationToken.None);
        Assert.Empty(report.FirstRefused);
    }

    public async Task ImportSharedOrganisations() =>
        await ImportOrganisations(await File.ReadAllTextAsync(TestData.Path("organisations.json")));

    public async Task ImportOrganisations(string json, bool live = false)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var report = await new OrganisationImport(Stores, Clock).Run(file, live, CancellationToken.None);
        Assert.Empty(report.Refused);
    }

    /// <summary>Takes in vehicles by lines of a register file, header first.</summary>
    public async Task<RegisterReport> ImportRegister(string csv, bool live = false)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        return await new RegisterImport(live ? Stores.Live : Stores.Sandbox, Clock).Run(file, CancellationToken.None);
    }

    /// <summary>New software of an organisation, with a token.</summary>
    public async Task<Partner> Partner(
        string organisation,
        string environment = "sandbox",
        string? scope = null,
        bool keepersByContract = false
    )
    {
        var added = await new ClientStore(Stores, Clock).Add(
            organisation,
            environment,
            null,
            "test",
            keepersByContract
        );
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
            "replaced_document",
            "mandate",
            "keeper_change",
            "payload",
            "submission",
            "submission_result",
            "idempotency_key",
            "ledger_page",
            "ledger_told",
            "trial_vehicle",
            "trial_notice",
            "keeper_enquiry",
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

    /// <summary>Waits until somebody waits for a lock, on PostgreSQL.</summary>
    public Task SomebodyWaits() =>
        Eventually.Holds(async () =>
            await QueryRegister<long>(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            ) > 0
        );

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await Stop();
        Directory.Delete(directory, recursive: true);
        if (database is null || !ownsDatabase)
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
        if (database is not null)
        {
            yield return "--TradeApi:Database=postgres";
            yield return $"--ConnectionStrings:TradeApi={ConnectionString}";
        }
        foreach (var setting in nodeSettings)
            yield return setting;
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
