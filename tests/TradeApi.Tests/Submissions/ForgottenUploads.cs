using Dapper;
using TradeApi.Submissions;

namespace TradeApi.Tests.Submissions;

/// <summary>What is left of an upload whose process has gone is deleted, and nobody waits for that.</summary>
public class ForgottenUploads
{
    [Fact]
    public async Task An_upload_of_which_a_chunk_is_on_its_way_keeps_no_file_waiting_and_goes_with_it_later()
    {
        await using var host = await TradeApiHost.Start("postgres");
        await host.ExecuteRegister(
            """
            insert into submission (submission_id, organisation_id, client_id, state, mode, format, created_at, rows_total,
                                    rows_accepted, rows_refused, rows_referred, rows_duplicate, next_row, failures, epoch,
                                    lease_until)
            values (@Id, 'org_dealer1', 'cli_1', 'receiving', 'commit', 'ndjson', @Now, 0, 0, 0, 0, 0, 1, 0, 0, @Now)
            """,
            new { Id, Now = host.Clock.GetUtcNow().AddHours(-1) }
        );
        await using (var chunk = await host.Stores.Sandbox.Begin())
        {
            await chunk.Connection.ExecuteAsync(
                """
                insert into payload (payload_id, submission_id, first_row, row_count, received_at, content)
                select submission_id, submission_id, 1, 1, created_at, ''
                  from submission
                 where submission_id = @Id
                   for key share
                """,
                new { Id },
                chunk.Inner
            );
            await Forget(host).WaitAsync(TimeSpan.FromSeconds(10));
            await chunk.Commit();
        }
        Assert.Equal(1, await host.QueryRegister<long>("select count(*) from payload"));
        await Forget(host);

        Assert.Equal(0, await host.QueryRegister<long>("select count(*) from submission"));
        Assert.Equal(0, await host.QueryRegister<long>("select count(*) from payload"));
    }

    static Task Forget(TradeApiHost host) =>
        SubmissionIntake.ForgetAbandoned(host.Stores.Sandbox, host.Clock.GetUtcNow(), default);

    static readonly Guid Id = Guid.Parse("01a21293-b79c-7ffd-98e2-69e3c4bce105");
}
