using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace TradeApi.Database;

/// <summary>
/// One of the three stores: a file of its own on SQLite, a schema of its own on PostgreSQL. SQL is the same text on
/// both wherever it can be; where it cannot, the difference stands here or in <see cref="Bulk"/>, with its reason.
/// </summary>
sealed class Store : IAsyncDisposable
{
    readonly string? sqliteConnection;
    readonly NpgsqlDataSource? postgres;
    readonly NpgsqlDataSource? postgresWriter;

    // SQLite would count whatever it allocates, under one lock for all threads, and nobody asks. It can be told so only before
    // its first connection; told later it counts on.
    static Store()
    {
        SQLitePCL.Batteries_V2.Init();
        _ = SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    Store(string name, string? sqliteConnection, NpgsqlDataSource? postgres, NpgsqlDataSource? postgresWriter)
    {
        Name = name;
        this.sqliteConnection = sqliteConnection;
        this.postgres = postgres;
        this.postgresWriter = postgresWriter;
        Writer = sqliteConnection is null ? null : new SqliteWriter(OpenSqlite);
    }

    public string Name { get; }

    /// <summary>Which migrations it has: those of the control store, or those of a register.</summary>
    public string Kind => Name == "control" ? "control" : "register";

    public bool IsPostgres => postgres is not null;

    /// <summary>Who writes, on SQLite; null on PostgreSQL, where many do.</summary>
    public SqliteWriter? Writer { get; }

    public static Store OnSqlite(string name, string directory)
    {
        Directory.CreateDirectory(directory);
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(directory, name + ".db"),
            DefaultTimeout = 60,
            ForeignKeys = true,
        };
        return new Store(name, connection.ToString(), null, null);
    }

    public static Store OnPostgres(string name, string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString)
        {
            SearchPath = name,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            ApplicationName = "TradeApi",
            // Nothing is ever set for longer than a transaction, so there is nothing to set back.
            NoResetOnClose = true,
            // A commit is waited for without end, so the system has to tell when the other machine is gone. Seconds.
            TcpKeepAlive = true,
            TcpKeepAliveTime = 10,
            TcpKeepAliveInterval = 5,
        };
        // What writes, and some of what reads, asks for rows by their keys, some thousand at a time. A hash or merge join over
        // the whole table is never right for that, however the statistics look at the moment; so the plan cannot change to one.
        var writer = new NpgsqlConnectionStringBuilder(connection.ConnectionString)
        {
            Options =
                $"{connection.Options} -c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off "
                + "-c plan_cache_mode=force_generic_plan -c jit=off",
            // A batch is some hundred kilobytes each way.
            ReadBufferSize = 64 * 1024,
            WriteBufferSize = 64 * 1024,
        };
        return new Store(name, null, NpgsqlDataSource.Create(connection), NpgsqlDataSource.Create(writer));
    }

    /// <summary>Opens a connection to read with. Statements that belong together in writing go through <see cref="Begin"/>.</summary>
    public async Task<DbConnection> Open(CancellationToken cancel = default)
    {
        if (postgres is not null)
            return await postgres.OpenConnectionAsync(cancel);
        return await OpenSqlite(cancel);
    }

    async Task<SqliteConnection> OpenSqlite(CancellationToken cancel)
    {
        var connection = new SqliteConnection(sqliteConnection);
        await connection.OpenAsync(cancel);
        // WAL lets readers go on while one writes; FULL makes an acknowledged commit survive a power cut.
        await Set(connection, "pragma journal_mode = wal; pragma synchronous = full", cancel);
        return connection;
    }

    /// <summary>
    /// Opens a connection to read with where rows are asked for by their keys alone, in a statement of which the planner cannot
    /// know how few they are.
    /// </summary>
    public async Task<DbConnection> OpenByKeys(CancellationToken cancel = default) =>
        postgresWriter is null ? await Open(cancel) : await postgresWriter.OpenConnectionAsync(cancel);

    internal static async Task Set(SqliteConnection connection, string pragmas, CancellationToken cancel)
    {
        await using var pragma = connection.CreateCommand();
        pragma.CommandText = pragmas;
        await pragma.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Begins a transaction that writes. On SQLite it holds the write lock from the start, so it never has to turn back.</summary>
    public async Task<Transaction> Begin(CancellationToken cancel = default)
    {
        if (Writer is not null)
            return new Transaction(this, await Writer.Begin(cancel), Writer);
        var connection = await postgresWriter!.OpenConnectionAsync(cancel);
        try
        {
            return new Transaction(this, connection, await connection.BeginTransactionAsync(cancel));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a transaction on SQLite that reads what is committed by its first statement, while another writes.</summary>
    public async Task<Transaction> BeginReading(CancellationToken cancel)
    {
        var connection = await OpenSqlite(cancel);
        try
        {
            return new Transaction(this, connection, connection.BeginTransaction(deferred: true));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The condition that a column has one of the values of a list parameter; the list is made by <c>List</c>.</summary>
    /// <remarks>PostgreSQL takes an array as one parameter, SQLite has none and takes the same list as a JSON text.</remarks>
    public string AnyOf(string parameter) =>
        IsPostgres ? $"= any({parameter})" : $"in (select value from json_each({parameter}))";

    /// <summary>A list of texts as the value of one parameter.</summary>
    public object List(IEnumerable<string> values) =>
        IsPostgres ? values.ToArray() : System.Text.Json.JsonSerializer.Serialize(values);

    /// <summary>A list of ids as the value of one parameter.</summary>
    public object List(IEnumerable<Guid> ids) => IsPostgres ? ids.ToArray() : List(ids.Select(id => id.ToString("D")));

    /// <summary>
    /// A list parameter as a table <c>n</c> with the column <c>id</c>; the list is made by <c>List</c>. For what is kept by the
    /// month: an id that is joined leads to its month, while for "any of these" each is looked up in every month.
    /// </summary>
    public string Each(string parameter) =>
        IsPostgres ? $"unnest({parameter}) as n (id)" : $"(select value as id from json_each({parameter})) n";

    /// <summary>
    /// Two lists of one length as a table <c>n</c> with the columns <c>a</c> and <c>b</c>; their parameters are made by
    /// <see cref="PairsOf"/>. For a key of two columns: of "any of these and any of those" PostgreSQL 15 looks only the
    /// first up in the index, and then passes through all that an organisation has.
    /// </summary>
    public string Pairs =>
        IsPostgres
            ? "unnest(@A, @B) as n (a, b)"
            : "(select json_extract(value, '$[0]') as a, json_extract(value, '$[1]') as b from json_each(@A)) n";

    /// <summary>The parameters of <see cref="Pairs"/>.</summary>
    public object PairsOf(IReadOnlyCollection<(string A, string B)> pairs) =>
        IsPostgres
            ? new { A = pairs.Select(pair => pair.A).ToArray(), B = pairs.Select(pair => pair.B).ToArray() }
            : new { A = System.Text.Json.JsonSerializer.Serialize(pairs.Select(pair => new[] { pair.A, pair.B })) };

    /// <summary>
    /// A table of this store in a statement that may run on a connection of another: on PostgreSQL the three are schemas of one
    /// database.
    /// </summary>
    public string Table(string name) => IsPostgres ? $"{Name}.{name}" : name;

    /// <summary>The column that says where in its table a row is.</summary>
    public string PlaceColumn => IsPostgres ? "ctid" : "rowid";

    /// <summary>The clause that passes over rows of a table which another transaction holds.</summary>
    public string ForUpdateSkipLocked(string table) => IsPostgres ? $"for update of {table} skip locked" : "";

    public async ValueTask DisposeAsync()
    {
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
            await postgresWriter!.DisposeAsync();
        }
        else
        {
            await Writer!.DisposeAsync();
            SqliteConnection.ClearPool(new SqliteConnection(sqliteConnection));
        }
    }
}

/// <summary>
/// A transaction with its connection, which writes unless it was begun to read. What is not committed is rolled back when it is
/// disposed of.
/// </summary>
sealed class Transaction : IAsyncDisposable
{
    /// <summary>As the time-out of a command: it ends when it ends.</summary>
    public const int NoTimeout = 0;

    readonly SqliteWriter? writer;

    /// <summary>One with a connection of its own.</summary>
    public Transaction(Store store, DbConnection connection, DbTransaction transaction) =>
        (Store, Connection, Inner) = (store, connection, transaction);

    /// <summary>One that writes on SQLite, by the connection of all that do.</summary>
    public Transaction(Store store, SqliteTransaction transaction, SqliteWriter writer)
        : this(store, transaction.Connection!, transaction) => (this.writer, Number) = (writer, writer.Ended + 1);

    /// <summary>On SQLite which of those that write it is, counted from 1; else 0.</summary>
    public long Number { get; }

    public Store Store { get; }

    public DbConnection Connection { get; }

    public DbTransaction Inner { get; }

    /// <summary>
    /// Commits. It cannot be cancelled, for its outcome would be unknown, and no time-out ends it on PostgreSQL: the driver would
    /// ask the server to give up, which it may do by no longer waiting for a replica that a commit is promised to be on.
    /// </summary>
    public async Task Commit()
    {
        if (Store.IsPostgres)
            await Connection.ExecuteAsync("commit", commandTimeout: NoTimeout);
        else
            await Inner.CommitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Inner.DisposeAsync();
        }
        finally
        {
            if (writer is null)
                await Connection.DisposeAsync();
            else
                writer.End();
        }
    }
}

/// <summary>The three stores of one program: partners, and the two registers.</summary>
sealed class Stores(Store control, Store sandbox, Store live) : IAsyncDisposable
{
    public Store Control => control;

    public Store Sandbox => sandbox;

    public Store Live => live;

    public IEnumerable<Store> All => [control, sandbox, live];

    public IEnumerable<Store> Registers => [sandbox, live];

    /// <summary>The register of an environment: <c>sandbox</c> or <c>live</c>.</summary>
    public Store Register(string environment) =>
        environment switch
        {
            "sandbox" => sandbox,
            "live" => live,
            _ => throw new ArgumentOutOfRangeException(nameof(environment), environment, "No such register"),
        };

    public static Stores From(Settings settings)
    {
        Store Open(string name) =>
            settings.Database switch
            {
                "sqlite" => Store.OnSqlite(name, settings.DataDirectory),
                "postgres" => Store.OnPostgres(name, settings.ConnectionString),
                var other => throw new InvalidOperationException(
                    $"TradeApi__Database is '{other}'; it must be 'sqlite' or 'postgres'."
                ),
            };
        return new Stores(Open("control"), Open("sandbox"), Open("live"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in All)
            await store.DisposeAsync();
    }
}
