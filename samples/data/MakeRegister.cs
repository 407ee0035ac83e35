// Makes register.csv: 1,200 vehicles that do not exist, with keepers who do not exist. Run in the repository's root:
//   dotnet run samples/data/MakeRegister.cs > samples/data/register.csv
#:property RestorePackagesWithLockFile=false
#:property PublishAot=false

using System.Globalization;

const string Letters = "ABCDEFGHJKLMNOPRSTUVWXYZ"; // of a mark: without I and Q
string[] firstNames = ["Alex", "Ffion", "Jo", "Kim", "Robin", "Sam", "Siân"];
string[] lastNames = ["Example", "O'Sample", "Specimen", "Template-Jones", "Placeholder"];
(string Make, string Model, string Class)[] cars =
[
    ("EXAMPLE", "HATCH", "car"),
    ("EXAMPLE", "ESTATE", "car"),
    ("SAMPLE", "SALOON", "car"),
    ("SAMPLE", "VAN", "lightVan"),
    ("SPECIMEN", "TWIN 600", "motorcycle"),
];
string[] colours = ["Blue", "Grey", "Red", "White"];
string[] fuels = ["Petrol", "Diesel", "Electric"];

Console.OutputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
Console.Out.NewLine = "\n";
Console.WriteLine(
    "registrationNumber,vin,documentReferenceNumber,make,model,colour,fuelType,vehicleClass,dateOfFirstRegistration,"
        + "state,stateSince,heldBy,stolen,lastMileage,keeper.title,keeper.firstNames,keeper.lastName,"
        + "keeper.address.line1,keeper.address.postTown,keeper.address.postcode"
);
for (var n = 1; n <= 1200; n++)
{
    // 1,100 with a keeper (ten of them reported stolen), 60 in a dealer's stock, 20 exported, 20 whose keeper has died.
    var state =
        n <= 1100 ? "withKeeper"
        : n <= 1160 ? "inTrade"
        : n <= 1180 ? "exported"
        : "keeperDeceased";
    var mark = $"S{Letters[n % 10]}19 {Letters[n / 24 / 24 % 24]}{Letters[n / 24 % 24]}{Letters[n % 24]}";
    var car = cars[n % cars.Length];
    var registered = new DateOnly(2019, 3, 1).AddDays(n % 170);
    var hasKeeper = state is "withKeeper" or "keeperDeceased";
    string[] cells =
    [
        mark,
        "EXAMPLE" + n.ToString("D10", CultureInfo.InvariantCulture),
        (90_000_000_000 + n).ToString(CultureInfo.InvariantCulture),
        car.Make,
        car.Model,
        colours[n % colours.Length],
        fuels[n % fuels.Length],
        car.Class,
        registered.ToString("O", CultureInfo.InvariantCulture),
        state,
        registered.AddDays(n % 200).ToString("O", CultureInfo.InvariantCulture),
        state == "inTrade" ? "org_dealer1" : "",
        n is > 1090 and <= 1100 ? "true" : "",
        (10_000 + (n * 37 % 50_000)).ToString(CultureInfo.InvariantCulture),
        hasKeeper ? "Mx" : "",
        hasKeeper ? firstNames[n % firstNames.Length] : "",
        hasKeeper ? lastNames[n % lastNames.Length] : "",
        hasKeeper ? $"{n} Example Street" : "",
        hasKeeper ? "Swansea" : "",
        hasKeeper ? "SA1 1AA" : "",
    ];
    Console.WriteLine(string.Join(',', cells));
}
