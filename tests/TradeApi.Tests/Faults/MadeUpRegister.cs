using System.Globalization;

namespace TradeApi.Tests.Faults;

/// <summary>
/// A register file of any length, the same one every time for the same seed. Its vehicles stand in no order of their
/// marks or VINs, as in a file that another system wrote in its own order.
/// </summary>
static class MadeUpRegister
{
    const int Prime = 1_000_003;

    const string Header =
        "registrationNumber,vin,documentReferenceNumber,make,model,colour,fuelType,vehicleClass,dateOfFirstRegistration,"
        + "state,stateSince,heldBy,stolen,documentSuppressed,offRoad,lastMileage,keeper.title,keeper.firstNames,"
        + "keeper.lastName,keeper.address.line1,keeper.address.postTown,keeper.address.postcode";

    static readonly string[] Colours = ["BLUE", "GREY", "RED", "WHITE"];

    /// <summary>Writes the file. Seven of eight vehicles have a keeper, the others stand in a dealer's stock.</summary>
    public static async Task<string> Write(string path, int vehicles, int seed = 1)
    {
        await using var file = new StreamWriter(path);
        await file.WriteAsync(Header + "\n");
        for (var line = 0; line < vehicles; line++)
        {
            var i = (int)((((long)line * Prime) + seed) % vehicles);
            var since = new DateOnly(2015, 1, 1).AddDays(i % 3650).ToString("O", CultureInfo.InvariantCulture);
            var state =
                i % 8 == 7
                    ? $"inTrade,{since},org_dealer,false,false,false,{i % 90_000},,,,,,"
                    : $"withKeeper,{since},,false,false,false,{i % 90_000},Mx,Sam Robin,Sample {i % 5_000},{i % 300} Example Street,Swansea,SA1 1AA";
            await file.WriteAsync(
                $"{MadeUpTrade.Mark(i)},{MadeUpTrade.Vin(i)},{MadeUpTrade.Document(i)},EXAMPLE,HATCH {i % 40},{Colours[i % 4]},PETROL,car,2012-03-01,{state}\n"
            );
        }
        return path;
    }
}
