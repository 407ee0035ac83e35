using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Tokens;

namespace TradeApi.Tests.Register;

/// <summary>A group of notices asks whether their senders are still in force, and nothing comes of those whose sender is not.</summary>
public class PresumedSenders(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task In_a_group_nothing_comes_of_the_notices_whose_sender_is_not_as_it_was(string database)
    {
        await using var host = await Guesses.OwnHost(database);
        string[] losses =
        [
            "update client set removed_at = @Now where client_id = @ClientId",
            "update credential set removed_at = @Now where client_id = @ClientId",
            "update credential set expires_at = @Now where client_id = @ClientId",
            "update client set scopes = 'events' where client_id = @ClientId",
            "update organisation set state = 'suspended' where organisation_id = 'org_dealer2'",
        ];
        var stays = await host.Partner("org_dealer1");
        var notices = new List<Notice> { await Presumed(host, stays, Notices.Disposal(await host.AddVehicle())) };
        foreach (var loss in losses)
        {
            var organisation = loss.Contains("org_dealer2", StringComparison.Ordinal) ? "org_dealer2" : "org_dealer3";
            var loser = await host.Partner(organisation);
            var vehicle = await host.AddVehicle();
            var repeated = Notices.Disposal(await host.AddVehicle());
            Assert.Equal(201, (await loser.Send(repeated, "KEY")).Status);
            notices.Add(await Presumed(host, loser, Notices.Disposal(vehicle)));
            notices.Add(await Presumed(host, loser, Guesses.Wrong(vehicle, 1)));
            notices.Add(await Presumed(host, loser, repeated, "KEY"));
            await host.ExecuteControl(loss, new { Now = host.Clock.GetUtcNow(), loser.ClientId });
        }
        notices.Add(await Presumed(host, stays, Notices.Disposal(await host.AddVehicle())));
        var (decided, judged) = await Count(host);

        var answers = await host.Registers.Of("sandbox").Apply(notices, mayRepeat: false);

        Assert.Equal(
            [Outcome.Accepted, Outcome.Accepted],
            answers.Where(answer => !answer.IsNotAsPresumed).Select(answer => answer.Outcome)
        );
        Assert.Equal(3 * losses.Length, answers.Count(answer => answer.IsNotAsPresumed && answer.Decision is null));
        Assert.Equal((decided + 2, judged + 2), await Count(host));
        Assert.Equal(0, await host.QueryRegister<long>("select count(*) from wrong_proof"));
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_is_removed_while_a_notice_waits_for_its_group_holds_for_it(string database)
    {
        var host = await hosts.On(database);
        var stays = await hosts.Partner(database);
        var (removed, narrowed) = (await host.Partner("org_dealer2"), await host.Partner("org_dealer3"));
        foreach (var partner in new[] { stays, removed, narrowed })
            Assert.Equal(201, (await partner.Send(Notices.Disposal(await host.AddVehicle()))).Status);
        var held = await host.AddVehicle();
        var vehicles = await host.AddVehicles(3);

        // Two groups wait for a vehicle, or for the one writer; who comes next waits for them.
        var transaction = await host.Stores.Sandbox.Begin();
        await transaction.Connection.ExecuteAsync(
            "update vehicle set make = make where registration_number = @Mark",
            new { held.Mark },
            transaction.Inner
        );
        var before = new[] { stays.Send(Notices.Disposal(held)), stays.Send(Notices.Disposal(held)) };
        await Task.Delay(200);
        var calls = new[] { stays, removed, narrowed }
            .Select((partner, i) => partner.Send(Notices.Disposal(vehicles[i])))
            .ToList();
        await Task.Delay(200);
        await host.ExecuteControl(
            "update client set removed_at = @Now where client_id = @ClientId",
            new { Now = host.Clock.GetUtcNow(), removed.ClientId }
        );
        await host.ExecuteControl(
            "update client set scopes = 'events' where client_id = @ClientId",
            new { narrowed.ClientId }
        );
        await transaction.DisposeAsync();

        Assert.Equal([201, 422], (await Task.WhenAll(before)).Select(reply => reply.Status).Order());
        var replies = await Task.WhenAll(calls);
        Assert.Equal([201, 401, 403], replies.Select(reply => reply.Status));
        Assert.Equal("partner.suspended", replies[1].String("code"));
        Assert.Equal("scope.missing", replies[2].String("code"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_sender_that_is_another_but_in_force_is_answered_as_if_nothing_had_been(string database)
    {
        var host = await hosts.On(database);
        var partner = await host.Partner("org_dealer1");
        Assert.Equal(201, (await partner.Send(Notices.Disposal(await host.AddVehicle()))).Status);
        await host.ExecuteControl(
            "update client set scopes = 'keeper-changes:write' where client_id = @ClientId",
            new { partner.ClientId }
        );

        var notice = Notices.Disposal(await host.AddVehicle());
        var reply = await partner.Send(notice, "ANOTHER");

        Assert.Equal(201, reply.Status);
        Assert.Null(reply.Header("Idempotency-Replayed"));
        Assert.Equal("true", (await partner.Send(notice, "ANOTHER")).Header("Idempotency-Replayed"));
        Assert.Equal(403, (await partner.Get(reply.Header("Location")!)).Status);
    }

    static async Task<Notice> Presumed(TradeApiHost host, Partner partner, JsonObject notice, string? key = null)
    {
        await using var connection = await host.Stores.Control.Open();
        var credential = await connection.QuerySingleAsync<Guid>(
            "select credential_id from credential where client_id = @ClientId",
            new { partner.ClientId }
        );
        var client = await host.Services.GetRequiredService<ClientsInForce>().Find(partner.ClientId, credential);
        return partner.ToNotice(notice, host.Clock.Now(), key ?? Partner.NewKey()) with { Presumed = client };
    }

    static async Task<(long Decided, long Judged)> Count(TradeApiHost host) =>
        (
            await host.QueryRegister<long>("select count(*) from keeper_change"),
            await host.QueryRegister<long>("select coalesce(sum(notices), 0) from proof_hour")
        );
}
