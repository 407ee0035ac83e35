using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using TradeApi.Vehicles;

namespace TradeApi.Tests.Vehicles;

/// <summary>Register files that the tests of an import are made of: one vehicle, and what differs from it.</summary>
static class RegisterFiles
{
    /// <summary>A vehicle with something in every column that may stand together.</summary>
    public static readonly IReadOnlyDictionary<string, string> Vehicle = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["registrationNumber"] = "AB12CDE",
        ["vin"] = "SALVA2AE4EH877322",
        ["documentReferenceNumber"] = "01234567890",
        ["make"] = "EXAMPLE",
        ["model"] = "HATCH",
        ["colour"] = "BLUE",
        ["fuelType"] = "PETROL",
        ["vehicleClass"] = "car",
        ["dateOfFirstRegistration"] = "2012-03-01",
        ["state"] = "withKeeper",
        ["stateSince"] = "2020-01-01",
        ["salvageCategory"] = "N",
        ["stolen"] = "false",
        ["documentSuppressed"] = "false",
        ["offRoad"] = "false",
        ["lastMileage"] = "12000",
        ["keeper.title"] = "Mx",
        ["keeper.firstNames"] = "Sam",
        ["keeper.lastName"] = "Sample",
        ["keeper.businessName"] = "Sample & Sons",
        ["keeper.fleetNumber"] = "123456",
        ["keeper.driverNumber"] = "SAMPL901019S99AB",
        ["keeper.email"] = "sam@example.com",
        ["keeper.address.line1"] = "1 Example Street",
        ["keeper.address.line2"] = "Example Park",
        ["keeper.address.line3"] = "Sketty",
        ["keeper.address.postTown"] = "Swansea",
        ["keeper.address.postcode"] = "SA1 1AA",
    };

    public static IReadOnlyDictionary<string, string> But(params (string Column, string Value)[] different)
    {
        var vehicle = new Dictionary<string, string>(Vehicle, StringComparer.Ordinal);
        foreach (var (column, value) in different)
            vehicle[column] = value;
        return vehicle;
    }

    /// <summary>Many vehicles, told apart by their marks, VINs and documents.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Many(int count) =>
        Enumerable
            .Range(0, count)
            .Select(i =>
                But(
                    ("registrationNumber", Faults.MadeUpTrade.Mark(i)),
                    ("vin", Faults.MadeUpTrade.Vin(i)),
                    ("documentReferenceNumber", Faults.MadeUpTrade.Document(i))
                )
            );

    public static byte[] Csv(params IEnumerable<IReadOnlyDictionary<string, string>> vehicles)
    {
        var text = new StringBuilder(string.Join(',', ImportedVehicle.Columns)).Append('\n');
        foreach (var vehicle in vehicles)
            text.Append(
                    string.Join(',', ImportedVehicle.Columns.Select(column => vehicle.GetValueOrDefault(column, "")))
                )
                .Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static byte[] Ndjson(params IEnumerable<IReadOnlyDictionary<string, string>> vehicles) =>
        Encoding.UTF8.GetBytes(string.Concat(vehicles.Select(vehicle => Json(vehicle).ToJsonString() + "\n")));

    public static JsonObject Json(IReadOnlyDictionary<string, string> vehicle)
    {
        var line = new JsonObject();
        foreach (var (path, text) in vehicle)
        {
            var names = path.Split('.');
            var holder = line;
            foreach (var name in names[..^1])
                holder = (JsonObject)(holder[name] ??= new JsonObject());
            holder[names[^1]] = text switch
            {
                "true" => true,
                "false" => false,
                _ when path == "lastMileage" => int.Parse(text, CultureInfo.InvariantCulture),
                _ => text,
            };
        }
        return line;
    }

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }

    public static async Task<RegisterReport> Import(
        this TradeApiHost host,
        byte[] content,
        MemoryStream? refused = null
    )
    {
        using var file = new MemoryStream(content);
        var import = new RegisterImport(host.Stores.Sandbox, host.Clock);
        RegisterReport report;
        if (refused is null)
            report = await import.Run(file, CancellationToken.None);
        else
            await using (var lines = new RefusedLines(refused))
                report = await import.Run(file, CancellationToken.None, lines);
        Assert.Equal(report.Read, report.Loaded + report.Unchanged + report.Changed + report.Refused);
        Assert.Equal(report.Refused, report.Reasons.Values.Sum(tally => tally.Count));
        Assert.Equal(0, report.NotFound);
        return report;
    }

    /// <summary>Loaded, unchanged, changed, refused.</summary>
    public static (long, long, long, long) Counts(this RegisterReport report) =>
        (report.Loaded, report.Unchanged, report.Changed, report.Refused);
}
