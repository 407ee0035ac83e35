using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Data.Sqlite;
using TradeApi.Register;
using TradeApi.Rules;

namespace TradeApi.Tests.Register;

/// <summary>
/// On SQLite a batch of a file is judged while the one before it is written. What somebody else has written meanwhile counts all
/// the same.
/// </summary>
public class JudgedAhead(Hosts hosts) : IClassFixture<Hosts>
{
    const string OtherDocument =
        "update vehicle set document_reference_number = '00000000000' where registration_number = @Mark";

    [Fact]
    public async Task What_another_notice_has_written_meanwhile_is_seen() =>
        Assert.Equal(
            Outcome.Refused,
            await OutcomeAfter(
                async (host, mark) =>
                {
                    await host.ExecuteRegister(OtherDocument, new { Mark = mark });
                    return 0;
                }
            )
        );

    [Fact]
    public async Task What_another_program_has_written_meanwhile_is_seen() =>
        Assert.Equal(
            Outcome.Refused,
            await OutcomeAfter(
                async (host, mark) =>
                {
                    await using var register = await host.Stores.Sandbox.Open();
                    await using var other = new SqliteConnection(
                        $"Data Source={((SqliteConnection)register).DataSource};Pooling=false"
                    );
                    await other.OpenAsync();
                    await other.ExecuteAsync(OtherDocument, new { Mark = mark });
                    return 0;
                }
            )
        );

    [Fact]
    public async Task Somebody_else_beside_the_batch_before_is_seen() =>
        Assert.Equal(
            Outcome.Refused,
            await OutcomeAfter(
                async (host, mark) =>
                {
                    var before = await Written(host, "update ledger_head set size = size");
                    await host.ExecuteRegister(OtherDocument, new { Mark = mark });
                    return before;
                }
            )
        );

    // It names no vehicle of this one, so it could not have written this: that it is not seen tells that it is not asked again.
    // Thrice, since the worker may write at the same moment.
    [Fact]
    public async Task What_the_batch_before_has_written_is_not_asked_for_again()
    {
        var outcomes = new List<Outcome>();
        for (var i = 0; i < 3; i++)
            outcomes.Add(
                await OutcomeAfter(
                    (host, mark) => Written(host, OtherDocument.Replace("@Mark", $"'{mark}'", StringComparison.Ordinal))
                )
            );
        Assert.Contains(Outcome.Accepted, outcomes);
    }

    // As after one that was judged in vain.
    [Fact]
    public async Task One_that_is_not_judged_ahead_sees_all_that_is_written_before_it() =>
        Assert.Equal(
            Outcome.Refused,
            await OutcomeAfter(
                (host, mark) => Written(host, OtherDocument.Replace("@Mark", $"'{mark}'", StringComparison.Ordinal)),
                isJudgedAhead: false
            )
        );

    [Fact]
    public async Task Nothing_is_decided_when_the_batch_before_has_come_to_nothing() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            OutcomeAfter((_, _) => throw new InvalidOperationException("The batch before has come to nothing."))
        );

    // What they make together is known only when both have been counted.
    [Theory]
    [InlineData(21, 0)]
    [InlineData(11, 10)]
    public async Task A_hold_that_the_batch_before_begins_or_both_begin_together_is_not_passed_by(
        int before,
        int behind
    )
    {
        await using var host = await Guesses.OwnHost("sqlite");
        var partner = await host.Partner("org_dealer1");
        var vehicles = await host.AddVehicles(before + behind + 1);
        List<Notice> NoticesOf(IEnumerable<JsonObject> of) =>
            [.. of.Select(notice => partner.ToNotice(notice, host.Clock.GetUtcNow()))];
        var register = host.Registers.Of("sandbox");
        var first = new Turn(Task.FromResult(0L), isJudgedAhead: false);
        var whole = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = new Turn(whole.Task, isJudgedAhead: true);

        var deciding = register.Apply(
            NoticesOf(
                vehicles
                    .Skip(before)
                    .Select((vehicle, i) => i < behind ? Guesses.Wrong(vehicle, 1) : Notices.Disposal(vehicle))
            ),
            mayRepeat: false,
            turn: second
        );
        await second.Locked;
        await register.Apply(
            NoticesOf(vehicles.Take(before).Select(vehicle => Guesses.Wrong(vehicle, 1))),
            mayRepeat: false,
            turn: first
        );
        whole.SetResult(first.WrittenBy);

        var refused = await Assert.ThrowsAsync<SqliteException>(() => deciding);
        Assert.Contains("proof_hour", refused.Message, StringComparison.Ordinal);
        Assert.True(VehicleRegister.IsCollision(refused));
    }

    // The number of the transaction, as a batch before would tell it.
    static async Task<long> Written(TradeApiHost host, string sql)
    {
        await using var transaction = await host.Stores.Sandbox.Begin();
        await transaction.Connection.ExecuteAsync(sql, transaction: transaction.Inner);
        await transaction.Commit();
        return transaction.Number;
    }

    // What comes of a batch while something is written during its wait for the one before. What was refused only when it was
    // judged again was judged in vain.
    async Task<Outcome> OutcomeAfter(Func<TradeApiHost, string, Task<long>> meanwhile, bool isJudgedAhead = true)
    {
        var host = await hosts.On("sqlite");
        var partner = await hosts.Partner("sqlite");
        var vehicle = await host.AddVehicle();
        var notice = partner.ToNotice(Notices.Disposal(vehicle), host.Clock.GetUtcNow());
        var before = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var turn = new Turn(before.Task, isJudgedAhead);
        var deciding = host.Registers.Of("sandbox").Apply([notice], mayRepeat: false, turn: turn);
        if (isJudgedAhead)
            await turn.Locked;
        Assert.False(deciding.IsCompleted);
        try
        {
            before.SetResult(await meanwhile(host, vehicle.Mark));
        }
        catch (InvalidOperationException exception)
        {
            before.SetException(exception);
        }
        var outcome = Assert.Single(await deciding).Outcome;
        Assert.Equal(isJudgedAhead && outcome == Outcome.Refused, turn.WasJudgedInVain);
        // What was made ready to be written goes with the judgement.
        await using var register = await host.Stores.Sandbox.Open();
        var (kept, isLast) = await register.QuerySingleAsync<(string, bool)>(
            """
            select k.outcome, coalesce(v.last_keeper_change_id = k.keeper_change_id, false)
              from vehicle v
              join keeper_change k on k.registration_number = v.registration_number
             where v.registration_number = @Mark
            """,
            new { vehicle.Mark }
        );
        var isAccepted = outcome == Outcome.Accepted;
        Assert.Equal((isAccepted ? "accepted" : "refused", isAccepted), (kept, isLast));
        return outcome;
    }
}
