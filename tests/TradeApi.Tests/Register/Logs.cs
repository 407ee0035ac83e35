using Dapper;
using Microsoft.Data.Sqlite;
using TradeApi.Database;

namespace TradeApi.Tests.Register;

/// <summary>What is written to SQLite stands in a log first, which is moved into the file beside whoever writes.</summary>
public sealed class Logs : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("tradeapi-test-").FullName;

    // Less than a commit would move by itself.
    const int Transactions = 60;

    [Fact]
    public async Task A_log_that_has_grown_is_moved_while_others_write_and_nothing_is_lost()
    {
        var store = Store.OnSqlite("sandbox", directory);
        await Write(store, "create table page (content blob)");
        for (var i = 0; i < Transactions; i++)
            await Write(
                store,
                """
                with recursive page_number (n) as (select 1 union all select n + 1 from page_number where n < 1000)
                insert into page (content)
                select randomblob(4000)
                  from page_number
                """
            );
        var log = new FileInfo(Path.Combine(directory, "sandbox.db-wal")).Length >> 20;
        await using (var connection = await store.Open())
            Assert.Equal(Transactions * 1000, await connection.ExecuteScalarAsync<int>("select count(*) from page"));
        await store.DisposeAsync();

        Assert.InRange(log, 64, 200);
    }

    [Fact]
    public async Task While_somebody_reads_what_was_there_a_log_grows_and_everybody_goes_on()
    {
        var store = Store.OnSqlite("sandbox", directory);
        await Write(store, "create table page (content blob)");
        await using (var reader = (SqliteConnection)await store.Open())
        {
            await using var reading = reader.BeginTransaction(deferred: true);
            Assert.Equal(0, await reader.ExecuteScalarAsync<int>("select count(*) from page", transaction: reading));
            for (var i = 0; i < Transactions; i++)
                await Write(store, "insert into page (content) values (randomblob(5000000))");
            Assert.Equal(0, await reader.ExecuteScalarAsync<int>("select count(*) from page", transaction: reading));
        }
        await using (var connection = await store.Open())
            Assert.Equal(Transactions, await connection.ExecuteScalarAsync<int>("select count(*) from page"));
        await store.DisposeAsync();
    }

    static async Task Write(Store store, string sql)
    {
        await using var transaction = await store.Begin();
        await transaction.Connection.ExecuteAsync(sql, transaction: transaction.Inner);
        await transaction.Commit();
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
