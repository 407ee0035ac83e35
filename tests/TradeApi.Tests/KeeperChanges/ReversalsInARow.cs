using System.Globalization;
using System.Text.Json.Nodes;
using TradeApi.Commands;
using static TradeApi.Tests.FleetVehicles;

namespace TradeApi.Tests.KeeperChanges;

/// <summary>Reversals beside other notices, other vehicles and other organisations.</summary>
public class ReversalsInARow
{
    [Theory]
    [InlineData("sqlite", true)]
    [InlineData("sqlite", false)]
    [InlineData("postgres", true)]
    [InlineData("postgres", false)]
    public async Task A_mark_moves_from_one_vehicle_to_another_in_one_file_whatever_their_order(
        string database,
        bool donorFirst
    )
    {
        await using var host = await Host(database);
        var partner = await host.Partner("org_fleet");
        var (a, b) = (await FleetVehicle(host), await FleetVehicle(host));
        var (donor, taker) = donorFirst ? (a, b) : (b, a);
        var certificate = await Certificate(host, donor.Mark);
        var sent = await partner.SendFile(
            Notices.File(
                Of("markRetention", donor)
                    .With("documentReferenceNumber", donor.Document)
                    .With("certificateNumber", certificate),
                Of("markAssignment", taker)
                    .With("documentReferenceNumber", taker.Document)
                    .With("certificateNumber", certificate)
                    .With("newRegistrationNumber", donor.Mark)
            )
        );
        Assert.Equal(
            ["accepted", "accepted"],
            (await partner.Results(sent.String("id")!)).Select(row => (string)row["outcome"]!)
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_trader_who_loses_stock_by_a_reversal_is_told(string database)
    {
        await using var host = await Host(database);
        var fleet = await host.Partner("org_fleet");
        var trader = await host.Partner("org_dealer1");
        var vehicle = await FleetVehicle(host);
        var sent = await fleet.Send(
            Of("disposalToTrade", vehicle)
                .With("fleetNumber", Fleet)
                .With("keeperConsent", true)
                .With("markRightsConsent", true)
                .With("tradeOrganisation", "org_dealer1")
        );
        Assert.True(sent.Status == 201, sent.Text);
        Assert.Equal(201, (await fleet.Reverse(sent.String("id")!)).Status);
        var events = await trader.Get("/v1/events");
        Assert.Equal("vehicle.left-stock", (string)events.Json["items"]!.AsArray().Last()!["type"]!);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_sender_of_a_notice_is_told_when_the_organisation_itself_takes_it_back(string database)
    {
        await using var host = await Host(database);
        var vendor = await host.Partner("org_vendor");
        var trader = await host.Partner("org_dealer1");
        var vehicle = await host.AddVehicle();
        var sent = await vendor.Send(Notices.Disposal(vehicle, onBehalfOf: "org_dealer1"));
        Assert.True(sent.Status == 201, sent.Text);
        Assert.Equal(201, (await trader.Reverse(sent.String("id")!)).Status);
        Assert.Contains("reversed", (await vendor.Get("/v1/events")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_mark_does_not_come_back_while_it_is_the_other_mark_of_another_vehicle(string database)
    {
        await using var host = await Host(database);
        var partner = await host.Partner("org_fleet");
        var (a, b) = (await FleetVehicle(host), await FleetVehicle(host));
        var ca = await Certificate(host, a.Mark);
        var taken = await partner.Send(
            Of("markRetention", a).With("documentReferenceNumber", a.Document).With("certificateNumber", ca)
        );
        var put = await partner.Send(
            Of("markAssignment", b)
                .With("documentReferenceNumber", b.Document)
                .With("certificateNumber", ca)
                .With("newRegistrationNumber", a.Mark)
        );
        Assert.Equal(201, put.Status);
        var b2 = b with { Mark = a.Mark, Document = await host.Stores.Sandbox.DocumentInForce(a.Mark) };
        var mark = NewMark();
        var (cx, cx2) = (await Certificate(host, mark), await Certificate(host, mark));
        var put2 = await partner.Send(
            Of("markAssignment", b2, "2026-11-21")
                .With("documentReferenceNumber", b2.Document)
                .With("certificateNumber", cx)
                .With("newRegistrationNumber", mark)
        );
        Assert.True(put2.Status == 201, put2.Text);
        var back = await partner.Reverse(taken.String("id")!);
        Assert.Equal(["reversal.mark-taken"], back.Codes);
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Without_its_mandate_a_sender_does_not_learn_which_references_are_used(string database)
    {
        await using var host = await Host(database);
        var vendor = await host.Partner("org_vendor");
        var trader = await host.Partner("org_dealer1");
        var sent = await vendor.Send(Notices.Disposal(await host.AddVehicle(), onBehalfOf: "org_dealer1"));
        Assert.Equal(201, sent.Status);
        Assert.Equal(201, (await trader.Send(Notices.Disposal(await host.AddVehicle(), "SECRET-1"))).Status);
        await host.ExecuteRegister("update mandate set state = 'ended' where mandate_id = 'man_1'");
        var used = await vendor.Correct(
            sent.String("id")!,
            new JsonObject { ["mileage"] = 5, ["clientReference"] = "SECRET-1" }
        );
        var free = await vendor.Correct(
            sent.String("id")!,
            new JsonObject { ["mileage"] = 5, ["clientReference"] = "SECRET-2" }
        );
        Assert.True(
            used.Status == free.Status,
            $"{used.Status} {string.Join(',', used.Codes)} / {free.Status} {string.Join(',', free.Codes)}; existing: {used.String("existing")}"
        );
    }

    [Fact]
    public async Task A_body_without_a_media_type_is_not_passed_over()
    {
        await using var host = await Host("sqlite");
        var partner = await host.Partner("org_dealer1");
        var id = (await partner.Send(Notices.Disposal(await host.AddVehicle()))).String("id")!;
        var content = new ChunkedContent("""{"clientReference": "REV-1"}""");
        var reply = await partner.Call(HttpMethod.Post, $"/v1/keeper-changes/{id}/reversal", content, "k-19");
        Assert.True(reply.Status is 415 or 422, $"{reply.Status} {reply.Text}");
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_was_before_a_notice_and_is_not_kept_cannot_be_brought_back(string database)
    {
        await using var host = await Host(database);
        var partner = await host.Partner("org_dealer1");
        var vehicle = await host.AddVehicle();
        var id = (await partner.Send(Notices.Disposal(vehicle))).String("id")!;
        await host.ExecuteRegister("update keeper_change set record_before = null");
        Assert.Equal(["reversal.not-kept"], (await partner.Reverse(id)).Codes);
        Assert.Equal(["correction.not-kept"], (await partner.Correct(id, new JsonObject { ["mileage"] = 1 })).Codes);
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task An_import_again_after_a_mark_was_taken_off_makes_no_second_vehicle(string database)
    {
        await using var host = await Host(database);
        var partner = await host.Partner("org_fleet");
        var vehicle = await FleetVehicle(host);
        var certificate = await Certificate(host, vehicle.Mark);
        var taken = await partner.Send(
            Of("markRetention", vehicle)
                .With("documentReferenceNumber", vehicle.Document)
                .With("certificateNumber", certificate)
        );
        Assert.True(taken.Status == 201, taken.Text);
        await host.ImportRegister(Line(vehicle));
        Assert.Equal(
            1,
            await host.QueryRegister<long>("select count(*) from vehicle where vin = @Vin", new { vehicle.Vin })
        );
    }

    static async Task<TradeApiHost> Host(string database)
    {
        var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        return host;
    }

    sealed class ChunkedContent(string text) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
