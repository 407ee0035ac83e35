using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace TradeApi.Tests;

/// <summary>A vehicle of a test, with what a notice needs to name it.</summary>
sealed record TestVehicle(string Mark, string Document, string Vin);

/// <summary>Vehicles that no other test uses.</summary>
static class TestVehicles
{
    const string Letters = "ABCDEFGH";
    const string Header =
        "registrationNumber,vin,documentReferenceNumber,make,vehicleClass,dateOfFirstRegistration,state,stateSince,heldBy,"
        + "salvageCategory,stolen,documentSuppressed,lastMileage,keeper.firstNames,keeper.lastName,keeper.address.line1,"
        + "keeper.address.postTown,keeper.address.postcode\n";

    static int last;

    public static async Task<TestVehicle> AddVehicle(
        this TradeApiHost host,
        string state = "withKeeper",
        string heldBy = "",
        bool stolen = false,
        string category = "",
        string mileage = "",
        bool live = false
    ) => (await host.AddVehicles(1, state, heldBy, stolen, category, mileage, live))[0];

    public static async Task<IReadOnlyList<TestVehicle>> AddVehicles(
        this TradeApiHost host,
        int count,
        string state = "withKeeper",
        string heldBy = "",
        bool stolen = false,
        string category = "",
        string mileage = "",
        bool live = false
    )
    {
        var vehicles = Enumerable.Range(0, count).Select(_ => Next()).ToList();
        var keeper = state is "withKeeper" or "keeperDeceased" ? "Sam,Sample,1 High Street,Swansea,SA1 1AA" : ",,,,";
        var lines = new StringBuilder(Header);
        foreach (var vehicle in vehicles)
            lines.Append(
                CultureInfo.InvariantCulture,
                $"{vehicle.Mark},{vehicle.Vin},{vehicle.Document},FORD,car,2020-03-10,{state},2020-03-10,{heldBy},{category},{(stolen ? "true" : "false")},false,{mileage},{keeper}\n"
            );
        var report = await host.ImportRegister(lines.ToString(), live);
        Assert.Equal(count, report.Loaded);
        return vehicles;
    }

    /// <summary>A vehicle with columns of a register file beside the usual ones, or instead of them.</summary>
    public static async Task<TestVehicle> AddVehicleWith(
        this TradeApiHost host,
        Dictionary<string, string> columns,
        bool live = false
    )
    {
        var vehicle = Next();
        var cells = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["registrationNumber"] = vehicle.Mark,
            ["vin"] = vehicle.Vin,
            ["documentReferenceNumber"] = vehicle.Document,
            ["make"] = "FORD",
            ["vehicleClass"] = "car",
            ["dateOfFirstRegistration"] = "2020-03-10",
            ["state"] = "withKeeper",
            ["stateSince"] = "2020-03-10",
        };
        foreach (var (column, value) in columns)
            cells[column] = value;
        if (cells["state"] is "withKeeper" or "keeperDeceased")
            cells.TryAdd("keeper.lastName", "Sample");
        var report = await host.ImportRegister(
            $"{string.Join(',', cells.Keys)}\n{string.Join(',', cells.Values)}\n",
            live
        );
        Assert.Equal(1, report.Loaded);
        return vehicle;
    }

    static TestVehicle Next()
    {
        var number = Interlocked.Increment(ref last);
        var letters = new char[5];
        for (int i = 4, left = number; i >= 0; i--, left /= Letters.Length)
            letters[i] = Letters[left % Letters.Length];
        return new TestVehicle(
            $"{letters[0]}{letters[1]}20{letters[2]}{letters[3]}{letters[4]}",
            (20_000_000_000 + number).ToString(CultureInfo.InvariantCulture),
            $"VF9ZZZ77ZHC{number:D6}"
        );
    }
}

/// <summary>Notices as partners send them.</summary>
static class Notices
{
    static int last;

    public static string NewReference() => $"REF-{Interlocked.Increment(ref last):D6}";

    public static JsonObject Disposal(
        TestVehicle vehicle,
        string? reference = null,
        string date = "2026-11-20",
        string? onBehalfOf = null
    ) =>
        Of(
            new JsonObject
            {
                ["type"] = "disposalToTrade",
                ["clientReference"] = reference ?? NewReference(),
                ["registrationNumber"] = vehicle.Mark,
                ["documentReferenceNumber"] = vehicle.Document,
                ["eventDate"] = date,
                ["keeperConsent"] = true,
                ["markRightsConsent"] = true,
            },
            onBehalfOf
        );

    public static JsonObject Acquisition(
        TestVehicle vehicle,
        string? reference = null,
        string date = "2026-11-21",
        string? onBehalfOf = null
    ) =>
        Of(
            new JsonObject
            {
                ["type"] = "acquisitionFromTrade",
                ["clientReference"] = reference ?? NewReference(),
                ["registrationNumber"] = vehicle.Mark,
                ["documentReferenceNumber"] = vehicle.Document,
                ["eventDate"] = date,
                ["keeperConsent"] = true,
                ["taxChoice"] = "none",
                ["newKeeper"] = new JsonObject
                {
                    ["firstNames"] = "Ffion",
                    ["lastName"] = "O'Neill-Jones",
                    ["address"] = new JsonObject
                    {
                        ["line1"] = "1 Heol y Parc",
                        ["postTown"] = "Swansea",
                        ["postcode"] = "SA1 1AA",
                    },
                },
            },
            onBehalfOf
        );

    public static JsonObject Destruction(TestVehicle vehicle, string? reference = null) =>
        new()
        {
            ["type"] = "certificateOfDestruction",
            ["clientReference"] = reference ?? NewReference(),
            ["registrationNumber"] = vehicle.Mark,
            ["vin"] = vehicle.Vin,
            ["permitNumber"] = "EAWML65001",
            ["eventDate"] = "2026-11-24",
        };

    /// <summary>The notice with one member put to another value, or taken out.</summary>
    public static JsonObject With(this JsonObject notice, string member, JsonNode? value)
    {
        var changed = notice.DeepClone().AsObject();
        if (value is null)
            changed.Remove(member);
        else
            changed[member] = value;
        return changed;
    }

    /// <summary>Notices as the lines of a file.</summary>
    public static byte[] File(params IEnumerable<JsonObject> notices) =>
        Encoding.UTF8.GetBytes(string.Concat(notices.Select(notice => notice.ToJsonString() + "\n")));

    static JsonObject Of(JsonObject notice, string? onBehalfOf)
    {
        if (onBehalfOf is not null)
            notice["onBehalfOf"] = onBehalfOf;
        return notice;
    }
}
