using System.Text.Json.Nodes;

namespace TradeApi.Tests.KeeperChanges;

/// <summary>Putting a notice right by HTTP.</summary>
public class Corrections(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_date_and_the_mileage_of_the_last_event_are_corrected(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle(mileage: "1000");
        var notice = await partner.Send(Notices.Disposal(vehicle).With("mileage", 90000));

        var reply = await partner.Correct(
            notice.String("id")!,
            new JsonObject { ["eventDate"] = "2026-11-18", ["mileage"] = 9000 }
        );

        Assert.Equal(201, reply.Status);
        Assert.Equal("correction", reply.String("type"));
        Assert.Equal("2026-11-18", reply.String("eventDate"));
        var record = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        Assert.Contains("StateSince = 11/18/2026", record, StringComparison.Ordinal);
        Assert.Contains("EndedOn = 11/18/2026", record, StringComparison.Ordinal);
        Assert.Contains("LastMileage = 9000", record, StringComparison.Ordinal);
        var first = await partner.Get($"/v1/keeper-changes/{notice.String("id")}");
        Assert.Equal("2026-11-20", first.String("eventDate"));
        Assert.Equal(reply.String("id"), first.String("correctedBy"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Another_name_and_address_of_the_new_keeper_issue_another_document(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle(state: "inTrade", heldBy: "org_dealer1");
        var notice = await partner.Send(Notices.Acquisition(vehicle));
        var document = await host.Stores.Sandbox.DocumentInForce(vehicle.Mark);

        var name = await partner.Correct(notice.String("id")!, NewName("Rhian", "Owen"));
        var address = await partner.Correct(
            notice.String("id")!,
            new JsonObject
            {
                ["newKeeper"] = new JsonObject
                {
                    ["address"] = new JsonObject
                    {
                        ["line1"] = "22 Castle Street",
                        ["postTown"] = "Cardiff",
                        ["postcode"] = "CF10 1AA",
                    },
                },
            }
        );

        Assert.Equal((201, 201), (name.Status, address.Status));
        var record = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        Assert.Contains("FirstNames = Rhian, LastName = Owen", record, StringComparison.Ordinal);
        Assert.Contains("AddressLine1 = 22 Castle Street, Postcode = CF10 1AA", record, StringComparison.Ordinal);
        Assert.NotEqual(document, await host.Stores.Sandbox.DocumentInForce(vehicle.Mark));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_corrected_notice_is_taken_back_whole(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle(state: "inTrade", heldBy: "org_dealer1");
        var before = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        var id = (await partner.Send(Notices.Acquisition(vehicle))).String("id")!;
        Assert.Equal(201, (await partner.Correct(id, NewName("Rhian", "Owen"))).Status);
        Assert.Equal(201, (await partner.Correct(id, new JsonObject { ["eventDate"] = "2026-11-22" })).Status);

        Assert.Equal(201, (await partner.Reverse(id)).Status);

        Assert.Equal(before, await host.Stores.Sandbox.Snapshot(vehicle.Mark));
        Assert.Equal(["correction.not-accepted"], (await partner.Correct(id, NewName("A", "B"))).Codes);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_rules_of_the_type_judge_the_notice_as_corrected(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var id = (await partner.Send(Notices.Disposal(await host.AddVehicle(mileage: "1000")))).String("id")!;

        Assert.Equal(["date.in-future"], (await Date("2026-11-26")).Codes);
        Assert.Equal(["date.too-old"], (await Date("2024-01-01")).Codes);
        Assert.Equal(["date.over-12-months"], (await Date("2025-06-01")).Codes);
        Assert.Equal(["date.format"], (await Date("1 June")).Codes);
        var lower = await partner.Correct(id, new JsonObject { ["mileage"] = 500 });
        Assert.Equal((201, "mileage.lower-than-last"), (lower.Status, lower.Codes.Single()));
        Assert.Equal(["mileage.range"], (await partner.Correct(id, new JsonObject { ["mileage"] = -1 })).Codes);
        Assert.Equal(["field.unknown"], (await partner.Correct(id, new JsonObject { ["vin"] = "X" })).Codes);
        Assert.Equal(["field.missing"], (await partner.Correct(id, [])).Codes);
        var confirmed = await partner.Correct(
            id,
            new JsonObject { ["eventDate"] = "2025-06-01", ["confirmations"] = new JsonArray("date.over-12-months") }
        );
        Assert.Equal(201, confirmed.Status);

        Task<Reply> Date(string date) => partner.Correct(id, new JsonObject { ["eventDate"] = date });
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task After_a_later_event_the_date_stands_and_a_name_can_still_be_corrected(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle(state: "inTrade", heldBy: "org_dealer1");
        var sale = (await partner.Send(Notices.Acquisition(vehicle))).String("id")!;
        var bought = vehicle with { Document = await host.Stores.Sandbox.DocumentInForce(vehicle.Mark) };
        Assert.Equal(201, (await partner.Send(Notices.Disposal(bought, date: "2026-11-24"))).Status);

        var date = await partner.Correct(sale, new JsonObject { ["eventDate"] = "2026-11-22" });
        var name = await partner.Correct(sale, NewName("Rhian", "Owen"));

        Assert.Equal(["correction.not-last-event"], date.Codes);
        Assert.Equal(201, name.Status);
        Assert.Contains("LastName = Owen", await host.Stores.Sandbox.Snapshot(vehicle.Mark), StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_row_of_a_file_is_corrected_like_a_notice_sent_singly(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicles = await host.AddVehicles(3);
        var sent = await partner.SendFile(Notices.File(vehicles.Select(vehicle => Notices.Disposal(vehicle))));
        var rows = await partner.Results(sent.String("id")!);

        var reply = await partner.Correct(
            (string)rows[1]["keeperChangeId"]!,
            new JsonObject { ["eventDate"] = "2026-11-23" }
        );

        Assert.Equal(201, reply.Status);
        Assert.Equal(vehicles[1].Mark, reply.String("registrationNumber"));
        Assert.Contains(
            "EndedOn = 11/23/2026",
            await host.Stores.Sandbox.Snapshot(vehicles[1].Mark),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_corrected_date_is_the_one_that_is_recorded_already(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database, "org_fleet");
        var vehicle = await host.AddVehicle();
        var loss = await hosts.Partner(database, "org_insurer");
        var notice = await loss.Send(TotalLoss(vehicle, "2026-11-20", "N"));
        Assert.Equal(201, notice.Status);
        Assert.Equal(
            201,
            (await loss.Correct(notice.String("id")!, new JsonObject { ["eventDate"] = "2026-11-21" })).Status
        );

        Assert.Equal(["duplicate.already-recorded"], (await loss.Send(TotalLoss(vehicle, "2026-11-21", "S"))).Codes);
        Assert.Equal(201, (await loss.Send(TotalLoss(vehicle, "2026-11-20", "S"))).Status);
        Assert.Equal(404, (await partner.Correct(notice.String("id")!, NewName("A", "B"))).Status);
    }

    static JsonObject TotalLoss(TestVehicle vehicle, string date, string category) =>
        new()
        {
            ["type"] = "totalLoss",
            ["clientReference"] = Notices.NewReference(),
            ["registrationNumber"] = vehicle.Mark,
            ["vin"] = vehicle.Vin,
            ["eventDate"] = date,
            ["dateOfLoss"] = "2026-11-01",
            ["salvageCategory"] = category,
            ["aqpIdentifier"] = "AQP1",
            ["vehicleTaken"] = false,
        };

    static JsonObject NewName(string first, string last) =>
        new()
        {
            ["newKeeper"] = new JsonObject { ["firstNames"] = first, ["lastName"] = last },
        };
}
