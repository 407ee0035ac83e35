using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace TradeApi.Load.Running;

/// <summary>
/// A PostgreSQL server of our own on a private loopback port, with the settings that the operators' guide recommends; its
/// data lie in a folder of their own and go with it, unless they are to be kept.
/// </summary>
sealed class PostgresServer : IAsyncDisposable
{
    // 5 GB of log: what single notices need for some minutes. As many are kept as min_wal_size says.
    const int LogFiles = 320;

    const int FewHugePages = 1024;

    readonly bool keep;
    readonly HugePages hugePages = new();
    int? hugePagesNeeded;

    PostgresServer(string directory, int port, bool keep) => (Directory, Port, this.keep) = (directory, port, keep);

    public string Directory { get; }

    public int Port { get; }

    /// <summary>What a client connects with, without a database.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=postgres";

    public static readonly string[] Settings =
    [
        "max_connections=300",
        "shared_buffers=8GB",
        "min_wal_size=16GB",
        "max_wal_size=16GB",
        "checkpoint_timeout=15min",
        "wal_compression=lz4",
        "default_toast_compression=lz4",
        "jit=off",
        "synchronous_commit=on",
        "log_error_verbosity=terse",
        "idle_in_transaction_session_timeout=1min",
    ];

    /// <summary>The settings that the server of this run was started with last; none where there was none.</summary>
    public static IReadOnlyList<string> StartedWith { get; private set; } = [];

    /// <summary>Starts one; in a folder that is given and has data already, it goes on with them.</summary>
    public static async Task<PostgresServer> Start(string? keptIn = null, params string[] furtherSettings)
    {
        var directory = keptIn ?? Leftovers.Folder("tradeapi-load-pg-");
        System.IO.Directory.CreateDirectory(directory);
        var server = new PostgresServer(directory, FreePort(), keep: keptIn is not null);
        if (!File.Exists(Path.Combine(server.Data, "PG_VERSION")))
        {
            if (Environment.IsPrivilegedProcess)
                await Processes.Run("chown", ["postgres", directory]);
            await AsPostgres(
                "initdb",
                "-D",
                server.Data,
                "-A",
                "trust",
                "-U",
                "postgres",
                "--encoding=UTF8",
                "--locale=C.UTF-8"
            );
        }
        await server.Start(furtherSettings);
        return server;
    }

    /// <summary>
    /// Makes files of the log that are taken again from the next checkpoint on, as a server has them that has run for a while. A
    /// new one fills each with zeros when it needs it, 16 MB, and all commits wait for that.
    /// </summary>
    public async Task MakeLogFiles()
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(
            $"""
            set wal_init_zero = off;
            do $$
            begin
                for i in 1 .. {LogFiles} - (select count(*) from pg_ls_waldir()) loop
                    perform pg_logical_emit_message(false, '', '');
                    perform pg_switch_wal();
                end loop;
            end $$
            """
        );
        command.CommandTimeout = 3600;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Starts a replica of this server, which follows it under the name <c>replica</c>.</summary>
    public async Task<PostgresServer> StartReplica(params string[] furtherSettings)
    {
        var directory = Leftovers.Folder("tradeapi-load-pg-");
        var replica = new PostgresServer(directory, FreePort(), keep: false);
        if (Environment.IsPrivilegedProcess)
            await Processes.Run("chown", ["postgres", directory]);
        var port = Port.ToString(CultureInfo.InvariantCulture);
        string[] source = ["-h", "127.0.0.1", "-p", port, "-U", "postgres"];
        await AsPostgres("pg_basebackup", [.. source, "-D", replica.Data, "-R", "-X", "stream", "-c", "fast"]);
        await replica.Start([.. furtherSettings, "cluster_name=replica"]);
        return replica;
    }

    /// <summary>Makes a replica the primary.</summary>
    public Task Promote() => AsPostgres("pg_ctl", "-D", Data, "-w", "-t", "60", "promote");

    public async Task Start(params string[] furtherSettings)
    {
        StartedWith = [.. Settings, .. furtherSettings];
        string[] settings = [.. StartedWith.SelectMany(setting => (string[])["-c", setting])];
        await SetAsideHugePages(settings);
        await AsPostgres(
            "pg_ctl",
            "-D",
            Data,
            "-l",
            Path.Combine(Directory, "log"),
            "-w",
            "-t",
            "120",
            "-o",
            string.Create(
                CultureInfo.InvariantCulture,
                $"-p {Port} -k {Directory} -c listen_addresses=127.0.0.1 {string.Join(' ', settings)}"
            ),
            "start"
        );
        Leftovers.Forget(this);
        Leftovers.Add(this, () => StopWhatRuns("fast").GetAwaiter().GetResult());
        // The answer must come from the server that was started here, not from one that had the port before.
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand("show data_directory");
        if ((string?)await command.ExecuteScalarAsync() != Data)
            throw new InvalidOperationException($"Another server listens on port {Port}.");
    }

    // As the operators' guide recommends. Small buffers do well without. It is asked at the first start only: others are timed.
    async Task SetAsideHugePages(string[] settings)
    {
        hugePagesNeeded ??= int.Parse(
            await AsPostgres("postgres", ["-D", Data, .. settings, "-C", "shared_memory_size_in_huge_pages"]),
            CultureInfo.InvariantCulture
        );
        if (hugePagesNeeded >= FewHugePages)
            hugePages.SetAside(hugePagesNeeded.Value);
    }

    /// <summary>The process that has started all others of the server.</summary>
    public int ProcessId =>
        int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>The processes that the server has now, the first one before all that it has started.</summary>
    public IReadOnlyList<int> ProcessIds => [ProcessId, .. Processes.ChildrenOf(ProcessId)];

    /// <summary>kill -9 of the whole server, as when the power goes: nothing is flushed.</summary>
    public async Task Kill()
    {
        var all = ProcessIds;
        foreach (var process in all)
            Processes.Kill(process);
        await Ended(all);
    }

    /// <summary>Waits until processes of it are gone, and with them what would keep the next start from its data.</summary>
    public async Task Ended(IReadOnlyList<int> processes)
    {
        for (var patience = Stopwatch.StartNew(); processes.Any(Processes.IsAlive); await Task.Delay(5))
            if (patience.Elapsed > TimeSpan.FromSeconds(30))
                throw new TimeoutException("A process of PostgreSQL did not end.");
        // Where nobody takes note of their end they stay in the list of processes, and a start would wait for them.
        File.Delete(Path.Combine(Data, "postmaster.pid"));
        File.Delete(Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{Port}.lock")));
    }

    public async Task Stop(string mode = "fast")
    {
        await AsPostgres("pg_ctl", "-D", Data, "-m", mode, "-w", "stop");
        Leftovers.Forget(this);
    }

    Task StopWhatRuns(string mode) =>
        File.Exists(Path.Combine(Data, "postmaster.pid")) ? Stop(mode) : Task.CompletedTask;

    public string Data => Path.Combine(Directory, "data");

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await StopWhatRuns(keep ? "fast" : "immediate");
        hugePages.GiveBack();
        if (!keep)
            System.IO.Directory.Delete(Directory, recursive: true);
    }

    public static async Task<string> Version() =>
        "PostgreSQL " + (await AsPostgres("postgres", "--version")).Split(' ', StringSplitOptions.TrimEntries)[2];

    /// <summary>Runs a program of PostgreSQL, which will not run as root.</summary>
    public static Task<string> AsPostgres(string program, params string[] arguments) =>
        AsItsUser(Path.Combine(Programs, program), arguments);

    /// <summary>Runs any program as the user whose processes the server's are.</summary>
    public static Task<string> AsItsUser(string program, params string[] arguments) =>
        Environment.IsPrivilegedProcess
            ? Processes.Run("runuser", ["-u", "postgres", "--", program, .. arguments])
            : Processes.Run(program, arguments);

    static string Programs =>
        System
            .IO.Directory.EnumerateDirectories("/usr/lib/postgresql")
            .OrderBy(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))
            .Select(path => Path.Combine(path, "bin"))
            .LastOrDefault()
        ?? throw new InvalidOperationException("PostgreSQL is missing: install the package postgresql.");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
