namespace TradeApi.Client.Tests;

/// <summary>What a partner reads of the register, by the methods of the client.</summary>
public sealed class Reading(RunningHost host)
{
    static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_notice_is_found_by_search_and_in_the_history_of_its_vehicle_and_the_enquiry_shows_what_it_did()
    {
        using var client = host.Client();
        var notice = host.Disposal();
        var sent = await client.SendAsync(notice, cancellationToken: Cancel);
        var question = new KeeperChangeQuestion
        {
            ClientReference = notice.ClientReference,
            Outcome = "accepted",
            EventDateFrom = RunningHost.EventDate,
            EventDateTo = RunningHost.EventDate,
            ReceivedFrom = TimeProvider.System.GetUtcNow().AddHours(-1),
            Limit = 1,
        };

        var enquiry = await client.EnquireAsync(notice.RegistrationNumber, Cancel);
        var found = await client.SearchKeeperChangesAsync(question, Cancel).ToListAsync(Cancel);
        var history = await client.HistoryAsync(notice.RegistrationNumber, Cancel).ToListAsync(Cancel);

        Assert.Equal("inTrade", enquiry!.Record);
        Assert.Equal(sent.KeeperChangeId, Assert.Single(found).Id);
        Assert.Equal(sent.KeeperChangeId, Assert.Single(history).Id);
        Assert.Null(question.Cursor);
    }

    [Fact]
    public async Task An_unknown_mark_is_null_and_a_malformed_one_an_error_with_a_suggestion()
    {
        using var client = host.Client();

        Assert.Null(await client.EnquireAsync("XY19 XYZ", Cancel));
        Assert.Empty(await client.HistoryAsync("XY19 XYZ", Cancel).ToListAsync(Cancel));
        var refused = await Assert.ThrowsAsync<TradeApiException>(() => client.EnquireAsync("XYI9 XYZ", Cancel));

        Assert.Equal((422, "body.refused"), (refused.Status, refused.Code));
        Assert.Equal("XY19XYZ", Assert.Single(refused.Findings).Suggestion);
    }

    [Fact]
    public async Task A_trader_has_no_fleet_and_may_not_ask_for_keepers_and_every_code_is_explained()
    {
        using var client = host.Client();

        var fleet = await client.FleetVehiclesAsync(Cancel).ToListAsync(Cancel);
        var codes = await client.ReasonCodesAsync(Cancel);
        var refused = await Assert.ThrowsAsync<TradeApiException>(() =>
            client.KeeperAtDateAsync("XY19 XYZ", RunningHost.EventDate, "Claim", "CLAIM-1", Cancel)
        );

        Assert.Empty(fleet);
        Assert.Contains(codes, code => code is { Code: "vehicle.not-matched", WhoMustAct: "sender" });
        Assert.Equal("scope.missing", refused.Code);
    }

    [Fact]
    public async Task Pages_are_asked_for_with_the_cursor_of_the_one_before()
    {
        const string First = """{"items":[],"nextCursor":"next"}""";
        const string Last = """{"items":[]}""";
        var script = new Script(Script.Answer(200, First), Script.Answer(200, Last));
        using var client = script.Client();

        await client.SearchKeeperChangesAsync(new() { Type = "disposalToTrade" }, Cancel).ToListAsync(Cancel);

        Assert.Equal(
            [
                """{"type":"disposalToTrade","limit":200}""",
                """{"type":"disposalToTrade","cursor":"next","limit":200}""",
            ],
            script.Calls.Select(call => call.Text)
        );
    }
}
