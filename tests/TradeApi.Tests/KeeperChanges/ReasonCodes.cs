using System.Text.Json.Nodes;
using TradeApi.Rules;

namespace TradeApi.Tests.KeeperChanges;

/// <summary>The list of the codes of findings, and that it tells the truth.</summary>
public class ReasonCodes(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Every_code_is_listed_with_all_that_a_partner_needs(string database)
    {
        var reply = await (await hosts.Partner(database)).Get("/v1/reason-codes");

        Assert.Equal(200, reply.Status);
        var codes = reply.Json["items"]!.AsArray().Select(item => item!.AsObject()).ToList();
        Assert.Equal(FindingCodes.All.Select(code => code.Code), codes.Select(code => (string)code["code"]!));
        Assert.False(reply.Json.ContainsKey("nextCursor"));
        foreach (var code in codes)
        {
            foreach (var member in new[] { "meaning", "whoMustAct", "fix", "step", "sandboxTrigger" })
                Assert.NotEmpty((string)code[member]!);
            Assert.Contains((string)code["severity"]!, (string[])["refuse", "confirm", "note"]);
            Assert.Contains((string)code["whoMustAct"]!, Enum.GetNames<WhoActs>(), StringComparer.OrdinalIgnoreCase);
        }
        var one = codes.Single(code => (string?)code["code"] == "date.in-future");
        Assert.Equal(
            (true, "sender", "notice", "refuse"),
            ((bool)one["safeToRetry"]!, (string?)one["whoMustAct"], (string?)one["step"], (string?)one["severity"])
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_a_sandbox_trigger_says_comes_true(string database)
    {
        var host = await hosts.On(database);
        var dealer = await hosts.Partner(database);
        var kept = await host.AddVehicle(mileage: "5000");
        var disposal = Notices.Disposal(kept);
        var acquisition = Notices.Acquisition(await host.AddVehicle("inTrade", "org_dealer1"));
        var destruction = Notices.Destruction(kept);
        var deceased = await host.AddVehicle("keeperDeceased");
        var inStock = await host.AddVehicle("inTrade", "org_dealer2");
        var categoryA = await host.AddVehicle("inTrade", "org_dealer1", category: "A");
        var young = await host.AddVehicleWith(
            new() { ["dateOfFirstRegistration"] = "2026-09-01", ["stateSince"] = "2026-09-01" }
        );
        (string Code, JsonObject Notice)[] triggers =
        [
            ("field.missing", disposal.With("eventDate", null)),
            ("field.unknown", disposal.With("colour", "red")),
            ("field.type", disposal.With("eventDate", 20261124)),
            ("field.length", disposal.With("clientReference", new string('a', 65))),
            ("field.characters", disposal.With("clientReference", "a\nb")),
            ("keeper.person-or-business", NewKeeper("businessName", "Sample Hire Ltd")),
            ("registration-number.format", disposal.With("registrationNumber", "ABCDEFG")),
            ("document-reference.format", disposal.With("documentReferenceNumber", "123456789012")),
            ("vin.format", destruction.With("vin", new string('A', 18))),
            ("postcode.format", Postcode("A1")),
            ("postcode.outside-uk", Postcode("JE1 1AA")),
            ("fleet-number.format", disposal.With("fleetNumber", "12345")),
            ("driver-number.format", NewKeeper("driverNumber", "123")),
            ("email.format", NewKeeper("email", "nobody")),
            ("mileage.range", disposal.With("mileage", 1_000_000)),
            ("date.format", disposal.With("eventDate", "24/11/2026")),
            ("date.in-future", disposal.With("eventDate", "2026-11-26")),
            ("date.too-old", disposal.With("eventDate", "2023-11-25")),
            ("date.over-12-months", disposal.With("eventDate", "2025-10-25")),
            ("consent.keeper", disposal.With("keeperConsent", false)),
            ("consent.mark-rights", disposal.With("markRightsConsent", false)),
            ("consent.off-road", acquisition.With("taxChoice", "sorn")),
            ("authority.event-type", destruction),
            ("authority.mandate-missing", disposal.With("onBehalfOf", "org_dealer2")),
            ("vehicle.not-matched", disposal.With("documentReferenceNumber", "00000000000")),
            ("vehicle.keeper-on-record", Notices.Acquisition(kept)),
            ("vehicle.with-insurer", Notices.Disposal(await host.AddVehicle("withInsurer", "org_insurer"))),
            ("vehicle.keeper-deceased", Notices.Acquisition(deceased)),
            ("vehicle.exported", Notices.Disposal(await host.AddVehicle("exported"))),
            ("vehicle.destroyed", Notices.Disposal(await host.AddVehicle("destroyed"))),
            ("consent.executor", Notices.Disposal(deceased)),
            ("trade.held-by-another", Notices.Acquisition(inStock)),
            ("salvage.category-forbids", Notices.Acquisition(categoryA)),
            ("date.before-first-registration", Notices.Disposal(young, date: "2026-08-31")),
            ("mileage.lower-than-last", disposal.With("mileage", 0)),
            ("referred.register-check", Notices.Disposal(await host.AddVehicle(stolen: true))),
        ];
        foreach (var (code, notice) in triggers)
        {
            var reply = await dealer.Validate(notice);
            Assert.True(
                reply.Codes.Contains(code),
                $"'{FindingCodes.ByCode[code].SandboxTrigger}' gave {string.Join(", ", reply.Codes)} and not {code}"
            );
        }

        JsonObject NewKeeper(string member, string value)
        {
            var changed = acquisition.DeepClone().AsObject();
            changed["newKeeper"]![member] = value;
            return changed;
        }
        JsonObject Postcode(string value)
        {
            var changed = acquisition.DeepClone().AsObject();
            changed["newKeeper"]!["address"]!["postcode"] = value;
            return changed;
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_a_sandbox_trigger_of_two_steps_says_comes_true(string database)
    {
        var host = await hosts.On(database);
        var dealer = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();
        var first = Notices.Disposal(vehicle, date: "2026-11-24");
        Assert.Equal(201, (await dealer.Send(first)).Status);
        (string Code, JsonObject Notice)[] triggers =
        [
            ("duplicate.reference-reused", first.With("eventDate", "2026-11-23")),
            ("duplicate.already-recorded", first.With("clientReference", Notices.NewReference())),
            ("vehicle.already-in-trade", Notices.Disposal(vehicle, date: "2026-11-25")),
            ("date.before-last-event", Notices.Acquisition(vehicle, date: "2026-11-23")),
        ];
        foreach (var (code, notice) in triggers)
            Assert.Equal([code], (await dealer.Validate(notice)).Codes);
    }
}
