using System.Text.Json.Nodes;

namespace TradeApi.Tests.Vehicles;

/// <summary>What the record says of a vehicle to everybody in the trade, and what it never says.</summary>
public class Enquiries(Hosts hosts) : IClassFixture<Hosts>
{
    const string Path = "/v1/vehicles/enquiry";

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_record_is_told_by_its_state_and_a_death_is_not(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        (string State, string HeldBy, string Record)[] states =
        [
            ("withKeeper", "", "keeperOnRecord"),
            ("keeperDeceased", "", "keeperOnRecord"),
            ("inTrade", "org_dealer2", "inTrade"),
            ("withInsurer", "org_insurer", "withInsurer"),
            ("exported", "", "exported"),
            ("destroyed", "", "destroyed"),
        ];
        foreach (var (state, heldBy, record) in states)
        {
            var vehicle = await host.AddVehicle(state, heldBy);

            var reply = await partner.Ask(Path, About(vehicle.Mark));

            Assert.Equal(200, reply.Status);
            Assert.Equal(record, reply.String("record"));
            Assert.Equal(record == "exported", (bool)reply.Json["exported"]!);
            Assert.DoesNotContain("org_", reply.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task All_that_is_told_is_this_and_nothing_of_persons_vin_or_documents(string database)
    {
        var host = await hosts.On(database);
        var vehicle = await host.AddVehicleWith(
            new()
            {
                ["colour"] = "BLUE",
                ["model"] = "FIESTA",
                ["fuelType"] = "DIESEL",
                ["salvageCategory"] = "N",
                ["stolen"] = "true",
                ["documentSuppressed"] = "true",
                ["taxDueOn"] = "2027-03-01",
                ["motExpiresOn"] = "2027-02-11",
                ["keeper.lastName"] = "Nobody",
                ["keeper.email"] = "nobody@example.com",
                ["keeper.fleetNumber"] = "555555",
            }
        );

        var reply = await (await hosts.Partner(database)).Ask(Path, About(vehicle.Mark));

        var expected = new JsonObject
        {
            ["registrationNumber"] = vehicle.Mark,
            ["make"] = "FORD",
            ["colour"] = "BLUE",
            ["fuelType"] = "DIESEL",
            ["year"] = 2020,
            ["dateOfFirstRegistration"] = "2020-03-10",
            ["tax"] = new JsonObject { ["status"] = "taxed", ["dueOn"] = "2027-03-01" },
            ["mot"] = new JsonObject { ["status"] = "valid", ["expiresOn"] = "2027-02-11" },
            ["exported"] = false,
            ["salvageCategory"] = "N",
            ["record"] = "keeperOnRecord",
        };
        Assert.Equal(expected.ToJsonString(), reply.Json.ToJsonString());
        Assert.Equal("no-store", reply.Header("Cache-Control"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Tax_and_mot_are_told_for_today_and_unknown_where_the_record_is_silent(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        (string Tax, string Mot, bool OffRoad, string TaxStatus, string MotStatus)[] cases =
        [
            ("", "", false, "unknown", "unknown"),
            ("2026-11-26", "2026-11-25", false, "taxed", "valid"),
            ("2026-11-25", "2026-11-24", false, "untaxed", "expired"),
            ("2027-03-01", "", true, "offRoad", "unknown"),
        ];
        foreach (var (tax, mot, offRoad, taxStatus, motStatus) in cases)
        {
            var vehicle = await host.AddVehicleWith(
                new()
                {
                    ["taxDueOn"] = tax,
                    ["motExpiresOn"] = mot,
                    ["offRoad"] = offRoad ? "true" : "false",
                }
            );

            var reply = await partner.Ask(Path, About(vehicle.Mark));

            Assert.Equal(taxStatus, (string?)reply.Json["tax"]!["status"]);
            Assert.Equal(motStatus, (string?)reply.Json["mot"]!["status"]);
            Assert.Equal(offRoad || tax.Length == 0 ? null : tax, (string?)reply.Json["tax"]!["dueOn"]);
            Assert.Equal(mot.Length == 0 ? null : mot, (string?)reply.Json["mot"]!["expiresOn"]);
            Assert.Null(reply.Json["colour"]);
            Assert.Null(reply.Json["fuelType"]);
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_line_of_a_register_file_with_a_wrong_day_of_tax_or_mot_is_reported(string database)
    {
        var host = await hosts.On(database);
        foreach (var column in new[] { "taxDueOn", "motExpiresOn" })
        {
            var report = await host.ImportRegister(
                $"registrationNumber,vin,documentReferenceNumber,make,vehicleClass,dateOfFirstRegistration,state,stateSince,{column}\n"
                    + "XY19XYA,VF9ZZZ77ZHE000001,40000000001,FORD,car,2019-03-10,exported,2020-03-10,31/12/2026\n"
            );

            Assert.Equal(0, report.Loaded);
            Assert.StartsWith(
                $"line 2: {column}.format: ",
                Assert.Single(report.FirstRefused),
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Tax_ends_with_the_keeper_and_never_passes_to_the_next(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicleWith(new() { ["taxDueOn"] = "2027-03-01" });

        Assert.Equal(201, (await partner.Send(Notices.Disposal(vehicle))).Status);
        var inTrade = await partner.Ask(Path, About(vehicle.Mark));
        Assert.Equal(
            201,
            (
                await partner.Send(Notices.Acquisition(vehicle).With("taxChoice", "tax").With("keeperConsent", true))
            ).Status
        );
        var withNewKeeper = await partner.Ask(Path, About(vehicle.Mark));

        Assert.Equal("""{"status":"untaxed"}""", inTrade.Json["tax"]!.ToJsonString());
        Assert.Equal("""{"status":"unknown"}""", withNewKeeper.Json["tax"]!.ToJsonString());
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_mark_is_taken_in_every_spelling_and_one_that_nobody_bears_is_not_found(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var mark = (await host.AddVehicle()).Mark;
        string[] spellings = [mark.ToLowerInvariant(), $"{mark[..4]} {mark[4..]}", $" {mark[..2]}-{mark[2..]} "];
        foreach (var spelling in spellings)
            Assert.Equal(mark, (await partner.Ask(Path, About(spelling))).String("registrationNumber"));

        var unknown = await partner.Ask(Path, About("XY19 XYZ"));

        Assert.Equal((404, "not-found"), (unknown.Status, unknown.String("code")));
        Assert.DoesNotContain("XY19", unknown.Text, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_vehicle_of_the_other_register_is_not_found(string database)
    {
        var host = await hosts.On(database);
        await host.ImportOrganisations(
            """{"organisations":[{"id":"org_both","name":"Both Motors","kind":"motorTrader"}],"mandates":[]}""",
            live: true
        );
        var (trial, real) = (await host.AddVehicle(), await host.AddVehicle(live: true));
        var (sandbox, live) = (await host.Partner("org_both"), await host.Partner("org_both", "live"));

        Assert.Equal(200, (await sandbox.Ask(Path, About(trial.Mark))).Status);
        Assert.Equal(404, (await sandbox.Ask(Path, About(real.Mark))).Status);
        Assert.Equal(200, (await live.Ask(Path, About(real.Mark))).Status);
        Assert.Equal(404, (await live.Ask(Path, About(trial.Mark))).Status);
    }

    static JsonObject About(string mark) => new() { ["registrationNumber"] = mark };
}
