using System.Text.Json.Nodes;
using Dapper;

namespace TradeApi.Tests.KeeperChanges;

/// <summary>More notices at once than can wait: some are told so, and nothing else is any different.</summary>
public class Crowds(Hosts hosts) : IClassFixture<Hosts>
{
    const int MostWaiting = 4096;

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Whoever_comes_when_too_many_wait_is_told_at_once_and_those_who_wait_are_answered(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        Assert.Equal(201, (await partner.Send(Notices.Disposal(await host.AddVehicle()))).Status);
        var held = await host.AddVehicle();

        // Two groups wait for a vehicle, or one for the only writer, and all others for them.
        var transaction = await host.Stores.Sandbox.Begin();
        await transaction.Connection.ExecuteAsync(
            "update vehicle set make = make where registration_number = @Mark",
            new { held.Mark },
            transaction.Inner
        );
        var before = new[] { partner.Send(Notices.Disposal(held)), partner.Send(Notices.Disposal(held)) };
        await Task.Delay(200);
        // Each is refused before a vehicle is looked at, and recorded.
        var crowd = Enumerable
            .Range(0, MostWaiting + 100)
            .Select(i =>
                (Key: Partner.NewKey(), Notice: new JsonObject { ["type"] = "disposalToTrade" }.ToJsonString())
            )
            .ToList();
        var calls = crowd.ConvertAll(call => partner.Send(call.Notice, call.Key));

        await Eventually.Holds(() => Task.FromResult(calls.Count(call => call.IsCompleted) >= 90));
        var turnedAway = calls.FindAll(call => call.IsCompleted);
        await transaction.DisposeAsync();

        Assert.InRange(turnedAway.Count, 90, 101);
        foreach (var reply in await Task.WhenAll(turnedAway))
        {
            Assert.Equal(503, reply.Status);
            Assert.Equal("register.unavailable", reply.String("code"));
            Assert.Equal("notApplied", reply.String("outcome"));
            Assert.True((bool)reply.Json["retryable"]!);
            Assert.Equal("1", reply.Header("Retry-After"));
        }
        Assert.Equal([201, 422], (await Task.WhenAll(before)).Select(reply => reply.Status).Order());
        var waited = await Task.WhenAll(calls.Except(turnedAway));
        Assert.Equal([422], waited.Select(reply => reply.Status).Distinct());
        Assert.Equal(
            waited.Length,
            await host.QueryRegister<int>("select count(*) from keeper_change where registration_number is null")
        );
        var (key, notice) = crowd[calls.IndexOf(turnedAway[0])];
        var again = await partner.Send(notice, key);
        Assert.Equal(422, again.Status);
        Assert.Null(again.Header("Idempotency-Replayed"));
    }
}
