using System.Text.Json.Nodes;

namespace TradeApi.Tests.KeeperChanges;

/// <summary>Own notices found again by what a partner knows of them.</summary>
public class Searches(Hosts hosts) : IClassFixture<Hosts>
{
    const string Path = "/v1/keeper-changes/search";

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Each_member_narrows_the_search_and_all_of_them_together(string database)
    {
        var host = await hosts.On(database);
        var dealer = await host.Partner("org_dealer3");
        var (vehicle, stolen) = (await host.AddVehicle(), await host.AddVehicle(stolen: true));
        var start = host.Clock.GetUtcNow();
        var refused = await Send(dealer, Notices.Disposal(vehicle, "S-1", "2026-11-18").With("keeperConsent", false));
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        var accepted = await Send(dealer, Notices.Disposal(vehicle, "S-1", "2026-11-19"));
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        var sold = await Send(dealer, Notices.Acquisition(vehicle, "S-2", "2026-11-20"));
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        var referred = await Send(dealer, Notices.Disposal(stolen, "S-3", "2026-11-21"));
        (string Body, string[] Found)[] cases =
        [
            ("{}", [referred, sold, accepted, refused]),
            (Member("registrationNumber", $"{vehicle.Mark[..4]} {vehicle.Mark[4..]}"), [sold, accepted, refused]),
            (Member("registrationNumber", stolen.Mark), [referred]),
            (Member("registrationNumber", "XY19XYZ"), []),
            (Member("clientReference", "S-1"), [accepted, refused]),
            (Member("clientReference", "S"), []),
            (Member("clientReference", "%"), []),
            (Member("outcome", "accepted"), [sold, accepted]),
            (Member("outcome", "refused"), [refused]),
            (Member("outcome", "referred"), [referred]),
            (Member("outcome", "reversed"), []),
            (Member("type", "acquisitionFromTrade"), [sold]),
            (Member("type", "certificateOfDestruction"), []),
            ("""{"eventDateFrom":"2026-11-19","eventDateTo":"2026-11-20"}""", [sold, accepted]),
            ("""{"eventDateFrom":"2026-11-21"}""", [referred]),
            ("""{"eventDateTo":"2026-11-18"}""", [refused]),
            ("""{"eventDateFrom":"2026-11-20","eventDateTo":"2026-11-19"}""", []),
            ($$"""{"receivedFrom":"{{At(1)}}","receivedTo":"{{At(5)}}"}""", [sold, accepted]),
            ($$"""{"receivedTo":"{{At(1)}}"}""", [refused]),
            ($$"""{"receivedFrom":"{{At(5)}}"}""", [referred]),
            ("""{"receivedFrom":"9999-12-31T23:59:59.9999999Z"}""", []),
            ("""{"receivedTo":"0001-01-01T00:00:00Z","eventDateFrom":"0001-01-01","eventDateTo":"9999-12-31"}""", []),
            (
                $$"""{"registrationNumber":"{{vehicle.Mark}}","clientReference":"S-1","outcome":"accepted","type":"disposalToTrade","eventDateFrom":"2026-11-19","receivedFrom":"{{At(-60)}}"}""",
                [accepted]
            ),
            ($$"""{"registrationNumber":"{{stolen.Mark}}","clientReference":"S-1"}""", []),
            ("""{"registrationNumber":null,"clientReference":"","limit":2}""", [referred, sold]),
        ];
        foreach (var (body, found) in cases)
            Assert.Equal((body, string.Join(' ', found)), (body, string.Join(' ', Ids(await dealer.Ask(Path, body)))));

        string At(int minutes) => start.AddMinutes(minutes).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+00:00'", null);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Nobody_finds_what_others_sent_for_themselves(string database)
    {
        var host = await hosts.On(database);
        var dealer = await hosts.Partner(database);
        var vendor = await hosts.Partner(database, "org_vendor");
        var stranger = await hosts.Partner(database, "org_dealer2");
        var vehicle = await host.AddVehicle();
        var own = await Send(dealer, Notices.Disposal(vehicle, "SHARED"));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var forDealer = await Send(vendor, Notices.Acquisition(vehicle, "FOR-1", onBehalfOf: "org_dealer1"));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var others = await Send(stranger, Notices.Disposal(await host.AddVehicle(), "SHARED"));

        Assert.Equal([forDealer, own], Ids(await dealer.Ask(Path, "{}")).Take(2));
        Assert.Equal([own], Ids(await dealer.Ask(Path, Member("clientReference", "SHARED"))));
        Assert.Equal([others], Ids(await stranger.Ask(Path, Member("clientReference", "SHARED"))));
        Assert.Equal([forDealer], Ids(await vendor.Ask(Path, Member("registrationNumber", vehicle.Mark))));
        Assert.Equal([forDealer], Ids(await dealer.Ask(Path, Member("clientReference", "FOR-1"))));
        Assert.DoesNotContain(own, Ids(await vendor.Ask(Path, "{}")));
        Assert.DoesNotContain(own, Ids(await stranger.Ask(Path, "{}")));
        Assert.Empty(Ids(await stranger.Ask(Path, Member("registrationNumber", vehicle.Mark))));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Pages_hold_each_notice_once_also_those_received_at_one_instant_and_sent_in_both_ways(
        string database
    )
    {
        var host = await hosts.On(database);
        var vendor = await host.Partner("org_vendor");
        var rows = (await host.AddVehicles(9)).Select(vehicle =>
            Notices.Disposal(vehicle, onBehalfOf: vehicle.Mark[^1] is 'A' or 'C' or 'E' ? null : "org_dealer1")
        );
        var file = await vendor.SendFile(Notices.File(rows));
        var expected = (await vendor.Results(file.String("id")!))
            .Select(row => (string)row["keeperChangeId"]!)
            .ToList();
        var since = host.Clock.GetUtcNow().AddMinutes(-5).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);

        foreach (var limit in new[] { 1, 2, 4, 200 })
        {
            var read = new List<string>();
            string? cursor = null;
            do
            {
                var body = new JsonObject { ["limit"] = limit, ["receivedFrom"] = since }.With("cursor", cursor);
                var page = await vendor.Ask(Path, body);
                read.AddRange(Ids(page));
                cursor = page.String("nextCursor");
            } while (cursor is not null);
            // Other tests of the class may have sent for the same organisation within these minutes.
            Assert.Equal(read.Distinct(), read);
            Assert.Equal(
                expected.Order(StringComparer.Ordinal),
                read.Where(expected.Contains).Order(StringComparer.Ordinal)
            );
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Without_a_limit_a_page_has_fifty(string database)
    {
        var host = await hosts.On(database);
        await host.ImportOrganisations(
            """{"organisations":[{"id":"org_fifty","name":"Fifty","kind":"motorTrader"}],"mandates":[]}"""
        );
        var partner = await host.Partner("org_fifty");
        await partner.SendFile(Notices.File((await host.AddVehicles(51)).Select(vehicle => Notices.Disposal(vehicle))));

        var page = await partner.Ask(Path, "{}");

        Assert.Equal(50, Ids(page).Count);
        Assert.Single(Ids(await partner.Ask(Path, Member("cursor", page.String("nextCursor")!))));
    }

    static async Task<string> Send(Partner partner, JsonObject notice)
    {
        var reply = await partner.Send(notice);
        return reply.String("id") ?? reply.String("instance")!.Split('/')[^1];
    }

    static string Member(string name, string value) => new JsonObject { [name] = value }.ToJsonString();

    static List<string> Ids(Reply page)
    {
        Assert.Equal(200, page.Status);
        return page.Json["items"]!.AsArray().Select(item => (string)item!["id"]!).ToList();
    }
}
