using Npgsql;
using TradeApi.Database;

namespace TradeApi.Register;

/// <summary>The two registers. The credential says which one a call belongs to; nothing after that asks again.</summary>
sealed class Registers(Stores stores, TimeProvider clock, ILogger<Registers> log) : IHostedService
{
    readonly RegisterQueue sandbox = new(
        new VehicleRegister("sandbox", stores.Sandbox, stores.Control, clock, log),
        clock,
        log
    );
    readonly RegisterQueue live = new(new VehicleRegister("live", stores.Live, stores.Control, clock, log), clock, log);

    public IReadOnlyList<VehicleRegister> All => [sandbox.Register, live.Register];

    public VehicleRegister Of(string environment) => Queue(environment).Register;

    public RegisterQueue Queue(string environment) => environment == "live" ? live : sandbox;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // What has been taken is decided and answered before the process ends, unless it is told to wait no longer.
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(sandbox.Drain(), live.Drain()).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            log.LogWarning("Notices are being decided yet. What becomes of them is told at /v1/outcomes");
        }
    }
}

/// <summary>
/// Group commit: notices sent singly that come while others are decided ride the next commit together, so that a durable
/// answer costs a share of a commit.
/// </summary>
sealed class RegisterQueue
{
    const int MostTogether = 256;

    // Half a second's worth on two cores. Who comes when more wait, since the database is slow or all the world sends at once,
    // is told so instead of waiting longer than anybody does, and memory is not filled.
    const int MostWaiting = 16 * MostTogether;

    // Then who waits is told that the outcome is unknown; the notice stays in its turn. A commit may wait for a replica as long as
    // that is away.
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    static readonly TimeSpan BetweenWarnings = TimeSpan.FromSeconds(10);

    // After a notice that was sent before, so many groups expect another: who sends again mostly sends many again.
    const int ExpectRepeats = 50;

    readonly TimeProvider clock;
    readonly ILogger log;
    readonly Together<Notice, Answer> together;
    int expectRepeats;
    long warnedAt = -(long)BetweenWarnings.TotalMilliseconds;

    public RegisterQueue(VehicleRegister register, TimeProvider clock, ILogger log)
    {
        Register = register;
        this.clock = clock;
        this.log = log;
        // While one group waits for its commit another is judged. SQLite has one writer, and a second would only wait.
        var atOnce = register.Store.IsPostgres ? 2 : 1;
        together = new(MostTogether, Decide, Parts, atOnce);

        // That two groups count at once does no harm: whether one asks beforehand or afterwards, the answers are the same.
        async Task<IReadOnlyList<Answer>> Decide(IReadOnlyList<Notice> group)
        {
            var answers = await register.Apply(group, mayRepeat: expectRepeats > 0);
            expectRepeats = answers.Any(answer => answer.Repeats) ? ExpectRepeats : Math.Max(0, expectRepeats - 1);
            return answers;
        }

        bool Parts(Exception failure)
        {
            var parts = MayBeDueToOne(failure);
            if (parts)
                log.LogWarning(failure, "A group of notices failed; each is tried alone");
            return parts;
        }
    }

    public VehicleRegister Register { get; }

    /// <summary>
    /// Whether one notice of a group may have made it fail: it must not take others down with it, so each goes on its own.
    /// Where the database is away none would fare better alone, and whoever waits would wait for all of them. One that is
    /// ended (57P) says so also behind a commit that it has made, and nothing may be decided twice.
    /// </summary>
    internal static bool MayBeDueToOne(Exception failure) =>
        failure is PostgresException told
            ? !told.SqlState.StartsWith("57P", StringComparison.Ordinal)
            : failure is not NpgsqlException;

    /// <summary>
    /// Decides and records one notice; answers after the commit. The caller going away does not call it off. When too many
    /// wait already it is turned away.
    /// </summary>
    /// <exception cref="TimeoutException">It has waited for half a minute, and may be decided yet.</exception>
    public Task<Answer> Post(Notice notice)
    {
        if (together.HowManyWait < MostWaiting)
            return together.Answer(notice).WaitAsync(LongestWait, clock);
        WarnNowAndThen();
        return Task.FromResult(Answer.TurnedAway(notice));
    }

    // A line for each would be a flood on top of the other.
    void WarnNowAndThen()
    {
        var (before, now) = (Interlocked.Read(ref warnedAt), Environment.TickCount64);
        if (
            now < before + (long)BetweenWarnings.TotalMilliseconds
            || Interlocked.CompareExchange(ref warnedAt, now, before) != before
        )
            return;
        log.LogWarning(
            "{Most} notices wait to be decided in the {Environment} register: others are turned away with 503",
            MostWaiting,
            Register.Environment
        );
    }

    public Task Drain() => together.Drain();
}
