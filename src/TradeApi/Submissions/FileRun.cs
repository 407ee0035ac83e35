using System.Threading.Channels;
using TradeApi.Database;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Submissions.Reading;

namespace TradeApi.Submissions;

/// <summary>Cancelled, or claimed by another worker: nothing more may be written for the submission.</summary>
sealed class LeaseLostException : Exception;

/// <summary>
/// Decides the rows of one submission in file order, from its cursor on. Decisions, results and the cursor are one
/// transaction: killed anywhere, the work goes on at the next row, and no row is decided twice. While one batch is committed
/// the next one is saved, the one after it loaded and judged, and a fourth is read (on SQLite: one is written, the next
/// judged, a third read), as long as they name no vehicle and no reference in common.
/// </summary>
sealed class FileRun(VehicleRegister register, Submission submission, TimeProvider clock)
{
    // One commits, one is being saved, one is being judged: with fewer a part of two processors lies idle. SQLite has one
    // writer, who saves and commits one while the next is judged.
    readonly int mostAtOnce = register.Store.IsPostgres ? 3 : 2;

    int row = submission.NextRow;

    // Whether the batch that was decided last repeats references of earlier files, as one does that is sent again.
    bool repeats;

    // Whether somebody else wrote while the batch that was decided last was judged ahead, as when single notices come all the
    // time. Then the one that begins next is not, since each would be judged twice.
    bool judgedInVain;

    public bool IsComplete => row > submission.RowsTotal;

    /// <summary>Whether it ended because the organisation of the next row is held and must wait.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Goes on until the end of the file, or until it is enough.</summary>
    public async Task Go(Func<bool> isEnough)
    {
        IsHeld = false;
        var alone = false;
        while (!IsComplete && !IsHeld)
        {
            var collided = false;
            try
            {
                await Stretch(alone, isEnough);
            }
            catch (Exception collision) when (!alone && VehicleRegister.IsCollision(collision))
            {
                // Something else has touched the same rows. Judged again, the batch must wait for nobody but its like.
                collided = repeats = true;
            }
            if (!collided && isEnough())
                return;
            alone = collided;
        }
    }

    // Several batches, or one alone.
    async Task Stretch(bool alone, Func<bool> isEnough)
    {
        using var ended = new CancellationTokenSource();
        var ahead = Channel.CreateBounded<RowBatch>(1);
        var reading = Task.Run(() => ReadAhead(row, ahead.Writer, ended.Token));
        var running = new Queue<RowBatch>();
        try
        {
            RowBatch? before = null;
            await foreach (var batch in ahead.Reader.ReadAllAsync())
            {
                while (!IsHeld && running.Any(batch.SharesNames))
                    await Finish(running.Dequeue());
                if (IsHeld)
                    break;
                if (before is not null)
                    await before.LockedOrEnded;
                batch.Start(Decide(batch, before?.Whole, alone));
                running.Enqueue(before = batch);
                if (running.Count == mostAtOnce)
                    await Finish(running.Dequeue());
                if (alone || IsHeld || isEnough())
                    break;
            }
            // Behind a batch that was held nothing is kept.
            while (!IsHeld && running.TryDequeue(out var batch))
                await Finish(batch);
        }
        finally
        {
            await ended.CancelAsync();
            // What goes wrong in a batch behind one that has come to nothing is of no interest, but it must have let go.
            foreach (var batch in running)
                await ((Task)batch.Decided).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task Finish(RowBatch batch)
    {
        var decided = await batch.Decided;
        row += decided;
        IsHeld = decided < batch.Notices.Count;
    }

    async Task<int> Decide(RowBatch batch, Task<long>? before, bool alone)
    {
        var answers = await register.Apply(
            batch.Notices,
            (writes, answers) => SaveResults(writes, answers, batch.FirstRow),
            commit: !submission.IsValidation,
            trial: submission.IsValidation ? submission.SubmissionId : null,
            untilHeld: true,
            mayRepeat: alone || repeats,
            turn: alone ? null : batch.TurnAfter(before, isJudgedAhead: !judgedInVain)
        );
        repeats = answers.Any(answer => answer.Repeats);
        judgedInVain = batch.WasJudgedInVain;
        return answers.Count;
    }

    async Task ReadAhead(int from, ChannelWriter<RowBatch> writer, CancellationToken cancel)
    {
        try
        {
            var next = from;
            while (next <= submission.RowsTotal)
            {
                var batch = new RowBatch(next, await ReadChunk(next, cancel));
                next += batch.Notices.Count;
                await writer.WriteAsync(batch, cancel);
            }
            writer.Complete();
        }
        catch (Exception exception)
        {
            writer.Complete(exception);
            throw;
        }
    }

    async Task<List<Notice>> ReadChunk(int from, CancellationToken cancel)
    {
        var (firstRow, content) =
            await SubmissionStore.Chunk(register.Store, submission, from, cancel)
            ?? throw new InvalidOperationException($"The rows of the submission from {from} on are missing.");
        // A chunk of which a part is decided already was left because of a hold.
        return Notices(RowChunk.Read(content, firstRow)[(from - firstRow)..]);
    }

    List<Notice> Notices(List<Row> rows)
    {
        var header = RowMembers.HeaderOf(submission);
        var today = LondonDate.Of(submission.CreatedAt);
        var members = new List<Member>();
        var (now, place) = (clock.Now(), 0);
        return rows.ConvertAll(row =>
        {
            var fault = row.Fault;
            fault ??= RowMembers.Read(row.Bytes.Span, header, members);
            if (fault is not null)
                members.Clear();
            return new Notice
            {
                Id = Ids.New(now, place++),
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

    void SaveResults(Writes writes, IReadOnlyList<Answer> answers, int first)
    {
        var next = first + answers.Count;
        // Of a row that is a notice of its own, the notice says what came of it.
        writes.Insert(
            "submission_result",
            submission.IsValidation ? answers : answers.Where(answer => answer.Outcome == Outcome.Duplicate).ToList(),
            ResultColumns(submission)
        );
        int Count(Outcome outcome) => answers.Count(answer => answer.Outcome == outcome);
        var now = clock.Now();
        writes.Check<Guid>(
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
               and next_row = @First
               and state = 'processing'
            returning submission_id
            """,
            new
            {
                submission.SubmissionId,
                submission.Epoch,
                First = first,
                Next = next,
                Accepted = Count(Outcome.Accepted),
                Refused = Count(Outcome.Refused),
                Referred = Count(Outcome.Referred),
                Duplicate = Count(Outcome.Duplicate),
                LeaseUntil = now + SubmissionStore.Lease,
                Now = now,
            },
            updated =>
            {
                if (updated.Count == 0)
                    throw new LeaseLostException();
            }
        );
        if (submission.IsValidation && next > submission.RowsTotal)
            Trial.Forget(writes, submission.SubmissionId);
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
}
