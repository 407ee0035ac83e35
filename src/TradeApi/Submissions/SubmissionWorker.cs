using TradeApi.Database;
using TradeApi.Register;

namespace TradeApi.Submissions;

/// <summary>
/// Takes submissions to work on, the organisations in turns: a small file never waits for a large one of somebody else.
/// Any number of nodes may do so over one database; a lease says who works on which file.
/// </summary>
sealed class SubmissionWorker(
    Registers registers,
    SubmissionSignals signals,
    TimeProvider clock,
    ILogger<SubmissionWorker> log
) : BackgroundService
{
    // How long a new submission of another node may go unseen; those of this node wake the worker at once.
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Aside = TimeSpan.FromSeconds(5);
    static readonly TimeSpan BetweenSweeps = TimeSpan.FromHours(1);

    // How long one file is worked on while others wait.
    static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    readonly string owner = $"{Environment.MachineName}/{Environment.ProcessId}";

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before anything is received: the lease of an upload that has just begun is not to be taken from it.
        foreach (var register in registers.All.Where(register => !register.Store.IsPostgres))
            await SubmissionStore.ReleaseLeases(register.Store, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(registers.All.Select(register => Task.Run(() => Work(register, stoppingToken), stoppingToken)));

    async Task Work(VehicleRegister register, CancellationToken stopping)
    {
        var nextSweep = clock.Now();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await SubmissionIntake.ForgetAbandoned(register.Store, clock.Now(), stopping);
                if (clock.Now() >= nextSweep)
                {
                    nextSweep = clock.Now() + BetweenSweeps;
                    await Sweep(register, stopping);
                }
                while (await Claim(register, stopping) is { } submission)
                    await Process(register, submission, stopping);
                await signals.NewWork(register.Environment, Pause, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The database may be away for a while. Nothing is lost: what was not committed is done again.
                log.LogError(
                    exception,
                    "The worker of the {Environment} register could not go on",
                    register.Environment
                );
                await Task.Delay(Pause, clock, stopping);
            }
        }
    }

    // Files do not wait for this to succeed: it is tried again in an hour.
    async Task Sweep(VehicleRegister register, CancellationToken stopping)
    {
        try
        {
            if (!await Months.Add(register.Store, clock.Now(), stopping))
                log.LogWarning(
                    "A month of the {Environment} register is not made yet: somebody has been reading its tables for long",
                    register.Environment
                );
            await GuessUpkeep.ForgetOld(register.Store, clock.Now(), stopping);
            await GuessUpkeep.FlagGuessed(register.Store, stopping);
            await Trial.ForgetEnded(register.Store, stopping);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            log.LogError(exception, "The upkeep of the {Environment} register failed", register.Environment);
        }
    }

    async Task<Submission?> Claim(VehicleRegister register, CancellationToken stopping) =>
        await SubmissionStore.HasWork(register.Store, clock.Now(), stopping)
            ? await SubmissionStore.Claim(register.Store, owner, clock.Now(), stopping)
            : null;

    async Task Process(VehicleRegister register, Submission submission, CancellationToken stopping)
    {
        try
        {
            var run = new FileRun(register, submission, clock);
            do
            {
                var begun = clock.GetTimestamp();
                await run.Go(() => stopping.IsCancellationRequested || clock.GetElapsedTime(begun) >= Turn);
                if (run.IsHeld)
                {
                    await GiveWay(register, submission);
                    return;
                }
                if (run.IsComplete)
                {
                    signals.Ended(submission.SubmissionId);
                    return;
                }
            } while (
                !stopping.IsCancellationRequested
                && !await SubmissionStore.HasWork(register.Store, clock.Now(), CancellationToken.None)
            );
            // Others wait, or this node ends: whoever is free goes on with the file at once.
            await SubmissionStore.GiveBack(register.Store, submission);
        }
        catch (SenderNotInForceException)
        {
            // The work of a suspended organisation rests until it is restored.
            await SubmissionStore.PutAside(register.Store, submission, failed: false, clock.Now(), Aside);
        }
        catch (LeaseLostException)
        {
            // Cancelled, or another worker went on with it: either way nothing of this batch was kept.
            signals.Ended(submission.SubmissionId);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError(exception, "A batch of {Submission} failed", Ids.Submission(submission.SubmissionId));
            await SubmissionStore.PutAside(register.Store, submission, failed: true, clock.Now(), Aside);
        }
    }

    // The organisation of the next row is held and its time has not come. Others are worked for meanwhile, and the files
    // of one sender take turns: a thousand of them wake us no more often than one.
    async Task GiveWay(VehicleRegister register, Submission submission)
    {
        var files = await SubmissionStore.CountAtWork(register.Store, submission.OrganisationId);
        await SubmissionStore.PutAside(register.Store, submission, failed: false, clock.Now(), files * Guesses.Pace);
    }
}
