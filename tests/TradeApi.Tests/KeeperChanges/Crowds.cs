using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;

namespace TradeApi.Tests.KeeperChanges;

/// <summary>More notices at once than can wait: some are told so, and nothing else is any different.</summary>
public class Crowds(Hosts hosts) : IClassFixture<Hosts>
{
    const int MostWaiting = 4096;

    // Refused before a vehicle is looked at, and recorded.
    static readonly JsonObject Incomplete = new() { ["type"] = "disposalToTrade" };

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Whoever_comes_when_too_many_wait_is_told_at_once_and_those_who_wait_are_answered(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var queue = host.Registers.Queue("sandbox");
        var held = await host.AddVehicle();
        var key = Partner.NewKey();

        // Two groups wait for a vehicle, or one for the only writer, and all others for them.
        var transaction = await host.Stores.Sandbox.Begin();
        await transaction.Connection.ExecuteAsync(
            "update vehicle set make = make where registration_number = @Mark",
            new { held.Mark },
            transaction.Inner
        );
        var now = host.Clock.GetUtcNow();
        var first = queue.Post(partner.ToNotice(Notices.Disposal(held), now));
        var second = queue.Post(partner.ToNotice(Notices.Disposal(held), now));
        var crowd = Enumerable
            .Range(0, MostWaiting + 100)
            .Select(_ => queue.Post(partner.ToNotice(Incomplete, now)))
            .ToList();
        var turnedAway = crowd.FindAll(answer => answer.IsCompleted);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/keeper-changes")
        {
            Content = JsonContent.Create(Incomplete),
        };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await partner.Http.SendAsync(request);
        var problem = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        await transaction.DisposeAsync();

        // On SQLite the second waits, too.
        Assert.Equal(host.Stores.Sandbox.IsPostgres ? 100 : 101, turnedAway.Count);
        Assert.All(await Task.WhenAll(turnedAway), answer => Assert.True(answer.IsTurnedAway));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        Assert.Equal("register.unavailable", (string?)problem["code"]);
        Assert.Equal("unknown", (string?)problem["outcome"]);
        Assert.True((bool)problem["retryable"]!);

        Assert.Equal(
            ["accepted", "refused"],
            (await Task.WhenAll(first, second)).Select(answer => answer.Decision!.Outcome).Order()
        );
        var waited = await Task.WhenAll(crowd.Except(turnedAway));
        Assert.Equal(["refused"], waited.Select(answer => answer.Decision?.Outcome).Distinct());
        Assert.Equal(
            waited.Length,
            await host.QueryRegister<int>("select count(*) from keeper_change where registration_number is null")
        );
        var again = await partner.Send(Incomplete, key);
        Assert.Equal(422, again.Status);
        Assert.Null(again.Header("Idempotency-Replayed"));
    }
}
