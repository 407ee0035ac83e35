using Dapper;
using Npgsql;

namespace TradeApi.Tests.Tokens;

/// <summary>A database of a test's own: a folder for SQLite, or one on the PostgreSQL server of `tests/run`.</summary>
sealed class TestDatabase : IAsyncDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("tradeapi-test-").FullName;
    readonly string? name;

    TestDatabase(string? name) => this.name = name;

    public IEnumerable<string> Arguments =>
        name is null
            ? [$"--TradeApi:DataDirectory={directory}"]
            :
            [
                $"--TradeApi:DataDirectory={directory}",
                "--TradeApi:Database=postgres",
                $"--ConnectionStrings:TradeApi={TradeApiHost.PostgresServer};Database={name}",
            ];

    public static async Task<TestDatabase> Create(string kind)
    {
        if (kind == "sqlite")
            return new TestDatabase(null);
        Assert.SkipWhen(
            TradeApiHost.PostgresServer is null,
            "No PostgreSQL: tests/run starts one and says where it is."
        );
        var own = "test_" + Guid.CreateVersion7().ToString("N");
        await using var server = new NpgsqlConnection(TradeApiHost.PostgresServer);
        await server.ExecuteAsync($"create database {own}");
        return new TestDatabase(own);
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(directory, recursive: true);
        if (name is null)
            return;
        await using var server = new NpgsqlConnection(TradeApiHost.PostgresServer);
        await server.ExecuteAsync($"drop database {name} with (force)");
    }
}
