using System.Globalization;
using System.Text.Json.Nodes;
using TradeApi.Vehicles;

namespace TradeApi.Tests;

/// <summary>Vehicles of a fleet, certificates for marks, and what is notified of them.</summary>
static class FleetVehicles
{
    public const string Fleet = "123456";
    static int last = 5000;

    public static string NewMark() =>
        string.Create(CultureInfo.InvariantCulture, $"K{Interlocked.Increment(ref last) % 1000}LTS");

    public static JsonObject SaleToFleet(TestVehicle vehicle) =>
        Notices
            .Acquisition(vehicle, date: "2026-11-20")
            .With(
                "newKeeper",
                new JsonObject
                {
                    ["businessName"] = "Example Fleet",
                    ["fleetNumber"] = Fleet,
                    ["address"] = new JsonObject
                    {
                        ["line1"] = "1 Heol y Parc",
                        ["postTown"] = "Swansea",
                        ["postcode"] = "SA1 1AA",
                    },
                }
            );

    public static JsonObject Of(string type, TestVehicle vehicle, string date = "2026-11-20") =>
        new()
        {
            ["type"] = type,
            ["clientReference"] = Notices.NewReference(),
            ["registrationNumber"] = vehicle.Mark,
            ["eventDate"] = date,
        };

    public static async Task<string> Certificate(TradeApiHost host, string mark)
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"C{Interlocked.Increment(ref last):D10}");
        using var file = new MemoryStream(
            System.Text.Encoding.UTF8.GetBytes(
                $"certificateNumber,registrationNumber,expiresOn\n{number},{mark},2030-01-01\n"
            )
        );
        var report = await new CertificateImport(host.Stores.Sandbox, host.Clock).Run(file, CancellationToken.None);
        Assert.Equal((1, 0), (report.Loaded, report.Refused.Count));
        return number;
    }

    public static string Line(TestVehicle vehicle) =>
        "registrationNumber,vin,documentReferenceNumber,make,vehicleClass,dateOfFirstRegistration,state,stateSince,"
        + "keeper.businessName,keeper.fleetNumber,keeper.address.line1,keeper.address.postTown,keeper.address.postcode\n"
        + $"{vehicle.Mark},{vehicle.Vin},{vehicle.Document},FORD,car,2020-03-10,withKeeper,2020-03-10,"
        + $"EXAMPLE FLEET SERVICES,{Fleet},49 Example Street,London,W1A 1AA\n";

    public static async Task<TestVehicle> FleetVehicle(TradeApiHost host)
    {
        var number = Interlocked.Increment(ref last);
        const string L = "ABCDEFGH";
        var vehicle = new TestVehicle(
            $"FK20{L[number / 64 % 8]}{L[number / 8 % 8]}{L[number % 8]}",
            (30_000_000_000 + number).ToString(CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"VF8ZZZ77ZHC{number:D6}")
        );
        var report = await host.ImportRegister(Line(vehicle));
        Assert.Equal(1, report.Loaded);
        return vehicle;
    }
}
