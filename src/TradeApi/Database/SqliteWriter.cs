using System.Data;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TradeApi.Database;

/// <summary>
/// The one who writes to a file of SQLite. Waiting here for one's turn is fair and wakes at once; SQLite's own busy handler sleeps
/// and guesses. One connection does all the writing, so that its memory of pages is there once.
/// </summary>
/// <param name="open">Opens a connection to the file.</param>
sealed class SqliteWriter(Func<CancellationToken, Task<SqliteConnection>> open) : IAsyncDisposable
{
    // Vehicles are written at random: of a register of a million a few times as much would not hold many more.
    const int CachedKibibytes = 16 * 1024;

    // 64 MiB, in pages of 4 KiB: a page that many batches write is moved from the log into the file once.
    const int MovedAt = 16_384;

    // Should moving it beside the writer fail, a commit tries, too, once it is so long.
    const int MovedByCommitAt = 4 * MovedAt;

    // While it is moved the log goes on growing, by less each time.
    const int MovesBesideWriter = 3;

    readonly SemaphoreSlim turn = new(1, 1);
    SqliteConnection? connection;
    Task moving = Task.CompletedTask;
    int pagesInLog;

    long ended;
    long dataVersion;

    // The number of the first transaction that could see what another program has written last.
    long othersSeenBy;

    /// <summary>How many transactions have ended, whatever came of them. The one at work, or the next, has the number after it.</summary>
    public long Ended => Interlocked.Read(ref ended);

    /// <summary>Waits for its turn and begins a transaction, which holds the write lock from the start and never has to turn back.</summary>
    public async Task<SqliteTransaction> Begin(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            connection = await Connected(cancel);
            var transaction = connection.BeginTransaction(deferred: false);
            try
            {
                LookForOthers(connection, transaction);
                return transaction;
            }
            catch
            {
                await transaction.DisposeAsync();
                throw;
            }
        }
        catch
        {
            turn.Release();
            throw;
        }
    }

    /// <summary>Gives the turn to the next one, after the transaction has been disposed of.</summary>
    public void End()
    {
        try
        {
            Interlocked.Increment(ref ended);
            raw.sqlite3_db_status(connection!.Handle!, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var written, out _, 1);
            pagesInLog += written;
            if (pagesInLog >= MovedAt && moving.IsCompleted)
            {
                pagesInLog = 0;
                // On a thread of its own: mostly it waits for the disk, and the pool has few.
                moving = Task
                    .Factory.StartNew(
                        MoveLog,
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                    .Unwrap();
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Whether what was read while another wrote still stands for the transaction that is at work now: whether nobody else has
    /// written meanwhile, neither in this program nor in another.
    /// </summary>
    /// <param name="since">What <see cref="Ended"/> was before it was read.</param>
    /// <param name="except">The number of a transaction that may have written, since it has changed nothing of what was read.</param>
    public bool HasNobodyWritten(long since, long except) =>
        othersSeenBy <= since && Ended - since <= (except > since ? 1 : 0);

    // This program writes to the file by this connection alone, so its data version changes only where another program has written.
    void LookForOthers(SqliteConnection own, SqliteTransaction transaction)
    {
        using var ask = own.CreateCommand();
        ask.Transaction = transaction;
        ask.CommandText = "pragma data_version";
        var now = (long)ask.ExecuteScalar()!;
        if (now != dataVersion)
            othersSeenBy = Ended + 1;
        dataVersion = now;
    }

    async Task<SqliteConnection> Connected(CancellationToken cancel)
    {
        if (connection is { State: ConnectionState.Open })
            return connection;
        var opened = await open(cancel);
        try
        {
            await Store.Set(
                opened,
                $"pragma cache_size = -{CachedKibibytes}; pragma wal_autocheckpoint = {MovedByCommitAt}",
                cancel
            );
            // What another connection has seen says nothing here.
            (dataVersion, othersSeenBy) = (0, Ended + 1);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    // The log begins anew only once all of it has been moved, so the rest is moved while nobody writes. If that fails, or somebody
    // reads from it when the next one begins to write, nothing is lost but room on the disk: it is tried again when the log has
    // grown as much again. A full disk is told by the commits.
    async Task MoveLog()
    {
        await using var mover = await open(CancellationToken.None);
        for (var i = 0; i < MovesBesideWriter; i++)
            Move();
        await turn.WaitAsync();
        try
        {
            Move();
        }
        finally
        {
            turn.Release();
        }

        void Move() =>
            raw.sqlite3_wal_checkpoint_v2(mover.Handle!, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
    }

    public async ValueTask DisposeAsync()
    {
        await moving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connection is not null)
            await connection.DisposeAsync();
        turn.Dispose();
    }
}
