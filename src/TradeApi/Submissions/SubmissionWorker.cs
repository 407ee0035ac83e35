using System.Collections.Concurrent;
using Dapper;
using TradeApi.Database;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Submissions.Reading;

namespace TradeApi.Submissions;

/// <summary>
/// Decides the rows of submissions, chunk by chunk in file order. Decisions, results and the cursor are one transaction:
/// killed anywhere, the work goes on at the next row, and no row is decided twice.
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
                    await GuessStore.ForgetOld(register.Store, clock.Now(), stopping);
                    nextSweep = clock.Now() + TimeSpan.FromHours(1);
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

    async Task<Submission?> Claim(VehicleRegister register, CancellationToken stopping) =>
        await SubmissionStore.HasWork(register.Store, clock.Now(), stopping)
            ? await SubmissionStore.Claim(register.Store, owner, clock.Now(), stopping)
            : null;

    async Task Process(VehicleRegister register, Submission submission, CancellationToken stopping)
    {
        try
        {
            for (var row = submission.NextRow; row <= submission.RowsTotal; )
            {
                stopping.ThrowIfCancellationRequested();
                (row, var isHeld) = await DecideChunk(register, submission, row, stopping);
                if (isHeld)
                {
                    await GiveWay(register, submission);
                    return;
                }
            }
            signals.Ended(submission.SubmissionId);
        }
        catch (SenderNotInForceException)
        {
            // The work of a suspended organisation rests until it is restored.
            await SubmissionStore.PutAside(register.Store, submission, failed: false, clock.Now(), Aside);
        }
        catch (LeaseLost)
        {
            // Cancelled, or another worker went on with it: either way nothing of this chunk was kept.
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

    /// <summary>
    /// Decides the chunk that begins with a row; answers the row to go on with, and whether that one must wait because the
    /// organisation it acts for is held.
    /// </summary>
    async Task<(int Next, bool IsHeld)> DecideChunk(
        VehicleRegister register,
        Submission submission,
        int row,
        CancellationToken cancel
    )
    {
        var (firstRow, content) =
            await SubmissionStore.Chunk(register.Store, submission, row, cancel)
            ?? throw new InvalidOperationException($"The rows of the submission from {row} on are missing.");
        // A chunk of which a part is decided already was left because of a hold.
        var notices = Notices(submission, RowChunk.Read(content, firstRow)[(row - firstRow)..]);
        var decided = await register.Apply(
            notices,
            (transaction, answers) => SaveResults(transaction, submission, answers, row + answers.Count),
            commit: !submission.IsValidation,
            trial: submission.IsValidation ? submission.SubmissionId : null,
            untilHeld: true,
            cancel
        );
        return (row + decided.Count, decided.Count < notices.Count);
    }

    List<Notice> Notices(Submission submission, List<Row> rows)
    {
        var header = RowMembers.HeaderOf(submission);
        var today = LondonDate.Of(submission.CreatedAt);
        var members = new List<Member>();
        return rows.ConvertAll(row =>
        {
            var fault = row.Fault;
            if (fault is null)
                fault = RowMembers.Read(row.Bytes.Span, header, members);
            if (fault is not null)
                members.Clear();
            return new Notice
            {
                Id = Guid.CreateVersion7(clock.Now()),
                Change = KeeperChange.Read(members, today),
                SubmittedBy = submission.OrganisationId,
                ClientId = submission.ClientId,
                ReceivedAt = submission.CreatedAt,
                SubmissionId = submission.SubmissionId,
                RowNumber = row.Number,
                Unreadable = fault is null
                    ? null
                    : new Finding(fault.Code, Severity.Refuse, null, fault.Message, Line: row.Line),
            };
        });
    }

    async Task SaveResults(Transaction transaction, Submission submission, IReadOnlyList<Answer> answers, int next)
    {
        await Bulk.Insert(transaction, "submission_result", answers, ResultColumns(submission));
        int Count(Outcome outcome) => answers.Count(answer => answer.Outcome == outcome);
        var now = clock.Now();
        var updated = await transaction.Connection.ExecuteAsync(
            """
            update submission
               set next_row = @Next,
                   rows_accepted = rows_accepted + @Accepted,
                   rows_refused = rows_refused + @Refused,
                   rows_referred = rows_referred + @Referred,
                   rows_duplicate = rows_duplicate + @Duplicate,
                   failures = 0,
                   lease_until = @LeaseUntil,
                   state = case when @Next > rows_total then 'completed' else state end,
                   completed_at = case when @Next > rows_total then @Now else completed_at end
             where submission_id = @SubmissionId
               and epoch = @Epoch
               and state = 'processing'
            """,
            new
            {
                submission.SubmissionId,
                submission.Epoch,
                Next = next,
                Accepted = Count(Outcome.Accepted),
                Refused = Count(Outcome.Refused),
                Referred = Count(Outcome.Referred),
                Duplicate = Count(Outcome.Duplicate),
                LeaseUntil = now + SubmissionStore.Lease,
                Now = now,
            },
            transaction.Inner
        );
        if (updated == 0)
            throw new LeaseLost();
        if (submission.IsValidation && next > submission.RowsTotal)
            await Trial.Forget(transaction, submission.SubmissionId);
    }

    static Column<Answer>[] ResultColumns(Submission submission) =>
        [
            Column<Answer>.Of<Guid>("submission_id", _ => submission.SubmissionId),
            Column<Answer>.Of("row_number", answer => answer.Notice.RowNumber),
            Column<Answer>.Of("client_reference", answer => answer.Notice.Change.ClientReference),
            Column<Answer>.Of("outcome", answer => VehicleRegister.OutcomeName(answer.Outcome)),
            // A verdict is no notice: there is nothing to read under its id. A duplicate has the first one's, if that is recorded.
            Column<Answer>.Of<Guid>(
                "keeper_change_id",
                answer =>
                    submission.IsValidation && answer.Decision!.LedgerPosition is null
                        ? null
                        : answer.Decision!.KeeperChangeId
            ),
            Column<Answer>.Of(
                "findings",
                answer => answer.Outcome == Outcome.Duplicate ? null : answer.Decision!.Findings
            ),
        ];

    sealed class LeaseLost : Exception;
}

/// <summary>Wakes the worker of this node, and whoever waits for a submission's end. Only a short cut: the database is what counts.</summary>
sealed class SubmissionSignals
{
    readonly ConcurrentDictionary<string, SemaphoreSlim> work = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<Guid, TaskCompletionSource> ends = new();

    public void Begun(string environment) => Of(environment).Release();

    public async Task NewWork(string environment, TimeSpan atMost, CancellationToken cancel) =>
        await Of(environment).WaitAsync(atMost, cancel);

    public void Ended(Guid submissionId)
    {
        if (ends.TryRemove(submissionId, out var end))
            end.TrySetResult();
    }

    /// <summary>Waits until this node has ended the submission, or until the time is over.</summary>
    public async Task End(Guid submissionId, TimeSpan atMost, TimeProvider clock, CancellationToken cancel)
    {
        var end = ends.GetOrAdd(
            submissionId,
            _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
        );
        try
        {
            await end.Task.WaitAsync(atMost, clock, cancel);
        }
        catch (TimeoutException)
        {
            ends.TryRemove(submissionId, out _);
        }
    }

    SemaphoreSlim Of(string environment) => work.GetOrAdd(environment, _ => new SemaphoreSlim(0));
}
