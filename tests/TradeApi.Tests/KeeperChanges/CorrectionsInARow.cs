using System.Globalization;
using System.Text.Json.Nodes;
using TradeApi.Commands;
using static TradeApi.Tests.FleetVehicles;

namespace TradeApi.Tests.KeeperChanges;

/// <summary>Corrections between, after and before other notices on the same vehicle.</summary>
public class CorrectionsInARow
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_corrected_mileage_leaves_a_later_change_of_address_alone(string database)
    {
        await using var host = await Host(database);
        var partner = await host.Partner("org_dealer1");
        var fleet = await host.Partner("org_fleet");
        var vehicle = await host.AddVehicle(state: "inTrade", heldBy: "org_dealer1");
        var sale = await partner.Send(SaleToFleet(vehicle).With("mileage", 1000));
        Assert.Equal(201, sale.Status);
        var details = await fleet.Send(
            Of("keeperDetailsChange", vehicle, "2026-11-22")
                .With("fleetNumber", Fleet)
                .With(
                    "newAddress",
                    new JsonObject
                    {
                        ["line1"] = "77 New Street",
                        ["postTown"] = "Cardiff",
                        ["postcode"] = "CF10 1AA",
                    }
                )
        );
        Assert.True(details.Status == 201, details.Text);
        var before = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        Assert.Contains("77 New Street", before, StringComparison.Ordinal);
        var reply = await partner.Correct(sale.String("id")!, new JsonObject { ["mileage"] = 1100 });
        Assert.True(reply.Status == 201, reply.Text);
        var after = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        Assert.Equal(before.Replace("LastMileage = 1000", "LastMileage = 1100", StringComparison.Ordinal), after);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_mileage_that_only_a_correction_gave_goes_with_the_notice(string database)
    {
        await using var host = await Host(database);
        var partner = await host.Partner("org_dealer1");
        var vehicle = await host.AddVehicle(mileage: "1000");
        var before = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        var id = (await partner.Send(Notices.Disposal(vehicle))).String("id")!;
        Assert.Equal(201, (await partner.Correct(id, new JsonObject { ["mileage"] = 90000 })).Status);
        Assert.Equal(201, (await partner.Reverse(id)).Status);
        Assert.Equal(before, await host.Stores.Sandbox.Snapshot(vehicle.Mark));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_date_is_corrected_again_and_the_notice_taken_back_as_if_none_had_been(string database)
    {
        await using var host = await Host(database);
        var partner = await host.Partner("org_dealer1");
        var vehicle = await host.AddVehicle();
        Assert.Equal(201, (await partner.Send(Notices.Disposal(vehicle, date: "2026-11-20"))).Status);
        var mid = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        var sale = await partner.Send(Notices.Acquisition(vehicle, date: "2026-11-20"));
        var id = sale.String("id")!;
        Assert.Equal(201, (await partner.Correct(id, new JsonObject { ["eventDate"] = "2026-11-23" })).Status);
        var back = await partner.Correct(id, new JsonObject { ["eventDate"] = "2026-11-21" });
        Assert.True(back.Status == 201, "second correction: " + back.Text);
        Assert.Equal(201, (await partner.Reverse(id)).Status);
        Assert.Equal(mid, await host.Stores.Sandbox.Snapshot(vehicle.Mark));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Tax_ends_on_the_day_of_receipt_of_the_notice_and_not_of_its_correction(string database)
    {
        await using var host = await Host(database);
        var partner = await host.Partner("org_dealer1");
        var vehicle = await host.AddVehicle();
        var id = (await partner.Send(Notices.Disposal(vehicle))).String("id")!;
        Assert.Contains(
            "TaxEndedOn = 11/25/2026",
            await host.Stores.Sandbox.Snapshot(vehicle.Mark),
            StringComparison.Ordinal
        );
        host.Clock.Advance(TimeSpan.FromDays(20));
        partner = await host.Partner("org_dealer1");
        Assert.Equal(201, (await partner.Correct(id, new JsonObject { ["mileage"] = 90000 })).Status);
        Assert.Contains(
            "TaxEndedOn = 11/25/2026",
            await host.Stores.Sandbox.Snapshot(vehicle.Mark),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Referred_corrections_taken_in_another_order_leave_the_register_clean(string database)
    {
        await using var host = await Host(database);
        var partner = await host.Partner("org_dealer1");
        var vehicle = await host.AddVehicle();
        var id = (await partner.Send(Notices.Disposal(vehicle))).String("id")!;
        await host.ExecuteRegister(
            "update vehicle set stolen = true where registration_number = @Mark",
            new { vehicle.Mark }
        );
        var c1 = await partner.Correct(id, new JsonObject { ["mileage"] = 500 });
        var c2 = await partner.Correct(id, new JsonObject { ["eventDate"] = "2026-11-18" });
        Assert.Equal((202, 202), (c1.Status, c2.Status));
        Assert.Equal(0, await Staff(host).Decide(c2.String("id")!, taken: true, CancellationToken.None));
        Assert.Equal(0, await Staff(host).Decide(c1.String("id")!, taken: true, CancellationToken.None));
        Assert.Contains(
            "EndedOn = 11/18/2026",
            await host.Stores.Sandbox.Snapshot(vehicle.Mark),
            StringComparison.Ordinal
        );
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Staff_cannot_take_a_correction_of_an_organisation_that_is_suspended_and_learn_why(string database)
    {
        await using var host = await Host(database);
        var partner = await host.Partner("org_dealer1");
        var vehicle = await host.AddVehicle();
        var id = (await partner.Send(Notices.Disposal(vehicle))).String("id")!;
        await host.ExecuteRegister(
            "update vehicle set stolen = true where registration_number = @Mark",
            new { vehicle.Mark }
        );
        var c1 = await partner.Correct(id, new JsonObject { ["mileage"] = 500 });
        Assert.Equal(202, c1.Status);
        await host.ExecuteControl("update organisation set state = 'suspended' where organisation_id = 'org_dealer1'");
        Assert.Equal(1, await Staff(host).Decide(c1.String("id")!, taken: true, CancellationToken.None));
        Assert.Equal(0, await Staff(host).Decide(c1.String("id")!, taken: false, CancellationToken.None));
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_corrected_name_outlives_the_reversal_of_a_later_change_of_address(string database)
    {
        await using var host = await Host(database);
        var partner = await host.Partner("org_dealer1");
        var fleet = await host.Partner("org_fleet");
        var vehicle = await host.AddVehicle(state: "inTrade", heldBy: "org_dealer1");
        var sale = await partner.Send(SaleToFleet(vehicle));
        var details = await fleet.Send(
            Of("keeperDetailsChange", vehicle, "2026-11-22")
                .With("fleetNumber", Fleet)
                .With(
                    "newAddress",
                    new JsonObject
                    {
                        ["line1"] = "77 New Street",
                        ["postTown"] = "Cardiff",
                        ["postcode"] = "CF10 1AA",
                    }
                )
        );
        Assert.Equal(
            201,
            (
                await partner.Correct(
                    sale.String("id")!,
                    new JsonObject { ["newKeeper"] = new JsonObject { ["businessName"] = "Right Name Ltd" } }
                )
            ).Status
        );
        Assert.Equal(201, (await fleet.Reverse(details.String("id")!)).Status);
        Assert.Contains("Right Name Ltd", await host.Stores.Sandbox.Snapshot(vehicle.Mark), StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_corrected_mileage_comes_back_when_the_later_notice_is_taken_back(string database)
    {
        await using var host = await Host(database);
        var partner = await host.Partner("org_dealer1");
        var vehicle = await host.AddVehicle();
        var n1 = (await partner.Send(Notices.Disposal(vehicle).With("mileage", 99999))).String("id")!;
        var n2 = (await partner.Send(Notices.Acquisition(vehicle).With("mileage", 10100))).String("id")!;
        Assert.Equal(201, (await partner.Correct(n1, new JsonObject { ["mileage"] = 9999 })).Status);
        Assert.Equal(201, (await partner.Reverse(n2)).Status);
        Assert.Contains(
            "LastMileage = 9999,",
            await host.Stores.Sandbox.Snapshot(vehicle.Mark),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_corrected_mileage_leaves_the_same_reading_of_a_later_notice_alone(string database)
    {
        await using var host = await Host(database);
        var partner = await host.Partner("org_dealer1");
        var vehicle = await host.AddVehicle();
        var n1 = (await partner.Send(Notices.Disposal(vehicle).With("mileage", 50000))).String("id")!;
        Assert.Equal(201, (await partner.Send(Notices.Acquisition(vehicle).With("mileage", 50000))).Status);
        Assert.Equal(201, (await partner.Correct(n1, new JsonObject { ["mileage"] = 49000 })).Status);
        Assert.Contains(
            "LastMileage = 50000,",
            await host.Stores.Sandbox.Snapshot(vehicle.Mark),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_corrected_date_never_lies_after_the_day_on_which_the_notice_was_received(string database)
    {
        await using var host = await Host(database);
        var partner = await host.Partner("org_dealer1");
        var id = (await partner.Send(Notices.Disposal(await host.AddVehicle()))).String("id")!;
        host.Clock.Advance(TimeSpan.FromDays(20));
        partner = await host.Partner("org_dealer1");
        var reply = await partner.Correct(id, new JsonObject { ["eventDate"] = "2026-12-14" });
        Assert.True(reply.Status == 422, reply.Status.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("update keeper_change set reversed_by = null")]
    [InlineData("update vehicle set dispute_open = true")]
    [InlineData("update keeper_change set corrected_by = null")]
    public async Task What_points_to_nothing_is_found_by_verify(string defect)
    {
        await using var host = await Host("sqlite");
        var partner = await host.Partner("org_insurer");
        var one = await partner.Send(Loss(await host.AddVehicle()));
        Assert.Equal(
            201,
            (await partner.Correct(one.String("id")!, new JsonObject { ["eventDate"] = "2026-11-21" })).Status
        );
        Assert.Equal(
            201,
            (await partner.Reverse((await partner.Send(Loss(await host.AddVehicle()))).String("id")!)).Status
        );
        await host.AssertClean();
        await host.ExecuteRegister(defect);
        Assert.NotEmpty(await Verification.Run(host.Stores, CancellationToken.None));
    }

    static async Task<TradeApiHost> Host(string database)
    {
        var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        return host;
    }

    static StaffDesk Staff(TradeApiHost host) => new(host.Stores, host.Clock, "sandbox", "officer", "test");

    static JsonObject Loss(TestVehicle vehicle) =>
        new()
        {
            ["type"] = "totalLoss",
            ["clientReference"] = Notices.NewReference(),
            ["registrationNumber"] = vehicle.Mark,
            ["vin"] = vehicle.Vin,
            ["eventDate"] = "2026-11-20",
            ["dateOfLoss"] = "2026-11-01",
            ["salvageCategory"] = "N",
            ["aqpIdentifier"] = "AQP1",
            ["vehicleTaken"] = false,
        };
}
