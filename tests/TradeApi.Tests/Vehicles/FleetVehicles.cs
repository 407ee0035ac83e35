using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace TradeApi.Tests.Vehicles;

/// <summary>A fleet's own vehicles, in pages and as a stream.</summary>
public class FleetVehicles(Hosts hosts) : IClassFixture<Hosts>
{
    const string Path = "/v1/fleet/vehicles";

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_vehicle_is_told_with_what_its_fleet_needs_and_without_its_document_number(string database)
    {
        var host = await hosts.On(database);
        var vehicle = await host.AddVehicleWith(
            new()
            {
                ["model"] = "TRANSIT",
                ["colour"] = "WHITE",
                ["vehicleClass"] = "lightVan",
                ["salvageCategory"] = "S",
                ["stolen"] = "true",
                ["documentSuppressed"] = "true",
                ["offRoad"] = "true",
                ["motExpiresOn"] = "2026-11-30",
                ["keeper.businessName"] = "Example Asset Finance",
                ["keeper.lastName"] = "",
                ["keeper.fleetNumber"] = "98765-",
                ["keeper.email"] = "fleet@example.com",
            }
        );

        var reply = await (await hosts.Partner(database, "org_finance")).Get(Path);

        var expected = new JsonObject
        {
            ["registrationNumber"] = vehicle.Mark,
            ["vin"] = vehicle.Vin,
            ["make"] = "FORD",
            ["model"] = "TRANSIT",
            ["colour"] = "WHITE",
            ["vehicleClass"] = "lightVan",
            ["dateOfFirstRegistration"] = "2020-03-10",
            ["fleetNumber"] = "98765-",
            ["keeperSince"] = "2020-03-10",
            ["documentIssued"] = false,
            ["offRoad"] = true,
            ["salvageCategory"] = "S",
            ["tax"] = new JsonObject { ["status"] = "offRoad" },
            ["mot"] = new JsonObject { ["status"] = "valid", ["expiresOn"] = "2026-11-30" },
        };
        Assert.Equal(200, reply.Status);
        Assert.Equal([expected.ToJsonString()], reply.Json["items"]!.AsArray().Select(item => item!.ToJsonString()));
        Assert.False(reply.Json.ContainsKey("nextCursor"));
        Assert.Equal("no-store", reply.Header("Cache-Control"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_fleet_sees_its_own_vehicles_alone_and_only_while_it_is_their_keeper(string database)
    {
        var host = await hosts.On(database);
        await Organisation(host, "org_f1", "100001");
        await Organisation(host, "org_f2", "100002");
        var (first, second) = (await host.Partner("org_f1"), await host.Partner("org_f2"));
        var stays = await Add(host, "100001");
        var leaves = await Add(host, "100001");
        var others = await Add(host, "100002");
        await host.AddVehicleWith(new() { ["state"] = "keeperDeceased", ["keeper.fleetNumber"] = "100001" });
        await host.AddVehicle();

        var before = await Marks(first, "");
        Assert.Equal(201, (await first.Send(HandedOver(leaves, "100001"))).Status);
        var after = await Marks(first, "");

        Assert.Equal([.. new[] { stays.Mark, leaves.Mark }.Order()], before.Order());
        Assert.Equal([stays.Mark], after);
        Assert.Equal([others.Mark], await Marks(second, ""));
        Assert.Empty(await Marks(await hosts.Partner(database), ""));
        Assert.Equal("", (await (await hosts.Partner(database)).Get(Path, "application/x-ndjson")).Text);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Pages_and_stream_hold_each_vehicle_once_over_all_numbers_of_the_fleet(string database)
    {
        var host = await hosts.On(database);
        await Organisation(host, "org_f3", "300003", "300001", "300002");
        var partner = await host.Partner("org_f3");
        var expected = new List<string>();
        for (var i = 0; i < 7; i++)
            expected.Add((await Add(host, i % 2 == 0 ? "300001" : "300003")).Mark);

        foreach (var limit in new[] { 1, 2, 3, 4, 7, 200 })
            Assert.Equal(expected.Order(), (await Marks(partner, $"?limit={limit}")).Order());

        var stream = await partner.Get(Path, "application/x-ndjson");
        Assert.Equal("application/x-ndjson", stream.ContentHeaders.ContentType!.MediaType);
        Assert.Equal(await Marks(partner, "?limit=2"), Lines(stream));
        var page = await partner.Get(Path + "?limit=2");
        Assert.Equal($"<{Path}?limit=2&cursor={page.String("nextCursor")}>; rel=\"next\"", page.Header("Link"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_stream_goes_on_past_the_pages_in_which_it_is_read(string database)
    {
        var host = await hosts.On(database);
        await Organisation(host, "org_f4", "400001", "400002");
        var csv = new StringBuilder(
            "registrationNumber,vin,documentReferenceNumber,make,vehicleClass,dateOfFirstRegistration,state,stateSince,keeper.businessName,keeper.fleetNumber\n"
        );
        for (var i = 0; i < 2_100; i++)
            csv.Append(
                CultureInfo.InvariantCulture,
                $"{(char)('A' + (i / 700))}{i % 700 + 1}KLM,VF9ZZZ77ZHD{i:D6},{30_000_000_000 + i},FORD,car,1984-03-10,withKeeper,2020-03-10,Example Fleet,40000{i % 2 + 1}\n"
            );
        Assert.Equal(2_100, (await host.ImportRegister(csv.ToString())).Loaded);
        var partner = await host.Partner("org_f4");

        var lines = Lines(await partner.Get(Path, "application/x-ndjson"));

        Assert.Equal(2_100, lines.Count);
        Assert.Equal(2_100, lines.Distinct().Count());
        Assert.Equal(lines, await Marks(partner, "?limit=200"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_wrong_limit_a_cursor_of_somebody_else_and_another_media_type_are_refused(string database)
    {
        var host = await hosts.On(database);
        await Organisation(host, "org_f5", "500001");
        var partner = await host.Partner("org_f5");
        string[] queries =
        [
            "?limit=0",
            "?limit=201",
            "?limit=x",
            "?limit=",
            "?cursor=!",
            "?cursor=",
            "?cursor=nonsense",
            "?cursor=" + Encoded($"500002 {Guid.Empty:N}"),
            "?cursor=" + Encoded("500001 nonsense"),
            "?cursor=" + Encoded("500001"),
            "?cursor=" + Encoded("500001\0 \0"),
        ];
        foreach (var query in queries)
        {
            var reply = await partner.Get(Path + query);
            Assert.Equal((400, "parameter.invalid"), (reply.Status, reply.String("code")));
        }
        var csv = await partner.Get(Path, "text/csv");
        Assert.Equal((406, "accept.not-offered"), (csv.Status, csv.String("code")));
        Assert.Equal(200, (await partner.Get(Path + "?cursor=" + Encoded($"500001 {Guid.Empty:N}"))).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_fleet_of_one_register_is_not_in_the_other(string database)
    {
        var host = await hosts.On(database);
        await Organisation(host, "org_f6", live: true, "600001");
        var (trial, real) = (await Add(host, "600001"), await Add(host, "600001", live: true));

        Assert.Equal([trial.Mark], await Marks(await host.Partner("org_f6"), ""));
        Assert.Equal([real.Mark], await Marks(await host.Partner("org_f6", "live"), ""));
    }

    static async Task<List<string>> Marks(Partner partner, string query)
    {
        var marks = new List<string>();
        string? cursor = null;
        do
        {
            var next = cursor is null ? "" : (query.Length == 0 ? "?" : "&") + "cursor=" + cursor;
            var page = await partner.Get(Path + query + next);
            Assert.Equal(200, page.Status);
            marks.AddRange(page.Json["items"]!.AsArray().Select(item => (string)item!["registrationNumber"]!));
            cursor = page.String("nextCursor");
        } while (cursor is not null);
        return marks;
    }

    static List<string> Lines(Reply stream) =>
        stream
            .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (string)JsonNode.Parse(line)!["registrationNumber"]!)
            .ToList();

    static Task<TestVehicle> Add(TradeApiHost host, string fleetNumber, bool live = false) =>
        host.AddVehicleWith(new() { ["keeper.fleetNumber"] = fleetNumber }, live);

    static Task Organisation(TradeApiHost host, string id, params string[] fleetNumbers) =>
        Organisation(host, id, live: false, fleetNumbers);

    static Task Organisation(TradeApiHost host, string id, bool live, params string[] fleetNumbers) =>
        host.ImportOrganisations(
            new JsonObject
            {
                ["organisations"] = new JsonArray(
                    new JsonObject
                    {
                        ["id"] = id,
                        ["name"] = "Example Fleet",
                        ["kind"] = "fleetOperator",
                        ["fleetNumbers"] = new JsonArray([.. fleetNumbers.Select(number => (JsonNode)number)]),
                    }
                ),
                ["mandates"] = new JsonArray(),
            }.ToJsonString(),
            live
        );

    static JsonObject HandedOver(TestVehicle vehicle, string fleetNumber) =>
        Notices
            .Disposal(vehicle)
            .With("documentReferenceNumber", null)
            .With("fleetNumber", fleetNumber)
            .With("tradeOrganisation", "org_dealer1");

    static string Encoded(string position) =>
        System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(position));
}
