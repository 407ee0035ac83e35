using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace TradeApi.Load.Register;

/// <summary>
/// The vehicles and notices of a benchmark: made up from their number alone, so that whoever sends a notice knows the
/// proofs without asking the register, and every run has the same ones for the same seed.
/// </summary>
static class MadeUp
{
    public const string Trader = "org_trader";
    public const string OtherTrader = "org_other";

    public const string Organisations = """
        {
          "organisations": [
            { "id": "org_trader", "name": "Sample Motors", "kind": "motorTrader" },
            { "id": "org_other", "name": "Other Motors", "kind": "motorTrader" }
          ],
          "mandates": []
        }
        """;

    const string Letters = "ABCDEFGHJKLMNOPRSTUVWXY";
    const long MarksOfAnAge = 23L * 23 * 23 * 23 * 23;

    // Marks of one age are used up after 6.4 million vehicles.
    static readonly string[] Ages = ["12", "15", "17", "19", "61", "63", "66", "69", "20", "21"];
    static readonly long Marks = MarksOfAnAge * Ages.Length;

    static readonly string[] FirstNames = ["Ffion", "Chloé", "Sam Robin", "Aisha", "Rhys", "Mary Ann", "Zoë", "Tom"];
    static readonly string[] Streets =
    [
        "Example Street",
        "Heol y Parc",
        "Sample Road",
        "Station Approach",
        "Mill Lane",
    ];

    /// <summary>The mark of a vehicle. Neighbours in the register have nothing in common in their marks.</summary>
    public static string Mark(long vehicle)
    {
        // A factor that shares none with the count of marks: every vehicle has a mark of its own, scattered over all.
        var at = (long)((UInt128)(ulong)vehicle * 40_503_007UL % (ulong)Marks);
        Span<char> mark = stackalloc char[7];
        Ages[at / MarksOfAnAge].CopyTo(mark[2..]);
        at %= MarksOfAnAge;
        for (var place = 6; place >= 0; place--)
        {
            if (place is 2 or 3)
                continue;
            mark[place] = Letters[(int)(at % Letters.Length)];
            at /= Letters.Length;
        }
        return new string(mark);
    }

    public static string Vin(long vehicle) => string.Create(CultureInfo.InvariantCulture, $"SALVA2AE{vehicle:D9}");

    public static string Document(long vehicle) =>
        string.Create(CultureInfo.InvariantCulture, $"{(vehicle * 7_368_787 + 12_345_678_901) % 100_000_000_000:D11}");

    /// <summary>A UUID of version 7 whose time is the vehicle's number: new vehicles come at the right end of the index.</summary>
    public static Guid VehicleId(long vehicle) => Id(vehicle, 1);

    public static Guid KeepershipId(long vehicle) => Id(vehicle, 2);

    /// <summary>Four of ten vehicles stand in the stock of a trader; the others have a keeper.</summary>
    public static bool IsInTrade(long vehicle) => vehicle % 10 is 1 or 4 or 6 or 9;

    public static string FirstName(long vehicle) => FirstNames[vehicle % FirstNames.Length];

    public static string LastName(long vehicle) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Sample-{Letters[(int)(vehicle % 23)]}{"aeiou"[(int)(vehicle / 23 % 5)]}lls"
        );

    public static string AddressLine(long vehicle) =>
        string.Create(CultureInfo.InvariantCulture, $"{1 + vehicle % 280} {Streets[vehicle % Streets.Length]}");

    /// <summary>The vehicle that a row is about: each is named once, all over the register.</summary>
    public static long VehicleOf(long row, long vehicles) =>
        (long)((UInt128)(ulong)row * 7_919_117UL % (ulong)vehicles);

    /// <summary>
    /// What a row says: a disposal of a vehicle with a keeper, or an acquisition out of stock. Five in a hundred are made to
    /// be refused: three lack a consent, one lies in the future, and one has the wrong document; more than two of those
    /// would hold the sender up.
    /// </summary>
    public static MadeUpNotice Notice(long row, long vehicles, DateOnly today)
    {
        var vehicle = VehicleOf(row, vehicles);
        return new MadeUpNotice(
            vehicle,
            IsInTrade(vehicle),
            Mark(vehicle),
            Document(row % 100 == 93 ? vehicle + 1 : vehicle),
            row % 100 == 73 ? today.AddDays(3) : today,
            Consent: row % 100 is not (13 or 33 or 53)
        );
    }

    /// <summary>Whether a row is one of the five in a hundred that are made to be refused.</summary>
    public static bool IsRefused(long row) => row % 100 is 13 or 33 or 53 or 73 or 93;

    /// <summary>How many of the first rows are made to be refused.</summary>
    public static long Refused(long rows) =>
        rows / 100 * 5 + Enumerable.Range(0, (int)(rows % 100)).LongCount(row => IsRefused(row));

    public static string Reference(string references, long row) =>
        string.Create(CultureInfo.InvariantCulture, $"{references}-{row:D8}");

    /// <summary>The row as JSON.</summary>
    public static void WriteNotice(StringBuilder text, long row, long vehicles, DateOnly today, string references)
    {
        var notice = Notice(row, vehicles, today);
        text.Append("{\"type\":\"")
            .Append(notice.IsOutOfTrade ? "acquisitionFromTrade" : "disposalToTrade")
            .Append("\",\"clientReference\":\"")
            .Append(Reference(references, row))
            .Append("\",\"registrationNumber\":\"")
            .Append(notice.Mark)
            .Append("\",\"documentReferenceNumber\":\"")
            .Append(notice.Document)
            .Append("\",\"eventDate\":\"")
            .Append(notice.Date.ToString("O", CultureInfo.InvariantCulture))
            .Append("\",\"mileage\":")
            .Append(CultureInfo.InvariantCulture, $"{20_000 + notice.Vehicle % 90_000}")
            .Append(",\"keeperConsent\":")
            .Append(notice.Consent ? "true" : "false");
        if (notice.IsOutOfTrade)
            text.Append(",\"taxChoice\":\"none\",\"newKeeper\":{\"title\":\"Mx\",\"firstNames\":\"")
                .Append(FirstName(row))
                .Append("\",\"lastName\":\"")
                .Append(LastName(row))
                .Append("\",\"address\":{\"line1\":\"")
                .Append(AddressLine(row))
                .Append("\",\"postTown\":\"Swansea\",\"postcode\":\"SA1 1AA\"}}}");
        else
            text.Append(",\"markRightsConsent\":true}");
    }

    static Guid Id(long vehicle, byte kind)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (1_600_000_000_000L + vehicle) << 16);
        bytes[6] = (byte)(0x70 | kind);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], vehicle * 0x1E35_A7BDL);
        bytes[8] = (byte)(0x80 | bytes[8] & 0x3F);
        return new Guid(bytes, bigEndian: true);
    }
}

/// <summary>What one made-up row says of which vehicle.</summary>
readonly record struct MadeUpNotice(
    long Vehicle,
    bool IsOutOfTrade,
    string Mark,
    string Document,
    DateOnly Date,
    bool Consent
);
