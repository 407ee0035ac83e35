using System.Data.Common;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using TradeApi.Database;
using TradeApi.Http;
using TradeApi.Register;
using TradeApi.Submissions.Reading;
using TradeApi.Tokens;

namespace TradeApi.Submissions;

/// <summary>What became of a file: the submission, or the problem because of which nothing of it is kept.</summary>
sealed record Intake(Submission? Submission, Problem? Problem, bool Replayed = false);

/// <summary>
/// Takes a file in as a stream. Each chunk is durable as soon as it is read; the submission begins only when the whole
/// file is there. Whatever ends the upload before that leaves nothing behind.
/// </summary>
sealed class SubmissionIntake(Store store, TimeProvider clock)
{
    public async Task<Intake> Receive(IncomingFile file, Caller caller, CancellationToken cancel)
    {
        var now = clock.Now();
        var submission = new Submission
        {
            SubmissionId = Guid.CreateVersion7(now),
            OrganisationId = caller.OrganisationId,
            ClientId = caller.ClientId,
            State = "receiving",
            Mode = file.Mode,
            Format = file.Format,
            FileName = file.FileName,
            CreatedAt = now,
        };
        if (await Reserve(submission, file.Key, cancel) is { } earlier)
            return await Repeat(earlier, file, caller, cancel);

        var kept = false;
        using var received = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var alive = new UploadLease(store, clock).Keep(submission.SubmissionId, received.Token);
        try
        {
            var body = new HashingStream(file.Body);
            var (rows, header) = await Store(submission, file, body, cancel);
            // What the gzip reader left unread belongs to the digest too.
            var digest = await body.Finish(cancel);
            if (DigestProblem(file, digest) is { } problem)
                return new Intake(null, problem);
            var stored = await Begin(submission, file, rows, header, digest);
            kept = true;
            return new Intake(stored, null);
        }
        catch (UploadForgotten)
        {
            return new Intake(
                null,
                Problems.RegisterUnavailable.Because("The upload was given up on our side. Send the file again.") with
                {
                    Outcome = "notApplied",
                }
            );
        }
        catch (FileRefused refused)
        {
            return new Intake(null, ToProblem(refused));
        }
        catch (InvalidDataException)
        {
            return new Intake(
                null,
                Problems.BodyUnreadable.Because(
                    "The body is not valid gzip. Pack it again, or send it without Content-Encoding."
                )
            );
        }
        finally
        {
            await received.CancelAsync();
            await alive;
            if (!kept)
                await Forget(store, submission.SubmissionId);
        }
    }

    /// <summary>
    /// Deletes uploads that ended with their process: nobody was told that they were taken. One of which a part is being stored
    /// still, it may be from a machine that has vanished, is left for the next time: files wait for whoever calls this.
    /// </summary>
    public static async Task ForgetAbandoned(Store store, DateTimeOffset now, CancellationToken cancel)
    {
        await using var connection = await store.Open(cancel);
        var abandoned = await connection.QueryAsync<Guid>(
            """
            select submission_id
              from submission
             where state = 'receiving'
               and (lease_until is null or lease_until < @Now)
            """,
            new { Now = now }
        );
        foreach (var id in abandoned)
            await Forget(store, id, ifAbandonedBy: now);
    }

    // Answers the earlier call when the key is taken; null when it is now ours.
    async Task<KeyRecord?> Reserve(Submission submission, string key, CancellationToken cancel)
    {
        while (true)
        {
            if (await FindKey(submission.ClientId, key, cancel) is { } earlier)
            {
                if (earlier.Status is not null || earlier.LeaseUntil >= clock.Now())
                    return earlier;
                // The upload that had the key ended with its process; by its own id, so that no newer one is touched.
                await Forget(store, earlier.SubmissionId!.Value);
            }
            try
            {
                await using var transaction = await store.Begin(cancel);
                await Insert(transaction, submission, key);
                await transaction.Commit();
                return null;
            }
            catch (DbException exception) when (VehicleRegister.IsCollision(exception))
            {
                // Another call took the key this moment; the next look sees it.
                await Task.Delay(10, cancel);
            }
        }
    }

    async Task<KeyRecord?> FindKey(string clientId, string key, CancellationToken cancel)
    {
        await using var connection = await store.Open(cancel);
        return await connection.QuerySingleOrDefaultAsync<KeyRecord>(
            """
            select i.client_id, i.idempotency_key, i.operation, i.fingerprint, i.status, i.submission_id, i.created_at,
                   s.lease_until
              from idempotency_key i
              left join submission s on s.submission_id = i.submission_id
             where i.client_id = @ClientId
               and i.idempotency_key = @Key
            """,
            new { ClientId = clientId, Key = key }
        );
    }

    async Task Insert(Transaction transaction, Submission submission, string key)
    {
        await transaction.Connection.ExecuteAsync(
            """
            insert into idempotency_key (client_id, idempotency_key, operation, submission_id, created_at)
            values (@ClientId, @Key, 'submissions', @SubmissionId, @CreatedAt);
            insert into submission (submission_id, organisation_id, client_id, state, mode, format, file_name, created_at,
                                    rows_total, rows_accepted, rows_refused, rows_referred, rows_duplicate, next_row,
                                    failures, lease_until, epoch)
            values (@SubmissionId, @OrganisationId, @ClientId, 'receiving', @Mode, @Format, @FileName, @CreatedAt,
                    0, 0, 0, 0, 0, 1,
                    0, @LeaseUntil, 0)
            """,
            new
            {
                submission.SubmissionId,
                submission.OrganisationId,
                submission.ClientId,
                submission.Mode,
                submission.Format,
                submission.FileName,
                submission.CreatedAt,
                Key = key,
                LeaseUntil = clock.Now() + UploadLease.Length,
            },
            transaction.Inner
        );
    }

    async Task<(int Rows, string? Header)> Store(
        Submission submission,
        IncomingFile file,
        Stream body,
        CancellationToken cancel
    )
    {
        await using var gzip = file.Gzip ? new GZipStream(body, CompressionMode.Decompress, leaveOpen: true) : null;
        var reader = ReaderOf(file.Format);
        using var chunk = new RowChunk(firstRow: 1);
        var storing = new Queue<Task>();
        try
        {
            await foreach (var batch in reader.Read(gzip ?? body, cancel))
            {
                foreach (var row in batch)
                {
                    chunk.Add(row);
                    if (chunk.IsFull)
                        await BeginToStore();
                }
            }
            if (chunk.RowCount > 0)
                await BeginToStore();
            while (storing.TryDequeue(out var stored))
                await stored;
        }
        finally
        {
            // Whoever forgets the upload now would not see what is still on its way.
            foreach (var stored in storing)
                await stored.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return (chunk.FirstRow - 1, (reader as CsvRowReader)?.Header?.ToString());

        // While chunks are committed the next one is read.
        async Task BeginToStore()
        {
            const int MostAtOnce = 3;
            if (storing.Count == MostAtOnce)
                await storing.Dequeue();
            storing.Enqueue(StoreChunk(submission.SubmissionId, chunk.FirstRow, chunk.RowCount, chunk.Content, cancel));
            chunk.Clear();
        }
    }

    static RowReader ReaderOf(string format) =>
        format switch
        {
            "csv" => new CsvRowReader(RowMembers.Known),
            "json" => new JsonArrayRowReader(),
            _ => new NdjsonRowReader(),
        };

    // The key of the submission is held, so that it cannot be forgotten meanwhile; the lease can be renewed all the same.
    async Task StoreChunk(Guid submissionId, int firstRow, int rowCount, byte[] content, CancellationToken cancel)
    {
        await using var transaction = await store.Begin(cancel);
        var now = clock.Now();
        var stored = await transaction.Connection.ExecuteAsync(
            $"""
            insert into payload (payload_id, submission_id, first_row, row_count, received_at, content)
            select @PayloadId, submission_id, @FirstRow, @RowCount, @Now, @Content
              from submission
             where submission_id = @SubmissionId
               and state = 'receiving'
               {(store.IsPostgres ? "for key share" : "")}
            """,
            new
            {
                PayloadId = Guid.CreateVersion7(now),
                SubmissionId = submissionId,
                FirstRow = firstRow,
                RowCount = rowCount,
                Content = content,
                Now = now,
            },
            transaction.Inner
        );
        if (stored == 0)
            throw new UploadForgotten();
        await transaction.Commit();
    }

    async Task<Submission> Begin(Submission submission, IncomingFile file, int rows, string? header, byte[] digest)
    {
        var stored = submission with
        {
            State = "processing",
            RowsTotal = rows,
            CsvHeader = header,
            ContentDigest = DigestText(digest),
        };
        await using var transaction = await store.Begin();
        var begun = await transaction.Connection.ExecuteAsync(
            """
            update submission
               set state = @State,
                   rows_total = @RowsTotal,
                   csv_header = @CsvHeader,
                   content_digest = @ContentDigest,
                   lease_until = null
             where submission_id = @SubmissionId
               and state = 'receiving'
            """,
            stored,
            transaction.Inner
        );
        if (begun == 0)
            throw new UploadForgotten();
        await transaction.Connection.ExecuteAsync(
            """
            update idempotency_key
               set fingerprint = @Fingerprint,
                   status = 202
             where client_id = @ClientId
               and idempotency_key = @Key
               and submission_id = @SubmissionId
            """,
            new
            {
                stored.SubmissionId,
                stored.ClientId,
                file.Key,
                Fingerprint = FingerprintOf(file, digest),
            },
            transaction.Inner
        );
        await transaction.Commit();
        return stored;
    }

    async Task<Intake> Repeat(KeyRecord earlier, IncomingFile file, Caller caller, CancellationToken cancel)
    {
        if (earlier.Status is null)
            return new Intake(null, Problems.KeyInProgress.Because("The file of that call is still being received."));
        if (earlier.Operation != "submissions")
            return new Intake(
                null,
                Problems.KeyReused.Because("That call was no submission. Send the file under a new key.")
            );
        byte[] digest;
        try
        {
            digest = await new HashingStream(file.Body).Finish(cancel);
        }
        catch (FileRefused refused)
        {
            return new Intake(null, ToProblem(refused));
        }
        if (!FingerprintOf(file, digest).AsSpan().SequenceEqual(earlier.Fingerprint))
            return new Intake(null, Problems.KeyReused.Because("Send the other file under a new key."));
        var submission = await SubmissionStore.Find(store, caller, earlier.SubmissionId!.Value, cancel);
        return new Intake(submission, null, Replayed: true);
    }

    // Of one that may be abandoned only if it is: its lease may have been renewed since, and nobody waits for who holds it.
    static async Task Forget(Store store, Guid submissionId, DateTimeOffset? ifAbandonedBy = null)
    {
        var (condition, hold) = ifAbandonedBy is null
            ? ("", store.IsPostgres ? "for update" : "")
            : ("and (lease_until is null or lease_until < @Now)", store.ForUpdateSkipLocked("submission"));
        await using var transaction = await store.Begin();
        // First whoever stores a chunk still: only then its rows are seen.
        var found = await transaction.Connection.ExecuteScalarAsync<string?>(
            $"""
            select state
              from submission
             where submission_id = @SubmissionId
               {condition}
               {hold}
            """,
            new { SubmissionId = submissionId, Now = ifAbandonedBy },
            transaction.Inner
        );
        if (found is null && ifAbandonedBy is not null)
            return;
        await transaction.Connection.ExecuteAsync(
            """
            delete from idempotency_key
             where submission_id = @SubmissionId
               and status is null;
            delete from payload
             where submission_id in (select submission_id from submission where submission_id = @SubmissionId and state = 'receiving');
            delete from submission
             where submission_id = @SubmissionId
               and state = 'receiving'
            """,
            new { SubmissionId = submissionId },
            transaction.Inner
        );
        await transaction.Commit();
    }

    // Another node, or the worker here, took the upload for abandoned: it was cut off from the database for too long.
    sealed class UploadForgotten : Exception;

    static Problem? DigestProblem(IncomingFile file, byte[] digest) =>
        file.ContentDigest is null || file.ContentDigest == DigestText(digest)
            ? null
            : Problems
                .FileRefused("file.digest", 422)
                .Because(
                    "The SHA-256 of the body differs from the header Content-Digest: it was changed on the way. Send it again."
                );

    static Problem ToProblem(FileRefused refused) =>
        Problems.FileRefused(refused.Code, refused.Status).Because(refused.Message) with
        {
            Findings = [new FindingAnswer(refused.Code, "refuse", null, refused.Message, Line: refused.Line)],
        };

    static string DigestText(byte[] digest) => $"sha-256=:{Convert.ToBase64String(digest)}:";

    // The same bytes read as another format, or to be judged only, are another call.
    static byte[] FingerprintOf(IncomingFile file, byte[] digest) =>
        SHA256.HashData([.. digest, .. Encoding.UTF8.GetBytes($"{file.Format} {file.Mode} {file.Gzip}")]);
}
