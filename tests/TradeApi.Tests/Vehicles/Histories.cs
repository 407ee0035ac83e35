using System.Text.Json.Nodes;

namespace TradeApi.Tests.Vehicles;

/// <summary>Own notices on a vehicle, and never anybody else's.</summary>
public class Histories(Hosts hosts) : IClassFixture<Hosts>
{
    const string Path = "/v1/vehicles/history";

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Each_partner_sees_the_notices_that_it_sent_or_that_were_sent_for_it(string database)
    {
        var host = await hosts.On(database);
        var dealer = await hosts.Partner(database);
        var vendor = await hosts.Partner(database, "org_vendor");
        var stranger = await hosts.Partner(database, "org_dealer2");
        var vehicle = await host.AddVehicle();
        var refused = await dealer.Send(Notices.Disposal(vehicle).With("keeperConsent", false));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var byVendor = await vendor.Send(Notices.Disposal(vehicle, onBehalfOf: "org_dealer1"));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var guess = await stranger.Send(Notices.Disposal(vehicle with { Document = "00000000000" }));
        var (first, second, third) = (IdOf(refused), byVendor.String("id"), IdOf(guess));

        var ofDealer = await Ask(dealer, vehicle.Mark);

        Assert.Equal(201, byVendor.Status);
        Assert.Equal([second, first], Ids(ofDealer));
        Assert.Equal([second], Ids(await Ask(vendor, vehicle.Mark)));
        Assert.Equal([third], Ids(await Ask(stranger, vehicle.Mark)));
        Assert.Empty(Ids(await Ask(await hosts.Partner(database, "org_insurer"), vehicle.Mark)));
        Assert.Equal(
            (await dealer.Get($"/v1/keeper-changes/{second}")).Json.ToJsonString(),
            ofDealer.Json["items"]![0]!.ToJsonString()
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task An_unknown_mark_and_a_vehicle_without_own_notices_give_the_same_empty_page(string database)
    {
        var host = await hosts.On(database);
        var dealer = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();
        await (await hosts.Partner(database, "org_dealer2")).Send(Notices.Disposal(vehicle));

        var known = await Ask(dealer, vehicle.Mark);
        var unknown = await Ask(dealer, "XY19XYZ");

        Assert.Equal("""{"items":[]}""", known.Text);
        Assert.Equal(known.Text, unknown.Text);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_vehicle_keeps_its_history_under_another_mark_and_no_mark_shows_that_of_others(string database)
    {
        var host = await hosts.On(database);
        var dealer = await hosts.Partner(database);
        var stranger = await hosts.Partner(database, "org_dealer2");
        var vehicle = await host.AddVehicle();
        var before = (await dealer.Send(Notices.Disposal(vehicle))).String("id");
        var mark = $"{(database == "sqlite" ? 'L' : 'M')}1 XYW";
        // As a notice leaves it by which the vehicle's mark changes.
        await host.ExecuteRegister(
            """
            update vehicle set registration_number = @New where registration_number = @Old;
            update keeper_change set new_registration_number = @New where registration_number = @Old
            """,
            new { New = mark.Replace(" ", "", StringComparison.Ordinal), Old = vehicle.Mark }
        );
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var renamed = vehicle with { Mark = mark };
        var after = (await dealer.Send(Notices.Acquisition(renamed))).String("id");

        Assert.Equal([after, before], Ids(await Ask(dealer, mark)));
        Assert.Equal([after, before], Ids(await Ask(dealer, vehicle.Mark)));
        Assert.Empty(Ids(await Ask(stranger, mark)));
        Assert.Empty(Ids(await Ask(stranger, vehicle.Mark)));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task It_comes_in_pages_and_a_cursor_shows_nothing_to_another(string database)
    {
        var host = await hosts.On(database);
        var dealer = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();
        var sent = new List<string?>();
        for (var i = 0; i < 5; i++)
            sent.Insert(0, IdOf(await dealer.Send(Notices.Disposal(vehicle).With("keeperConsent", false))));

        var read = new List<string?>();
        string? cursor = null;
        var pages = 0;
        do
        {
            var page = await dealer.Ask(Path, Body(vehicle.Mark).With("limit", 2).With("cursor", cursor));
            read.AddRange(Ids(page));
            cursor = page.String("nextCursor");
            pages++;
            if (cursor is not null)
            {
                var foreign = await (await hosts.Partner(database, "org_dealer2")).Ask(
                    Path,
                    Body(vehicle.Mark).With("cursor", cursor)
                );
                Assert.Empty(Ids(foreign));
            }
        } while (cursor is not null);

        Assert.Equal(3, pages);
        Assert.Equal(sent.Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
    }

    static Task<Reply> Ask(Partner partner, string mark) => partner.Ask(Path, Body(mark));

    static JsonObject Body(string mark) => new() { ["registrationNumber"] = mark };

    static string? IdOf(Reply refused) => refused.String("instance")!.Split('/')[^1];

    static List<string?> Ids(Reply page)
    {
        Assert.Equal(200, page.Status);
        return page.Json["items"]!.AsArray().Select(item => (string?)item!["id"]).ToList();
    }
}
