using Dapper;
using TradeApi.Database;
using TradeApi.Register;
using TradeApi.Tokens;

namespace TradeApi.Submissions;

/// <summary>Submissions and their rows. Every statement on a partner's behalf names the organisation.</summary>
static class SubmissionStore
{
    /// <summary>A lease counts so long after the last sign of life; a batch takes far less.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    const string Columns = """
        submission_id, organisation_id, client_id, state, mode, format, csv_header, file_name,
                   content_digest, created_at, completed_at, rows_total, rows_accepted, rows_refused,
                   rows_referred, rows_duplicate, next_row, failures, lease_owner, lease_until, epoch
        """;

    public static Task<Submission?> Find(Store store, Caller caller, Guid id, CancellationToken cancel) =>
        Find(store, caller.OrganisationId, id, cancel);

    public static async Task<Submission?> Find(Store store, string organisationId, Guid id, CancellationToken cancel)
    {
        await using var connection = await store.Open(cancel);
        return await connection.QuerySingleOrDefaultAsync<Submission>(
            $"""
            select {Columns}
              from submission
             where submission_id = @Id
               and organisation_id = @OrganisationId
            """,
            new { Id = id, OrganisationId = organisationId }
        );
    }

    /// <summary>The organisation's submissions, newest first.</summary>
    public static async Task<IReadOnlyList<Submission>> List(
        Store store,
        Caller caller,
        Guid? before,
        int limit,
        CancellationToken cancel
    )
    {
        await using var connection = await store.Open(cancel);
        var rows = await connection.QueryAsync<Submission>(
            $"""
            select {Columns}
              from submission
             where organisation_id = @OrganisationId
               and submission_id < @Before
             order by submission_id desc
             limit @Limit
            """,
            new
            {
                caller.OrganisationId,
                Before = before ?? Guid.AllBitsSet,
                Limit = limit,
            }
        );
        return rows.AsList();
    }

    /// <summary>Cancels a submission that is being worked on; false when it is not, or not the caller's.</summary>
    public static async Task<bool> Cancel(
        Store store,
        Caller caller,
        Guid id,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        if (!await SetCancelled(store, caller, id, now, cancel))
            return false;
        // Not in one transaction: a batch at work on such rows waits for those before it, and these would wait for us. Whoever
        // has asked may have gone by now.
        await using var transaction = await store.Begin(CancellationToken.None);
        var writes = new Writes(store);
        Trial.Forget(writes, id);
        await writes.Commit(transaction);
        return true;
    }

    static async Task<bool> SetCancelled(
        Store store,
        Caller caller,
        Guid id,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        await using var transaction = await store.Begin(cancel);
        var changed = await transaction.Connection.ExecuteAsync(
            """
            update submission
               set state = 'cancelled',
                   completed_at = @Now
             where submission_id = @Id
               and organisation_id = @OrganisationId
               and state = 'processing'
            """,
            new
            {
                Id = id,
                caller.OrganisationId,
                Now = now,
            },
            transaction.Inner
        );
        await transaction.Commit();
        return changed == 1;
    }

    /// <summary>Takes a failed submission up again where it stopped.</summary>
    public static async Task<bool> Resume(Store store, Caller caller, Guid id, CancellationToken cancel)
    {
        await using var transaction = await store.Begin(cancel);
        var changed = await transaction.Connection.ExecuteAsync(
            """
            update submission
               set state = 'processing',
                   completed_at = null,
                   failures = 0,
                   lease_until = null
             where submission_id = @Id
               and organisation_id = @OrganisationId
               and state = 'failed'
            """,
            new { Id = id, caller.OrganisationId },
            transaction.Inner
        );
        await transaction.Commit();
        return changed == 1;
    }

    /// <summary>
    /// Claims a submission that nobody works on: the oldest one of the organisation that has waited longest for its turn.
    /// </summary>
    public static async Task<Submission?> Claim(Store store, string owner, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await store.Begin(cancel);
        var claimed = await transaction.Connection.QuerySingleOrDefaultAsync<Submission>(
            $"""
            update submission
               set lease_owner = @Owner,
                   lease_until = @Until,
                   epoch = epoch + 1
             where submission_id = (
                       select s.submission_id
                         from submission s
                         left join worker_turn t on t.organisation_id = s.organisation_id
                        where s.state = 'processing'
                          and (s.lease_until is null or s.lease_until < @Now)
                        order by t.served_at nulls first, s.created_at
                        limit 1
                       {store.ForUpdateSkipLocked("s")}
                   )
            returning {Columns}
            """,
            new
            {
                Owner = owner,
                Now = now,
                Until = now + Lease,
            },
            transaction.Inner
        );
        if (claimed is not null)
            await transaction.Connection.ExecuteAsync(
                """
                insert into worker_turn (organisation_id, served_at)
                     values (@OrganisationId, @Now)
                on conflict (organisation_id) do update
                        set served_at = excluded.served_at
                """,
                new { claimed.OrganisationId, Now = now },
                transaction.Inner
            );
        await transaction.Commit();
        return claimed;
    }

    /// <summary>Gives a claimed submission back, for whoever is free to go on with it.</summary>
    public static async Task GiveBack(Store store, Submission submission)
    {
        await using var transaction = await store.Begin();
        await transaction.Connection.ExecuteAsync(
            """
            update submission
               set lease_until = null
             where submission_id = @SubmissionId
               and epoch = @Epoch
               and state = 'processing'
            """,
            new { submission.SubmissionId, submission.Epoch },
            transaction.Inner
        );
        await transaction.Commit();
    }

    /// <summary>Whether anything waits to be claimed. Asked without the write lock, since the answer is mostly no.</summary>
    public static async Task<bool> HasWork(Store store, DateTimeOffset now, CancellationToken cancel)
    {
        await using var connection = await store.Open(cancel);
        return await connection.ExecuteScalarAsync<bool>(
            """
            select exists (
                       select 1
                         from submission
                        where state = 'processing'
                          and (lease_until is null or lease_until < @Now)
                   )
            """,
            new { Now = now }
        );
    }

    /// <summary>How many submissions of an organisation are being processed or wait for it.</summary>
    public static async Task<int> CountAtWork(Store store, string organisationId)
    {
        await using var connection = await store.Open();
        return await connection.ExecuteScalarAsync<int>(
            """
            select count(*)
              from submission
             where organisation_id = @OrganisationId
               and state = 'processing'
            """,
            new { OrganisationId = organisationId }
        );
    }

    /// <summary>Puts a claimed submission aside until a later time, after a failure or while its organisation is suspended.</summary>
    public static async Task PutAside(
        Store store,
        Submission submission,
        bool failed,
        DateTimeOffset now,
        TimeSpan delay
    )
    {
        await using var transaction = await store.Begin();
        await transaction.Connection.ExecuteAsync(
            """
            update submission
               set failures = failures + @Failed,
                   state = case when failures + @Failed >= 3 then 'failed' else state end,
                   completed_at = case when failures + @Failed >= 3 then @Now else completed_at end,
                   lease_until = @Until
             where submission_id = @SubmissionId
               and epoch = @Epoch
               and state = 'processing'
            """,
            new
            {
                submission.SubmissionId,
                submission.Epoch,
                Failed = failed ? 1 : 0,
                Now = now,
                Until = now + delay,
            },
            transaction.Inner
        );
        await transaction.Commit();
    }

    /// <summary>An embedded database has one node: whoever held a lease before this start is gone.</summary>
    public static async Task ReleaseLeases(Store store, CancellationToken cancel)
    {
        await using var transaction = await store.Begin(cancel);
        await transaction.Connection.ExecuteAsync(
            """
            update submission
               set lease_until = null
             where state in ('receiving', 'processing')
            """,
            transaction: transaction.Inner
        );
        await transaction.Commit();
    }

    /// <summary>The chunk that holds a row, with its first row; null once its text is no longer kept.</summary>
    public static async Task<(int FirstRow, byte[] Content)?> Chunk(
        Store store,
        Submission submission,
        int row,
        CancellationToken cancel
    )
    {
        await using var connection = await store.Open(cancel);
        var found = await connection.QueryFirstOrDefaultAsync<ChunkRow>(
            """
            select p.first_row, p.content
              from submission s
              join payload p on p.submission_id = s.submission_id
             where s.submission_id = @SubmissionId
               and s.organisation_id = @OrganisationId
               and p.first_row <= @Row
             order by p.first_row desc
             limit 1
            """,
            new
            {
                submission.SubmissionId,
                submission.OrganisationId,
                Row = row,
            }
        );
        return found is null ? null : (found.FirstRow, found.Content);
    }

    sealed record ChunkRow
    {
        public int FirstRow { get; init; }
        public byte[] Content { get; init; } = [];
    }
}
