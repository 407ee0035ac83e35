using System.Text.Json.Nodes;
using TradeApi.Commands;

namespace TradeApi.Tests.Disputes;

/// <summary>Disputes: who may open one, what it does to later notices, and how staff end it.</summary>
public class DisputeTests(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_trader_whose_stock_was_sold_by_another_is_told_and_may_dispute_it(string database)
    {
        var host = await hosts.On(database);
        var (holder, other) = (await hosts.Partner(database), await hosts.Partner(database, "org_dealer2"));
        var vehicle = await host.AddVehicle(state: "inTrade", heldBy: "org_dealer1");
        var sale = await SellAsAnother(other, vehicle);

        var told = await LastEvent(holder);
        Assert.Equal(("vehicle.left-stock", sale), ((string)told["type"]!, (string)told["subject"]!));
        Assert.Equal(404, (await holder.Get($"/v1/keeper-changes/{sale}")).Status);

        var dispute = await holder.Post("/v1/disputes", Asked(sale));
        Assert.Equal(201, dispute.Status);
        Assert.Equal("open", dispute.String("state"));
        Assert.Equal(sale, dispute.String("keeperChange"));
        Assert.Equal(dispute.Text, (await holder.Get(dispute.Header("Location")!)).Text);

        var again = await holder.Post("/v1/disputes", Asked(sale));
        Assert.Equal((422, "dispute.open-already"), (again.Status, again.Codes.Single()));
        Assert.Equal(dispute.String("id"), again.String("existing"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task While_a_dispute_is_open_notices_are_referred_and_after_its_end_they_are_not(string database)
    {
        var host = await hosts.On(database);
        var (holder, other) = (await hosts.Partner(database), await hosts.Partner(database, "org_dealer2"));
        var vehicle = await host.AddVehicle(state: "inTrade", heldBy: "org_dealer1");
        var sale = await SellAsAnother(other, vehicle);
        var bought = vehicle with { Document = await host.Stores.Sandbox.DocumentInForce(vehicle.Mark) };
        var id = (await holder.Post("/v1/disputes", Asked(sale))).String("id")!;

        var held = await other.Send(Notices.Disposal(bought, date: "2026-11-24"));
        Assert.Equal(202, held.Status);
        Assert.Equal(["referred.register-check"], held.Codes);
        Assert.Equal(0, await Staff(host).Close(id, upheld: false, CancellationToken.None));

        Assert.Equal(201, (await other.Send(Notices.Disposal(bought, date: "2026-11-23"))).Status);
        var closed = await holder.Get($"/v1/disputes/{id}");
        Assert.Equal(("closed", "rejected"), (closed.String("state"), closed.String("outcome")));
        Assert.Equal(1, await Staff(host).Close(id, upheld: true, CancellationToken.None));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task An_upheld_dispute_is_followed_by_the_reversal_of_the_notice(string database)
    {
        var host = await hosts.On(database);
        var (holder, other) = (await hosts.Partner(database), await hosts.Partner(database, "org_dealer2"));
        var vehicle = await host.AddVehicle(state: "inTrade", heldBy: "org_dealer1");
        var before = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        var sale = await SellAsAnother(other, vehicle);
        var id = (
            await holder.Post(
                "/v1/disputes",
                new JsonObject { ["registrationNumber"] = vehicle.Mark, ["reason"] = "It stands in our yard." }
            )
        ).String("id")!;

        Assert.Equal(0, await Staff(host).Close(id, upheld: true, CancellationToken.None));
        Assert.Equal(0, await Staff(host).Reverse(sale, CancellationToken.None));

        Assert.Equal(before, await host.Stores.Sandbox.Snapshot(vehicle.Mark));
        Assert.Equal("keeper-change.reversed", (string)(await LastEvent(other))["type"]!);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Who_never_held_nor_kept_the_vehicle_finds_no_notice_to_dispute(string database)
    {
        var host = await hosts.On(database);
        var other = await hosts.Partner(database, "org_dealer2");
        var stranger = await hosts.Partner(database, "org_auction");
        var vehicle = await host.AddVehicle(state: "inTrade", heldBy: "org_dealer1");
        var sale = await SellAsAnother(other, vehicle);

        Assert.Equal(404, (await stranger.Post("/v1/disputes", Asked(sale))).Status);
        Assert.Equal(
            404,
            (
                await stranger.Post(
                    "/v1/disputes",
                    new JsonObject { ["registrationNumber"] = vehicle.Mark, ["reason"] = "x" }
                )
            ).Status
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Ones_own_notice_cannot_be_disputed(string database)
    {
        var host = await hosts.On(database);
        var holder = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();
        var own = (await holder.Send(Notices.Disposal(vehicle))).String("id")!;

        Assert.Equal(["dispute.own-notice"], (await holder.Post("/v1/disputes", Asked(own))).Codes);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task After_ninety_days_it_is_too_late(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var vehicle = await host.AddVehicle(state: "inTrade", heldBy: "org_dealer1");
        var sale = await SellAsAnother(await host.Partner("org_dealer2"), vehicle);

        host.Clock.Advance(TimeSpan.FromDays(91));

        Assert.Equal(
            ["dispute.too-late"],
            (await (await host.Partner("org_dealer1")).Post("/v1/disputes", Asked(sale))).Codes
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Bad_input_names_its_member(string database)
    {
        var partner = await hosts.Partner(database);

        foreach (
            var (body, code, pointer) in new (JsonObject, string, string)[]
            {
                ([], "field.missing", "/reason"),
                (new JsonObject { ["reason"] = "x" }, "field.missing", "/keeperChange"),
                (new JsonObject { ["reason"] = 1, ["keeperChange"] = "kc_1" }, "field.type", "/reason"),
                (new JsonObject { ["reason"] = "x", ["keeperChange"] = "kc_1" }, "field.characters", "/keeperChange"),
                (
                    new JsonObject { ["reason"] = "x", ["registrationNumber"] = "??" },
                    "registration-number.format",
                    "/registrationNumber"
                ),
                (new JsonObject { ["reason"] = "x", ["mark"] = "y" }, "field.unknown", "/mark"),
            }
        )
        {
            var reply = await partner.Post("/v1/disputes", body);
            Assert.Equal(422, reply.Status);
            Assert.Contains(
                reply.Json["findings"]!.AsArray(),
                finding => (string)finding!["code"]! == code && (string)finding["pointer"]! == pointer
            );
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_list_has_ones_own_disputes_in_pages(string database)
    {
        var host = await hosts.On(database);
        var (holder, other) = (
            await hosts.Partner(database, "org_finance"),
            await hosts.Partner(database, "org_dealer2")
        );
        var opened = new List<string>();
        foreach (var vehicle in await host.AddVehicles(3, state: "inTrade", heldBy: "org_finance"))
            opened.Insert(
                0,
                (await holder.Post("/v1/disputes", Asked(await SellAsAnother(other, vehicle)))).String("id")!
            );

        var first = await holder.Get("/v1/disputes?limit=2");
        var second = await holder.Get($"/v1/disputes?limit=2&cursor={first.String("nextCursor")}");

        Assert.Equal(
            opened,
            first.Json["items"]!.AsArray().Concat(second.Json["items"]!.AsArray()).Select(one => (string)one!["id"]!)
        );
        Assert.Null(second.String("nextCursor"));
        Assert.Empty((await other.Get("/v1/disputes")).Json["items"]!.AsArray());
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task By_its_mark_the_latest_accepted_notice_is_disputed_and_nothing_told_of_a_referred_one(
        string database
    )
    {
        var host = await hosts.On(database);
        var (holder, other) = (
            await hosts.Partner(database, "org_dealer1"),
            await hosts.Partner(database, "org_dealer2")
        );
        var vehicle = await host.AddVehicle(state: "inTrade", heldBy: "org_dealer1");
        var sale = await other.Send(
            Notices.Acquisition(vehicle).With("confirmations", new JsonArray("trade.held-by-another"))
        );
        Assert.Equal(201, sale.Status);
        await host.ExecuteRegister(
            "update vehicle set stolen = true where registration_number = @Mark",
            new { vehicle.Mark }
        );
        var bought = vehicle with { Document = await host.Stores.Sandbox.DocumentInForce(vehicle.Mark) };
        Assert.Equal(202, (await other.Send(Notices.Disposal(bought, date: "2026-11-24"))).Status);
        var dispute = await holder.Post(
            "/v1/disputes",
            new JsonObject { ["registrationNumber"] = vehicle.Mark, ["reason"] = "Ours." }
        );
        Assert.True(dispute.Status == 201, dispute.Text);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Who_held_the_vehicle_only_by_notices_that_were_taken_back_has_not_held_it(string database)
    {
        var host = await hosts.On(database);
        var (a, b) = (await hosts.Partner(database, "org_dealer2"), await hosts.Partner(database, "org_dealer1"));
        var vehicle = await host.AddVehicle();
        var n1 = (await a.Send(Notices.Disposal(vehicle))).String("id")!;
        var n2 = (await a.Send(Notices.Acquisition(vehicle))).String("id")!;
        Assert.Equal(201, (await a.Reverse(n2)).Status);
        Assert.Equal(201, (await a.Reverse(n1)).Status);
        Assert.Equal(201, (await b.Send(Notices.Disposal(vehicle))).Status);
        var dispute = await a.Post(
            "/v1/disputes",
            new JsonObject { ["registrationNumber"] = vehicle.Mark, ["reason"] = "x" }
        );
        Assert.Equal(404, dispute.Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_staff_have_decided_is_not_disputed_again(string database)
    {
        var host = await hosts.On(database);
        var (holder, other) = (
            await hosts.Partner(database, "org_dealer1"),
            await hosts.Partner(database, "org_dealer2")
        );
        var vehicle = await host.AddVehicle(state: "inTrade", heldBy: "org_dealer1");
        var sale = (
            await other.Send(Notices.Acquisition(vehicle).With("confirmations", new JsonArray("trade.held-by-another")))
        ).String("id")!;
        var asked = new JsonObject { ["keeperChange"] = sale, ["reason"] = "x" };
        var first = await holder.Post("/v1/disputes", asked);
        Assert.Equal(0, await Staff(host).Close(first.String("id")!, upheld: false, CancellationToken.None));
        Assert.Equal(["dispute.decided-already"], (await holder.Post("/v1/disputes", asked)).Codes);
    }

    static async Task<string> SellAsAnother(Partner trader, TestVehicle vehicle)
    {
        var reply = await trader.Send(
            Notices.Acquisition(vehicle).With("confirmations", new JsonArray("trade.held-by-another"))
        );
        Assert.Equal(201, reply.Status);
        return reply.String("id")!;
    }

    static async Task<JsonObject> LastEvent(Partner partner)
    {
        JsonObject? last = null;
        for (string? cursor = null; ; )
        {
            var page = await partner.Get("/v1/events?limit=200" + (cursor is null ? "" : $"&cursor={cursor}"));
            var items = page.Json["items"]!.AsArray();
            if (items.Count == 0)
                return last!;
            last = items[^1]!.AsObject();
            cursor = page.String("nextCursor");
        }
    }

    static JsonObject Asked(string keeperChange) =>
        new() { ["keeperChange"] = keeperChange, ["reason"] = "The vehicle is ours." };

    static StaffDesk Staff(TradeApiHost host) => new(host.Stores, host.Clock, "sandbox", "officer", "test");
}
