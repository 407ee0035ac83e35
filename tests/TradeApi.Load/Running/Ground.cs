using System.Globalization;
using Npgsql;
using TradeApi.Load.Register;

namespace TradeApi.Load.Running;

/// <summary>What faults are tried on: a register of made-up vehicles on a database of its own, and a trader's client.</summary>
sealed class Ground : IAsyncDisposable
{
    readonly string directory = Leftovers.Folder("tradeapi-ground-");
    readonly Dictionary<string, string> settings = new(StringComparer.Ordinal);
    readonly Uri issuer = new($"http://127.0.0.1:{PostgresServer.FreePort()}/");

    Ground(PostgresServer? server) => Server = server;

    public PostgresServer? Server { get; }

    public Credentials Trader { get; private set; } = new("", "");

    public Credentials OtherTrader { get; private set; } = new("", "");

    /// <summary>Every start of the server is the first after a fault: little memory, so that it is a quick one.</summary>
    public static readonly string[] ServerSettings = ["shared_buffers=256MB", "min_wal_size=1GB", "max_wal_size=2GB"];

    /// <param name="database">postgres or sqlite.</param>
    /// <param name="vehicles">How many vehicles the register has.</param>
    /// <param name="furtherSettings">Of the PostgreSQL server.</param>
    public static async Task<Ground> Prepare(string database, long vehicles, params string[] furtherSettings)
    {
        var server =
            database == "postgres" ? await PostgresServer.Start(null, [.. ServerSettings, .. furtherSettings]) : null;
        var ground = new Ground(server);
        if (server is null)
            ground.settings["TradeApi__DataDirectory"] = ground.directory;
        else
        {
            await using var admin = NpgsqlDataSource.Create(server.ConnectionString);
            await using (var create = admin.CreateCommand("create database tradeapi"))
                await create.ExecuteNonQueryAsync();
            ground.settings["TradeApi__Database"] = "postgres";
            ground.ConnectTo(server);
        }
        // All nodes are one service to their partners.
        ground.settings["TradeApi__Issuer"] = ground.issuer.ToString();
        await ground.Fill(vehicles);
        return ground;
    }

    /// <summary>New hosts use these servers, whichever of them takes writes.</summary>
    public void ConnectTo(params PostgresServer[] servers)
    {
        var hosts = string.Join(
            ',',
            servers.Select(server => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}"))
        );
        settings["ConnectionStrings__TradeApi"] =
            $"Host={hosts};Username=postgres;Database=tradeapi;Maximum Pool Size=40"
            + (servers.Length > 1 ? ";Target Session Attributes=primary;Host Recheck Seconds=1" : "");
    }

    /// <summary>A node that is not started yet.</summary>
    public Host Node(string roles = "api,worker", int leaveSeconds = 0)
    {
        var own = new Dictionary<string, string>(settings, StringComparer.Ordinal)
        {
            ["TradeApi__Roles"] = roles,
            ["TradeApi__LeaveSeconds"] = leaveSeconds.ToString(CultureInfo.InvariantCulture),
        };
        return new Host(own);
    }

    async Task Fill(long vehicles)
    {
        await using var host = Node();
        await host.Run("migrate");
        var organisations = Path.Combine(directory, "organisations.json");
        await File.WriteAllTextAsync(organisations, MadeUp.Organisations);
        await host.Run("import", "organisations", organisations);
        if (Server is null)
            MadeUpRegister.FillSqlite(Path.Combine(directory, "sandbox.db"), vehicles);
        else
            await MadeUpRegister.FillPostgres(settings["ConnectionStrings__TradeApi"], vehicles);
        Trader = await host.AddClient(MadeUp.Trader);
        OtherTrader = await host.AddClient(MadeUp.OtherTrader);
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
