namespace TradeApi.Tests.Events;

/// <summary>The feed of an organisation: its own decisions, in order, once each.</summary>
public class EventFeed(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Every_decision_is_told_once_in_order_whatever_the_size_of_the_pages(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var (own, other) = (await host.Partner("org_dealer1"), await host.Partner("org_dealer2"));
        var expected = new List<string>();
        foreach (var vehicle in await host.AddVehicles(7))
        {
            expected.Add((await own.Send(Notices.Disposal(vehicle))).String("id")!);
            await other.Send(Notices.Disposal(await host.AddVehicle()));
        }

        foreach (var limit in new[] { 1, 2, 3, 200 })
        {
            var told = await ReadAll(own, $"limit={limit}");
            Assert.Equal(expected, told.Select(one => one.Subject));
            Assert.All(told, one => Assert.Equal("keeper-change.accepted", one.Type));
            Assert.Equal(told.Count, told.Select(one => one.Id).Distinct().Count());
            Assert.All(told, one => Assert.Matches("^evt_[0-9a-f]{12}7", one.Id));
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_software_vendor_is_told_of_what_it_sent_for_others(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var (vendor, dealer) = (await host.Partner("org_vendor"), await host.Partner("org_dealer1"));

        var id = (await vendor.Send(Notices.Disposal(await host.AddVehicle(), onBehalfOf: "org_dealer1"))).String("id");

        Assert.Equal([id!], (await ReadAll(vendor, "")).Select(one => one.Subject));
        Assert.Equal([id!], (await ReadAll(dealer, "")).Select(one => one.Subject));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Only_the_types_asked_for_are_told_and_the_cursor_still_goes_on(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var own = await host.Partner("org_dealer1");
        foreach (var vehicle in await host.AddVehicles(5))
            await own.Send(Notices.Disposal(vehicle));
        var referred = (await own.Send(Notices.Disposal(await host.AddVehicle(stolen: true)))).String("id")!;

        var told = await ReadAll(own, "limit=2&types=keeper-change.referred,vehicle.left-stock");

        Assert.Equal([referred], told.Select(one => one.Subject));
        Assert.Equal("parameter.invalid", (await own.Get("/v1/events?types=nothing")).String("code"));
        Assert.Equal("parameter.invalid", (await own.Get("/v1/events?cursor=%25")).String("code"));
        Assert.Equal("parameter.invalid", (await own.Get("/v1/events?wait=31")).String("code"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Whoever_waits_is_answered_as_soon_as_there_is_an_event(string database)
    {
        var host = await hosts.On(database);
        var own = await hosts.Partner(database, "org_auction");
        var vehicle = await host.AddVehicle();

        var waiting = own.Get("/v1/events?wait=20");
        await Task.Delay(500);
        Assert.False(waiting.IsCompleted);
        var id = (await own.Send(Notices.Disposal(vehicle))).String("id");

        Assert.Equal(id, (string)(await waiting).Json["items"]![0]!["subject"]!);
    }

    static async Task<List<(string Id, string Type, string Subject)>> ReadAll(Partner partner, string query)
    {
        var told = new List<(string, string, string)>();
        for (string? cursor = null; ; )
        {
            var page = await partner.Get($"/v1/events?{query}" + (cursor is null ? "" : $"&cursor={cursor}"));
            Assert.Equal(200, page.Status);
            var items = page.Json["items"]!.AsArray();
            if (items.Count == 0)
                return told;
            told.AddRange(items.Select(one => ((string)one!["id"]!, (string)one["type"]!, (string)one["subject"]!)));
            cursor = page.String("nextCursor");
        }
    }
}
