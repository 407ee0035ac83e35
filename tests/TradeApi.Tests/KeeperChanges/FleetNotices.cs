using System.Text.Json.Nodes;
using static TradeApi.Tests.FleetVehicles;

namespace TradeApi.Tests.KeeperChanges;

/// <summary>What a fleet notifies: transfers, details, off road, and marks that come and go.</summary>
public class FleetNotices(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_transfer_to_the_same_keeper_must_be_confirmed(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database, "org_fleet");
        var vehicle = await FleetVehicle(host);
        var notice = Of("transferOfKeeper", vehicle)
            .With("fleetNumber", Fleet)
            .With("keeperConsent", true)
            .With("markRightsConsent", true)
            .With("newKeeper", Business("example fleet services"));

        Assert.Equal(["keeper.same-as-current"], (await partner.Send(notice)).Codes);
        Assert.Equal(
            201,
            (await partner.Send(notice.With("confirmations", new JsonArray("keeper.same-as-current")))).Status
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task New_details_keep_the_keepership_and_change_the_document_and_a_reversal_brings_the_old_ones_back(
        string database
    )
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database, "org_fleet");
        var vehicle = await FleetVehicle(host);
        var before = await host.Stores.Sandbox.Snapshot(vehicle.Mark);

        var reply = await partner.Send(
            Of("keeperDetailsChange", vehicle)
                .With("fleetNumber", Fleet)
                .With("newName", new JsonObject { ["businessName"] = "Example Fleet Wales" })
        );

        Assert.Equal(201, reply.Status);
        var after = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        Assert.Contains(
            "BusinessName = Example Fleet Wales, AddressLine1 = 49 Example Street",
            after,
            StringComparison.Ordinal
        );
        Assert.Equal(before.Split('\n').Length, after.Split('\n').Length);
        Assert.NotEqual(vehicle.Document, await host.Stores.Sandbox.DocumentInForce(vehicle.Mark));
        Assert.Equal(201, (await partner.Reverse(reply.String("id")!)).Status);
        Assert.Equal(before, await host.Stores.Sandbox.Snapshot(vehicle.Mark));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_mark_is_put_on_and_taken_off_again_and_the_first_one_comes_back(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database, "org_fleet");
        var vehicle = await FleetVehicle(host);
        var (mark, first, second) = await Certificates(host);
        var before = await host.Stores.Sandbox.Snapshot(vehicle.Mark);

        var put = await partner.Send(
            Of("markAssignment", vehicle)
                .With("documentReferenceNumber", vehicle.Document)
                .With("certificateNumber", first)
                .With("newRegistrationNumber", mark)
        );
        Assert.Equal(201, put.Status);
        Assert.Equal(mark, put.String("newRegistrationNumber"));
        var moved = vehicle with { Mark = mark, Document = await host.Stores.Sandbox.DocumentInForce(mark) };
        Assert.Equal(
            ["vehicle.not-matched"],
            (
                await partner.Send(
                    Of("permanentExport", vehicle)
                        .With("documentReferenceNumber", vehicle.Document)
                        .With("destinationCountry", "FR")
                )
            ).Codes
        );
        // The certificate is used up.
        var other = await FleetVehicle(host);
        Assert.Equal(
            ["mark.not-eligible"],
            (
                await partner.Send(
                    Of("markAssignment", other)
                        .With("documentReferenceNumber", other.Document)
                        .With("certificateNumber", first)
                        .With("newRegistrationNumber", mark)
                )
            ).Codes
        );

        var taken = await partner.Send(
            Of("markRetention", moved).With("documentReferenceNumber", moved.Document).With("certificateNumber", second)
        );

        Assert.Equal((201, vehicle.Mark), (taken.Status, taken.String("newRegistrationNumber")));
        Assert.Equal(201, (await partner.Reverse(taken.String("id")!)).Status);
        Assert.Equal(201, (await partner.Reverse(put.String("id")!)).Status);
        Assert.Equal(before, await host.Stores.Sandbox.Snapshot(vehicle.Mark));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_later_batch_of_a_file_finds_the_mark_that_an_earlier_one_has_brought_back(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database, "org_fleet");
        var vehicle = await FleetVehicle(host);
        var (mark, first, second) = await Certificates(host);
        var put = await partner.Send(
            Of("markAssignment", vehicle)
                .With("documentReferenceNumber", vehicle.Document)
                .With("certificateNumber", first)
                .With("newRegistrationNumber", mark)
        );
        Assert.Equal(201, put.Status);
        var moved = vehicle with { Mark = mark, Document = await host.Stores.Sandbox.DocumentInForce(mark) };
        // A batch has 500 rows: the last row is in the second one, and names a mark that no row of the first has named.
        var rows = Enumerable
            .Range(0, 499)
            .Select(_ => Of("noSuchType", moved))
            .Prepend(
                Of("markRetention", moved)
                    .With("documentReferenceNumber", moved.Document)
                    .With("certificateNumber", second)
            )
            .Append(
                Of("transferOfKeeper", vehicle, "2026-11-21")
                    .With("fleetNumber", Fleet)
                    .With("keeperConsent", true)
                    .With("markRightsConsent", true)
                    .With("newKeeper", Business("Example Fleet Wales"))
            );

        var id = (await partner.SendFile(Notices.File(rows))).String("id")!;

        var results = await partner.Results(id);
        Assert.Equal("accepted", (string?)results[0]["outcome"]);
        Assert.True((string?)results[^1]["outcome"] == "accepted", results[^1].ToJsonString());
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_vehicle_whose_only_mark_is_taken_off_gets_one_of_its_age(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database, "org_fleet");
        var vehicle = await FleetVehicle(host);
        var certificate = await Certificate(host, vehicle.Mark);

        var taken = await partner.Send(
            Of("markRetention", vehicle)
                .With("documentReferenceNumber", vehicle.Document)
                .With("certificateNumber", certificate)
        );

        Assert.Equal(201, taken.Status);
        Assert.Matches("^[A-Z]{2}20[A-Z]{3}$", taken.String("newRegistrationNumber")!);
        // The mark is free and held under the certificate, so it can be put on another vehicle.
        var other = await FleetVehicle(host);
        var put = await partner.Send(
            Of("markAssignment", other)
                .With("documentReferenceNumber", other.Document)
                .With("certificateNumber", certificate)
                .With("newRegistrationNumber", vehicle.Mark)
        );
        Assert.Equal(201, put.Status);
        // Now it cannot come back to the first vehicle.
        Assert.Equal(["reversal.mark-taken"], (await partner.Reverse(taken.String("id")!)).Codes);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task In_a_file_the_rows_after_a_change_of_mark_find_the_vehicle_by_its_new_one(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database, "org_fleet");
        foreach (var mode in new[] { "?mode=validate", "" })
        {
            var vehicle = await FleetVehicle(host);
            var (mark, first, _) = await Certificates(host);
            var file = Notices.File(
                Of("markAssignment", vehicle)
                    .With("documentReferenceNumber", vehicle.Document)
                    .With("certificateNumber", first)
                    .With("newRegistrationNumber", mark),
                OffRoad(vehicle with { Mark = mark }),
                OffRoad(vehicle)
            );

            var sent = await partner.SendFile(file, query: mode);
            var rows = await partner.Results(sent.String("id")!);

            Assert.Equal(["accepted", "accepted", "refused"], rows.Select(row => (string)row["outcome"]!));
            Assert.Equal(["vehicle.not-matched"], Reply.CodesOf(rows[2]));
        }

        static JsonObject OffRoad(TestVehicle vehicle) =>
            Of("offRoadNotification", vehicle)
                .With("fleetNumber", Fleet)
                .With("startDate", "2026-12-01")
                .With("offRoadConsent", true);
    }

    static async Task<(string Mark, string First, string Second)> Certificates(TradeApiHost host)
    {
        var mark = NewMark();
        return (mark, await Certificate(host, mark), await Certificate(host, mark));
    }

    static JsonObject Business(string name) =>
        new()
        {
            ["businessName"] = name,
            ["address"] = new JsonObject
            {
                ["line1"] = "49 Example Street",
                ["postTown"] = "London",
                ["postcode"] = "W1A 1AA",
            },
        };
}
