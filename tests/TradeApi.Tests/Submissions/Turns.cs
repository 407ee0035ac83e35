using Dapper;
using TradeApi.Database;
using TradeApi.Submissions;
using TradeApi.Tests.Faults;

namespace TradeApi.Tests.Submissions;

/// <summary>Which submission a worker takes next, when several organisations have some.</summary>
public class Turns
{
    static readonly DateTimeOffset Start = new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Organisations_take_turns_and_each_has_its_oldest_file_first(string database)
    {
        await using var register = await Register(database);
        // A partner with a backlog came first, then two others with a file each.
        for (var i = 0; i < 5; i++)
            await register.Add("org_many", i);
        await register.Add("org_few", 10);
        await register.Add("org_last", 20);

        var served = new List<string>();
        for (var turn = 0; turn < 7; turn++)
            served.Add(await register.Serve(turn));

        Assert.Equal(
            ["org_many", "org_few", "org_last", "org_many", "org_few", "org_last", "org_many"],
            served.ConvertAll(one => one.Split(' ')[0])
        );
        Assert.All(
            served.Where(one => one.StartsWith("org_many", StringComparison.Ordinal)),
            one => Assert.EndsWith(" 0", one)
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Ending_one_small_file_after_another_gains_no_turns(string database)
    {
        await using var register = await Register(database);
        for (var i = 0; i < 4; i++)
            await register.Add("org_small", i);
        await register.Add("org_big", 10);

        var served = new List<string>();
        for (var turn = 0; turn < 6; turn++)
        {
            var one = await register.Serve(turn);
            served.Add(one.Split(' ')[0]);
            if (served[^1] == "org_small")
                await register.Complete(one);
        }

        Assert.Equal(["org_small", "org_big", "org_small", "org_big", "org_small", "org_big"], served);
    }

    static async Task<Backlog> Register(string database)
    {
        var process = await HostProcess.Prepare(database);
        var (exitCode, output) = await process.Run("migrate");
        Assert.True(exitCode == 0, output);
        return new Backlog(process, process.OpenStores());
    }

    // Submissions without rows: only who is next is looked at.
    sealed class Backlog(HostProcess process, Stores stores) : IAsyncDisposable
    {
        public async Task Add(string organisation, int seconds)
        {
            await using var transaction = await stores.Sandbox.Begin();
            await transaction.Connection.ExecuteAsync(
                """
                insert into submission (submission_id, organisation_id, client_id, state, mode, format, file_name, created_at,
                                        rows_total, rows_accepted, rows_refused, rows_referred, rows_duplicate, next_row,
                                        failures, epoch)
                values (@Id, @Organisation, 'cli', 'processing', 'commit', 'ndjson', @Name, @CreatedAt,
                        9, 0, 0, 0, 0, 1,
                        0, 0)
                """,
                new
                {
                    Id = Guid.CreateVersion7(Start),
                    Organisation = organisation,
                    Name = $"{seconds}",
                    CreatedAt = Start.AddSeconds(seconds),
                },
                transaction.Inner
            );
            await transaction.Commit();
        }

        public async Task<string> Serve(int turn)
        {
            var claimed = await SubmissionStore.Claim(
                stores.Sandbox,
                "test",
                Start.AddMinutes(1 + turn),
                TestContext.Current.CancellationToken
            );
            await SubmissionStore.GiveBack(stores.Sandbox, claimed!);
            return $"{claimed!.OrganisationId} {claimed.FileName}";
        }

        public async Task Complete(string served)
        {
            await using var transaction = await stores.Sandbox.Begin();
            var parts = served.Split(' ');
            await transaction.Connection.ExecuteAsync(
                "update submission set state = 'completed' where organisation_id = @Organisation and file_name = @Name",
                new { Organisation = parts[0], Name = parts[1] },
                transaction.Inner
            );
            await transaction.Commit();
        }

        public async ValueTask DisposeAsync()
        {
            await stores.DisposeAsync();
            await process.DisposeAsync();
        }
    }
}
