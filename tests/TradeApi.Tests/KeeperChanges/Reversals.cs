using System.Text.Json.Nodes;
using TradeApi.Commands;

namespace TradeApi.Tests.KeeperChanges;

/// <summary>Taking a notice back by HTTP, and by the register's staff.</summary>
public class Reversals(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_disposal_taken_back_leaves_the_record_as_it_was(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle(mileage: "1000");
        var before = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        var notice = await partner.Send(Notices.Disposal(vehicle).With("mileage", 2000));

        var reply = await partner.Reverse(notice.String("id")!);

        Assert.Equal(201, reply.Status);
        Assert.Equal("reversal", reply.String("type"));
        Assert.Equal("accepted", reply.String("outcome"));
        Assert.Equal(notice.String("id"), reply.String("concerns"));
        Assert.Equal(before, await host.Stores.Sandbox.Snapshot(vehicle.Mark));
        Assert.Equal(200, (await partner.Get($"/v1/keeper-changes/{reply.String("id")}/receipt")).Status);
        var first = await partner.Get($"/v1/keeper-changes/{notice.String("id")}");
        Assert.Equal("reversed", first.String("outcome"));
        Assert.Equal(reply.String("id"), first.String("reversedBy"));
        Assert.Equal("2026-11-20", first.String("eventDate"));
        Assert.Equal(200, (await partner.Get($"/v1/keeper-changes/{notice.String("id")}/receipt")).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task After_a_reversal_the_document_before_is_in_force_and_the_notice_can_be_sent_anew(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle(state: "inTrade", heldBy: "org_dealer1");
        var before = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        var sold = await partner.Send(Notices.Acquisition(vehicle));
        Assert.NotEqual(vehicle.Document, await host.Stores.Sandbox.DocumentInForce(vehicle.Mark));

        Assert.Equal(201, (await partner.Reverse(sold.String("id")!)).Status);

        Assert.Equal(before, await host.Stores.Sandbox.Snapshot(vehicle.Mark));
        Assert.Equal(201, (await partner.Send(Notices.Acquisition(vehicle))).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Only_the_last_event_is_taken_back_one_after_the_other(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();
        var before = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        var disposal = (await partner.Send(Notices.Disposal(vehicle))).String("id")!;
        var sale = (await partner.Send(Notices.Acquisition(vehicle))).String("id")!;

        var early = await partner.Reverse(disposal);
        Assert.Equal(422, early.Status);
        Assert.Equal(["reversal.not-last-event"], early.Codes);

        Assert.Equal(201, (await partner.Reverse(sale)).Status);
        Assert.Equal(201, (await partner.Reverse(disposal)).Status);
        Assert.Equal(before, await host.Stores.Sandbox.Snapshot(vehicle.Mark));
        var again = await partner.Reverse(disposal);
        Assert.Equal(["reversal.not-accepted"], again.Codes);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Twenty_eight_days_are_enough_and_twenty_nine_too_late(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var first = (await partner.Send(Notices.Disposal(await host.AddVehicle()))).String("id")!;
        var second = (await partner.Send(Notices.Disposal(await host.AddVehicle()))).String("id")!;

        host.Clock.Advance(TimeSpan.FromDays(28));
        partner = await host.Partner("org_dealer1");
        Assert.Equal(201, (await partner.Reverse(first)).Status);
        host.Clock.Advance(TimeSpan.FromDays(1));
        partner = await host.Partner("org_dealer1");
        Assert.Equal(["reversal.too-late"], (await partner.Reverse(second)).Codes);
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_destruction_is_reversed_by_staff_only(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database, "org_atf");
        var vehicle = await host.AddVehicle();
        var before = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        var id = (await partner.Send(Notices.Destruction(vehicle))).String("id")!;

        Assert.Equal(["reversal.by-staff-only"], (await partner.Reverse(id)).Codes);
        var staff = new StaffDesk(host.Stores, host.Clock, "sandbox", "officer", "wrong vehicle");
        Assert.Equal(0, await staff.Reverse(id, CancellationToken.None));

        Assert.Equal(before, await host.Stores.Sandbox.Snapshot(vehicle.Mark));
        Assert.Equal("reversed", (await partner.Get($"/v1/keeper-changes/{id}")).String("outcome"));
        Assert.Equal(1, await staff.Reverse(id, CancellationToken.None));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_repeated_reversal_is_answered_again_and_another_body_under_its_key_is_not(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var id = (await partner.Send(Notices.Disposal(await host.AddVehicle()))).String("id")!;
        var body = new JsonObject { ["clientReference"] = Notices.NewReference(), ["reason"] = "wrong car" };

        var first = await partner.Reverse(id, body, "rev-" + id);
        var again = await partner.Reverse(id, body, "rev-" + id);
        var other = await partner.Reverse(id, body.With("reason", "another"), "rev-" + id);
        var byReference = await partner.Reverse(id, body);

        Assert.Equal(201, first.Status);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal((422, "idempotency-key.reused"), (other.Status, other.String("code")));
        Assert.Equal(first.Text, byReference.Text);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task To_others_the_notice_does_not_exist_and_without_the_mandate_the_sender_may_not(string database)
    {
        var host = await hosts.On(database);
        var vendor = await hosts.Partner(database, "org_vendor");
        var vehicle = await host.AddVehicle();
        var notice = await vendor.Send(Notices.Disposal(vehicle, onBehalfOf: "org_dealer2"));

        Assert.Equal(404, (await (await hosts.Partner(database)).Reverse(notice.String("id")!)).Status);
        await host.ImportOrganisations(MandateOfDealer2("ended"));
        var refused = await vendor.Reverse(notice.String("id")!);
        Assert.Equal(403, refused.Status);
        Assert.Equal(["authority.mandate-missing"], refused.Codes);
        Assert.Equal(201, (await (await hosts.Partner(database, "org_dealer2")).Reverse(notice.String("id")!)).Status);
        await host.ImportOrganisations(MandateOfDealer2("active"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Bad_input_names_its_member(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var id = (await partner.Send(Notices.Disposal(await host.AddVehicle()))).String("id")!;

        var unknown = await partner.Reverse(id, new JsonObject { ["mileage"] = 5 });
        Assert.Equal((422, "/mileage"), (unknown.Status, (string)unknown.Json["findings"]![0]!["pointer"]!));
        var type = await partner.Reverse(id, new JsonObject { ["reason"] = 5 });
        Assert.Equal(["field.type"], type.Codes);
        var length = await partner.Reverse(id, new JsonObject { ["reason"] = new string('x', 201) });
        Assert.Equal(["field.length"], length.Codes);
        var missingKey = await partner.Call(HttpMethod.Post, $"/v1/keeper-changes/{id}/reversal");
        Assert.Equal("idempotency-key.missing", missingKey.String("code"));
        Assert.Equal(404, (await partner.Reverse("kc_" + new string('0', 32))).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Two_reversals_of_one_notice_at_the_same_time_take_it_back_once(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        for (var i = 0; i < 5; i++)
        {
            var id = (await partner.Send(Notices.Disposal(await host.AddVehicle()))).String("id")!;

            var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => partner.Reverse(id)));

            Assert.Single(replies, reply => reply.Status == 201);
            Assert.All(
                replies.Where(reply => reply.Status != 201),
                reply => Assert.Equal(["reversal.not-accepted"], reply.Codes)
            );
        }
    }

    static string MandateOfDealer2(string state) =>
        $$"""
            {"mandates": [{"id": "man_2", "grantedBy": "org_dealer2", "actingOrganisation": "org_vendor",
                           "eventTypes": ["disposalToTrade"], "state": "{{state}}"}]}
            """;
}
