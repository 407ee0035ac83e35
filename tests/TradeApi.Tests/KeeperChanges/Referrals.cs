using System.Text.Json.Nodes;
using Dapper;
using TradeApi.Commands;

namespace TradeApi.Tests.KeeperChanges;

/// <summary>Referred notices: the queue, staff's decision, and how the partner learns of it.</summary>
public class Referrals(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_referred_notice_that_staff_take_is_recorded_and_told(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle(stolen: true);
        var before = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        var cursor = await CursorOf(partner);
        var notice = Notices.Disposal(vehicle);
        var referred = await partner.Send(notice);
        Assert.Equal(202, referred.Status);
        var id = referred.String("id")!;
        Assert.Equal(before, await host.Stores.Sandbox.Snapshot(vehicle.Mark));

        Assert.Equal(0, await Staff(host).Decide(id, taken: true, CancellationToken.None));

        var taken = await partner.Get($"/v1/keeper-changes/{id}");
        Assert.Equal("accepted", taken.String("outcome"));
        Assert.Equal(referred.String("decidedAt"), taken.String("referredAt"));
        Assert.NotEqual(before, await host.Stores.Sandbox.Snapshot(vehicle.Mark));
        Assert.NotEqual(
            (long)referred.Json["receipt"]!["ledgerPosition"]!,
            (long)taken.Json["receipt"]!["ledgerPosition"]!
        );
        Assert.Equal(200, (await partner.Get($"/v1/keeper-changes/{id}/receipt")).Status);
        Assert.Equal(["keeper-change.referred", "keeper-change.accepted"], await EventsOf(partner, cursor, id));
        Assert.Equal(1, await Staff(host).Decide(id, taken: false, CancellationToken.None));
        // The same reference again is a duplicate of the notice as it stands now.
        Assert.Equal(201, (await partner.Send(notice)).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_a_referred_notice_has_ended_and_replaced_comes_back_when_it_is_taken_back(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var kept = await host.AddVehicle(stolen: true);
        var inTrade = await host.AddVehicle(state: "inTrade", heldBy: "org_dealer1", stolen: true);
        var before = await host.Stores.Sandbox.Snapshot(kept.Mark);
        var document = await host.Stores.Sandbox.DocumentInForce(inTrade.Mark);
        var sold = (await partner.Send(Notices.Disposal(kept))).String("id")!;
        var bought = (await partner.Send(Notices.Acquisition(inTrade))).String("id")!;

        foreach (var id in new[] { sold, bought })
            Assert.Equal(0, await Staff(host).Decide(id, taken: true, CancellationToken.None));

        Assert.Contains(
            "EndedOn = 11/20/2026",
            await host.Stores.Sandbox.Snapshot(kept.Mark),
            StringComparison.Ordinal
        );
        Assert.NotEqual(document, await host.Stores.Sandbox.DocumentInForce(inTrade.Mark));
        await host.AssertClean();
        foreach (var id in new[] { sold, bought })
            Assert.Equal(0, await Staff(host).Reverse(id, CancellationToken.None));
        Assert.Equal(before, await host.Stores.Sandbox.Snapshot(kept.Mark));
        Assert.Equal(document, await host.Stores.Sandbox.DocumentInForce(inTrade.Mark));
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_referred_notice_that_staff_refuse_changes_nothing_and_frees_its_reference(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle(stolen: true);
        var before = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        var cursor = await CursorOf(partner);
        var notice = Notices.Disposal(vehicle);
        var id = (await partner.Send(notice)).String("id")!;

        Assert.Equal(0, await Staff(host).Decide(id, taken: false, CancellationToken.None));

        var refused = await partner.Get($"/v1/keeper-changes/{id}");
        Assert.Equal("refused", refused.String("outcome"));
        Assert.Equal(["referred.refused"], refused.Codes);
        Assert.DoesNotContain("because of test", refused.Text, StringComparison.Ordinal);
        Assert.Equal(before, await host.Stores.Sandbox.Snapshot(vehicle.Mark));
        Assert.Equal(["keeper-change.referred", "keeper-change.refused"], await EventsOf(partner, cursor, id));
        Assert.Equal(202, (await partner.Send(notice)).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_referred_row_of_a_file_is_decided_too_and_the_counts_stay_true(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var stolen = await host.AddVehicle(stolen: true);
        var sent = await partner.SendFile(
            Notices.File(Notices.Disposal(await host.AddVehicle()), Notices.Disposal(stolen))
        );
        var rows = await partner.Results(sent.String("id")!);
        Assert.Equal("referred", (string)rows[1]["outcome"]!);

        Assert.Equal(
            0,
            await Staff(host).Decide((string)rows[1]["keeperChangeId"]!, taken: true, CancellationToken.None)
        );

        Assert.Contains(
            "HeldBy = org_dealer1",
            await host.Stores.Sandbox.Snapshot(stolen.Mark),
            StringComparison.Ordinal
        );
        Assert.Equal("referred", (string)(await partner.Results(sent.String("id")!))[1]["outcome"]!);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_the_record_does_not_allow_any_more_cannot_be_taken(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle(stolen: true);
        var first = (await partner.Send(Notices.Disposal(vehicle))).String("id")!;
        var second = (await partner.Send(Notices.Disposal(vehicle, date: "2026-11-21"))).String("id")!;

        Assert.Equal(0, await Staff(host).Decide(first, taken: true, CancellationToken.None));
        Assert.Equal(1, await Staff(host).Decide(second, taken: true, CancellationToken.None));

        Assert.Equal("referred", (await partner.Get($"/v1/keeper-changes/{second}")).String("outcome"));
        Assert.Equal(0, await Staff(host).Decide(second, taken: false, CancellationToken.None));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_reversal_on_a_vehicle_to_be_looked_at_is_referred_and_decided_by_staff(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();
        var before = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        var id = (await partner.Send(Notices.Disposal(vehicle))).String("id")!;
        await MarkStolen(host, vehicle);

        var reversal = await partner.Reverse(id);
        var correction = await partner.Correct(id, new JsonObject { ["eventDate"] = "2026-11-19" });

        Assert.Equal((202, 202), (reversal.Status, correction.Status));
        Assert.Equal(0, await Staff(host).Decide(correction.String("id")!, taken: true, CancellationToken.None));
        Assert.Contains(
            "EndedOn = 11/19/2026",
            await host.Stores.Sandbox.Snapshot(vehicle.Mark),
            StringComparison.Ordinal
        );
        Assert.Equal(0, await Staff(host).Decide(reversal.String("id")!, taken: true, CancellationToken.None));
        Assert.Equal(before, await host.Stores.Sandbox.Snapshot(vehicle.Mark));
        Assert.Equal("reversed", (await partner.Get($"/v1/keeper-changes/{id}")).String("outcome"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_sender_of_a_notice_is_told_when_staff_let_another_take_it_back(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var (dealer, vendor) = (await host.Partner("org_dealer1"), await host.Partner("org_vendor"));
        var vehicle = await host.AddVehicle();
        var id = (await vendor.Send(Notices.Disposal(vehicle, onBehalfOf: "org_dealer1"))).String("id")!;
        await MarkStolen(host, vehicle);
        var reversal = await dealer.Reverse(id);
        Assert.Equal(202, reversal.Status);

        Assert.Equal(0, await Staff(host).Decide(reversal.String("id")!, taken: true, CancellationToken.None));

        var told = (await vendor.Get("/v1/events")).Json["items"]!.AsArray();
        Assert.Equal(
            ["keeper-change.accepted", "keeper-change.referred", "keeper-change.reversed"],
            told.Select(one => (string)one!["type"]!)
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_repeated_key_answers_as_at_first_whatever_staff_have_decided_since(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle(stolen: true);
        var notice = Notices.Disposal(vehicle);
        var key = Partner.NewKey();
        var first = await partner.Send(notice, key);
        Assert.Equal(0, await Staff(host).Decide(first.String("id")!, taken: false, CancellationToken.None));
        var again = await partner.Send(notice, key);
        var outcome = await partner.Get($"/v1/outcomes/{key}");

        Assert.Equal((202, first.Text), (again.Status, again.Text));
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.True(JsonNode.DeepEquals(first.Json, outcome.Json["keeperChange"]));
    }

    static async Task MarkStolen(TradeApiHost host, TestVehicle vehicle)
    {
        await using var connection = await host.Stores.Sandbox.Open();
        await connection.ExecuteAsync(
            "update vehicle set stolen = true where registration_number = @Mark",
            new { vehicle.Mark }
        );
    }

    static StaffDesk Staff(TradeApiHost host) => new(host.Stores, host.Clock, "sandbox", "officer", "because of test");

    static async Task<string> CursorOf(Partner partner)
    {
        var cursor = (await partner.Get("/v1/events?limit=200")).String("nextCursor")!;
        while (true)
        {
            var page = await partner.Get($"/v1/events?limit=200&cursor={cursor}");
            if (page.Json["items"]!.AsArray().Count == 0)
                return cursor;
            cursor = page.String("nextCursor")!;
        }
    }

    static async Task<List<string>> EventsOf(Partner partner, string cursor, string id) =>
        (await partner.Get($"/v1/events?cursor={cursor}")).Json["items"]!
            .AsArray()
            .Where(one => (string)one!["subject"]! == id)
            .Select(one => (string)one!["type"]!)
            .ToList();
}
