using System.Diagnostics;
using Dapper;
using Npgsql;
using TradeApi.Database;
using TradeApi.Load.Running;

namespace TradeApi.Load.Register;

/// <summary>
/// A host over a register of made-up vehicles. On PostgreSQL the register is filled once into a template, which stays in
/// a server whose folder is kept; each bench gets a copy of its own, which goes with it.
/// </summary>
sealed class LoadedRegister : IAsyncDisposable
{
    readonly PostgresServer? server;

    LoadedRegister(PostgresServer? server, long vehicles, string directory)
    {
        this.server = server;
        Vehicles = vehicles;
        Directory = directory;
        Host = server is null ? Host.OnSqlite(directory) : Host.OnPostgres(ConnectionString);
    }

    public long Vehicles { get; }

    /// <summary>A folder for files that go with the register.</summary>
    public string Directory { get; }

    public Host Host { get; }

    /// <summary>The copy, on PostgreSQL.</summary>
    public string ConnectionString => $"{server!.ConnectionString};Database=run";

    public bool IsPostgres => server is not null;

    public static async Task<LoadedRegister> Make(PostgresServer? server, long vehicles)
    {
        var directory = Leftovers.Folder("tradeapi-load-");
        var register = new LoadedRegister(server, vehicles, directory);
        if (server is not null)
        {
            await Copy(server, await Template(server, vehicles));
            return register;
        }
        await Begin(register.Host);
        MadeUpRegister.FillSqlite(Path.Combine(directory, "sandbox.db"), vehicles);
        return register;
    }

    /// <summary>
    /// Reads the vehicles and their indexes into the memory of PostgreSQL: a copy that has just been made lies on the disk, and
    /// reading it would be measured as well.
    /// </summary>
    public async Task Warm()
    {
        // The database goes, and the next one has its name: a connection that is kept would lead nowhere.
        await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        var pages = await connection.ExecuteScalarAsync<long>(
            """
            create extension if not exists pg_prewarm;
            select sum(pg_prewarm(c.oid))
              from pg_class c
              left join pg_index i on i.indexrelid = c.oid
             where coalesce(i.indrelid, c.oid) = 'sandbox.vehicle'::regclass
               and c.relkind in ('r', 'i')
            """,
            commandTimeout: 3600
        );
        Console.WriteLine(FormattableString.Invariant($"{Vehicles:#,0} vehicles are {pages / 128:#,0} MiB in memory"));
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
        if (server is null)
            return;
        await using var admin = new NpgsqlConnection(server.ConnectionString);
        await admin.ExecuteAsync("drop database if exists run with (force)");
    }

    static async Task Copy(PostgresServer server, string template)
    {
        await using var admin = new NpgsqlConnection(server.ConnectionString);
        await admin.ExecuteAsync("drop database if exists run with (force)");
        await admin.ExecuteAsync($"create database run template {template} strategy file_copy", commandTimeout: 3600);
        await server.MakeLogFiles();
        // What the copy has left to be written would otherwise be written while something is measured.
        await admin.ExecuteAsync("checkpoint;", commandTimeout: 3600);
    }

    static async Task<string> Template(PostgresServer server, long vehicles)
    {
        var name = $"register_{vehicles}";
        await using var admin = new NpgsqlConnection(server.ConnectionString);
        if (
            await admin.ExecuteScalarAsync<bool>(
                "select exists (select 1 from pg_database where datname = @name)",
                new { name }
            )
        )
        {
            if (await IsOfThisVersion($"{server.ConnectionString};Database={name}"))
                return name;
            await admin.ExecuteAsync($"drop database {name}");
        }
        await admin.ExecuteAsync("drop database if exists filling with (force)");
        await admin.ExecuteAsync("create database filling");
        var connection = $"{server.ConnectionString};Database=filling";
        await using var host = Host.OnPostgres(connection);
        await Begin(host);
        var clock = Stopwatch.StartNew();
        await MadeUpRegister.FillPostgres(connection, vehicles);
        Console.WriteLine(
            FormattableString.Invariant($"{vehicles:#,0} vehicles made up in {clock.Elapsed.TotalSeconds:F0} s")
        );
        NpgsqlConnection.ClearAllPools();
        await admin.ExecuteAsync($"alter database filling rename to {name}");
        return name;
    }

    // What a migration has rewritten does not lie in its pages as what was written in the first place.
    static async Task<bool> IsOfThisVersion(string connection)
    {
        await using var host = Host.OnPostgres(connection);
        await using var stores = host.OpenStores();
        try
        {
            await Migrator.Check(stores);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    static async Task Begin(Host host)
    {
        await host.Run("migrate");
        var organisations = Path.GetTempFileName();
        await File.WriteAllTextAsync(organisations, MadeUp.Organisations);
        await host.Run("import", "organisations", organisations);
        File.Delete(organisations);
    }
}
