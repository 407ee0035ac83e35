using System.Buffers;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;
using TradeApi.Load.Peers;
using TradeApi.Load.Register;
using TradeApi.Load.Results;
using TradeApi.Load.Running;

namespace TradeApi.Load.Bench;

/// <summary>
/// Notices sent singly, with all rules and durable, beside the same with a transaction each, an endpoint that only reads
/// them, a service that only stores them, and the database's own shortest transaction; all by turns in one run.
/// </summary>
static partial class SingleBench
{
    static readonly int[] Connections = [4, 32, 256];
    const string FloorDatabase = "floor";
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(24);
    const int CallsToWarmUp = 10_000;
    static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    public static Command Command()
    {
        var vehicles = new Option<long>("--vehicles") { DefaultValueFactory = _ => 1_000_000 };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 5 };
        var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 4 };
        var data = new Option<string?>("--data")
        {
            Description = "A folder in which the server and its register are kept for further runs.",
        };
        var only = new Option<string?>("--only")
        {
            Description = "One of the measured services alone, such as tradeapi.",
        };
        var command = new Command("single", "Notices sent singly.") { vehicles, rounds, seconds, data, only };
        command.SetAction(
            (arguments, _) =>
                Run(
                    arguments.GetValue(vehicles),
                    arguments.GetValue(rounds),
                    TimeSpan.FromSeconds(arguments.GetValue(seconds)),
                    arguments.GetValue(data),
                    arguments.GetValue(only)
                )
        );
        return command;
    }

    static async Task<int> Run(long vehicles, int rounds, TimeSpan duration, string? data, string? only)
    {
        var report = await Report.For(
            "single",
            ("vehicles", vehicles),
            ("rounds", rounds),
            ("seconds of each", duration.TotalSeconds)
        );
        await using var server = await PostgresServer.Start(data);
        await using var register = await LoadedRegister.Make(server, vehicles);
        await register.Warm();
        var host = register.Host;
        await using var alone = BaselineServers.On(register.ConnectionString, BaselineServers.Alone);
        await using var bare = BaselineServers.On(register.ConnectionString, BaselineServers.Bare);
        var credentials = await host.AddClient(MadeUp.Trader);
        var notices = new SingleNotices("S", 0, vehicles);
        // Those that come to nothing name the vehicles of the others again.
        var unread = new SingleNotices("U", 0, 1_000_000_000);
        await using var fastify = only is null or "fastify" ? await Peer.Fastify(server, data) : null;
        Target[] targets =
        [
            new(server, "tradeapi", host, "/v1/keeper-changes", notices),
            new(server, "alone", alone, BaselineServers.AlonePath, notices),
            new(server, "bare", bare, BaselineServers.BarePath, unread),
            new(server, "fastify", null, "/notices", unread) { PeerPort = fastify?.Port ?? 0 },
        ];
        targets = [.. targets.Where(target => only is null || target.Name == only)];
        foreach (var target in targets)
        {
            if (target.Host is not null)
                await target.Host.Serve();
            await target.SignIn(credentials);
            // By the clock and by calls: on a busy machine the clock alone leaves code half compiled.
            var calls = 0L;
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < WarmUp || calls < CallsToWarmUp; )
                calls += Check(target, await target.Closed(32, TimeSpan.Zero, WarmUp / 4)).Latencies.Count;
        }
        if (only is null)
            await MakeFloor(server);

        var rates = new Dictionary<(string, int), List<double>>();
        var results = new Dictionary<(string, int), LoadResult>();
        var floor = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var connections in Connections)
            foreach (var target in targets)
            {
                await target.SignIn(credentials);
                await WriteWhatIsLeft();
                var result = Check(target, await target.Closed(connections, Settling, duration));
                if (!rates.TryGetValue((target.Name, connections), out var list))
                    rates[(target.Name, connections)] = list = [];
                list.Add(result.Rate);
                results[(target.Name, connections)] = result;
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  round {round + 1}: {target.Name} at {connections}: {result.Rate:F0}/s, p50 {result.Latencies.Milliseconds(0.5):F1} ms, p99 {result.Latencies.Milliseconds(0.99):F1} ms, {target.Spent(result)}; {result.Counts}"
                    )
                );
            }
            if (only is null)
                floor.Add(await PgbenchRate(server, duration));
        }
        double Rate(string name, int connections) => Median(rates.GetValueOrDefault((name, connections), []));
        foreach (var connections in Connections)
        foreach (var target in targets)
        {
            var own = Rate(target.Name, connections);
            var latencies = results[(target.Name, connections)].Latencies;
            report.Add($"{target.Name} at {connections}", own, "per second");
            report.Add($"{target.Name} at {connections}, p50", latencies.Milliseconds(0.5), "ms");
            report.Add($"{target.Name} at {connections}, p99", latencies.Milliseconds(0.99), "ms");
        }
        if (only is null)
        {
            report.Add("pgbench simple-update at 32", Median(floor), "per second");
            foreach (var connections in Connections)
            {
                Figure Beside(string other, IReadOnlyList<double> theirs) =>
                    Figure.Of(
                        $"tradeapi at {connections}",
                        rates[("tradeapi", connections)],
                        "per second",
                        other,
                        theirs
                    );
                foreach (var other in targets[1..])
                    report.Add(
                        Beside(other.Name, rates[(other.Name, connections)]) with
                        {
                            Goal = (other.Name, connections) switch
                            {
                                ("fastify", 32) => Goal.RatioAtLeast(1),
                                ("alone", 256) => Goal.RatioAtLeast(2.5),
                                ("bare", 256) => Goal.RatioAtLeast(0.5),
                                _ => null,
                            },
                        }
                    );
                if (connections == 32)
                    report.Add(Beside("pgbench simple-update at 32", floor));
            }
        }
        if (targets[0].Name == "tradeapi")
            foreach (var connections in (int[])[32, 256])
            {
                await targets[0].SignIn(credentials);
                var half = Rate("tradeapi", connections) / 2;
                await WriteWhatIsLeft();
                var result = Check(targets[0], await targets[0].Open(connections, half, 2 * Settling, 2 * duration));
                report.Add($"half load of {connections} connections, p50", result.Latencies.Milliseconds(0.5), "ms");
                report.Add(
                    $"half load of {connections} connections, p99",
                    result.Latencies.Milliseconds(0.99),
                    "ms",
                    Goal.NotOver(50)
                );
                report.Add(
                    $"half load of {connections} connections, longest",
                    result.Latencies.Longest.TotalMilliseconds,
                    "ms"
                );
            }
        foreach (var target in targets)
            if (target.Host is not null)
                await target.Host.Kill();
        var verified = await BulkBench.Verify(host, report);
        if (only is null)
            await report.Save();
        return verified && report.AllMet ? 0 : 1;
    }

    // The system writes what a load has left half a minute later, a hundred MB at once, and a commit waits: of another service.
    static async Task WriteWhatIsLeft() => await Processes.Run("sync", []);

    static double Median(List<double> values) => values.Count == 0 ? 0 : Spread.Of(values).Median;

    // A rate of refusals would be worth nothing. Five in a hundred are made to be refused; a few calls say nothing yet.
    static LoadResult Check(Target target, LoadResult result) =>
        result.Of(201, 202, 403, 422) == result.Latencies.Count
        && (result.Of(201, 202) >= 0.93 * result.Latencies.Count || result.Latencies.Count < 1000)
            ? result
            : throw new InvalidOperationException($"{target.Name} answered {result.Counts}.");

    // What its runs leave would be vacuumed while something else is measured.
    static async Task MakeFloor(PostgresServer server)
    {
        await Pgbench(server, "-i", "-q", "-s", "50");
        await using var floor = new NpgsqlConnection($"{server.ConnectionString};Database={FloorDatabase}");
        foreach (var table in (string[])["accounts", "branches", "history", "tellers"])
            await floor.ExecuteAsync($"alter table pgbench_{table} set (autovacuum_enabled = off)");
    }

    static async Task<double> PgbenchRate(PostgresServer server, TimeSpan duration)
    {
        var seconds = duration.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var printed = await Pgbench(server, "-N", "-n", "-M", "prepared", "-c", "32", "-j", "2", "-T", seconds);
        return double.Parse(Tps().Match(printed).Groups["rate"].Value, CultureInfo.InvariantCulture);
    }

    static async Task<string> Pgbench(PostgresServer server, params string[] arguments)
    {
        await using var admin = new NpgsqlConnection(server.ConnectionString);
        if (
            !await admin.ExecuteScalarAsync<bool>(
                "select exists (select 1 from pg_database where datname = @FloorDatabase)",
                new { FloorDatabase }
            )
        )
            await admin.ExecuteAsync($"create database {FloorDatabase}");
        var port = server.Port.ToString(CultureInfo.InvariantCulture);
        return await PostgresServer.AsPostgres("pgbench", ["-h", "127.0.0.1", "-p", port, .. arguments, FloorDatabase]);
    }

    [GeneratedRegex("tps = (?<rate>[0-9.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tps();

    /// <summary>A service under measurement.</summary>
    sealed record Target(PostgresServer Server, string Name, Host? Host, string Path, SingleNotices Notices)
    {
        readonly Stopwatch clock = new();
        TimeSpan usedByHost;
        TimeSpan usedByDatabase;
        TimeSpan usedByGenerator;

        public int PeerPort { get; init; }

        Action<IBufferWriter<byte>> write = _ => { };

        int Port => Host?.Port ?? PeerPort;

        /// <summary>Tokens live for ten minutes, a run longer.</summary>
        public async Task SignIn(Credentials credentials) =>
            write = Notices.To(Path, Host is null ? "none" : await Host.Token(credentials));

        public Task<LoadResult> Closed(int connections, TimeSpan settling, TimeSpan duration)
        {
            Begin();
            return LoadGenerator.Closed(Port, connections, settling, duration, write);
        }

        public Task<LoadResult> Open(int connections, double perSecond, TimeSpan settling, TimeSpan duration) =>
            LoadGenerator.Open(Port, connections, perSecond, settling, duration, write);

        /// <summary>Processor time of the last measurement for each call, settling included.</summary>
        public string Spent(LoadResult result)
        {
            // Those of the settling time are not counted, so their share is taken to be that of the others.
            var calls = result.Rate * clock.Elapsed.TotalSeconds;
            var service = Host is null ? 0 : (Host.ProcessorTime - usedByHost).TotalMicroseconds / calls;
            var database = (Processes.ProcessorTime(Server.ProcessId) - usedByDatabase).TotalMicroseconds / calls;
            var generator = (Environment.CpuUsage.TotalTime - usedByGenerator).TotalMicroseconds / calls;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"us each: service {service:F0}, database {database:F0}, generator {generator:F0}"
            );
        }

        void Begin()
        {
            clock.Restart();
            usedByHost = Host?.ProcessorTime ?? TimeSpan.Zero;
            usedByDatabase = Processes.ProcessorTime(Server.ProcessId);
            usedByGenerator = Environment.CpuUsage.TotalTime;
        }
    }
}
