using System.Globalization;
using System.Text;

namespace TradeApi.Tests.Faults;

/// <summary>As many vehicles and notices as a test wants, the same ones every time.</summary>
static class MadeUpTrade
{
    const string Letters = "ABCDEFGHJKLMNOPRSTUVWXY";

    public const string Organisations = """
        {
          "organisations": [ { "id": "org_dealer", "name": "Sample Motors", "kind": "motorTrader" } ],
          "mandates": []
        }
        """;

    /// <summary>A register file; every other vehicle stands in the dealer's stock, the rest are with a keeper.</summary>
    public static string Register(int vehicles)
    {
        var text = new StringBuilder(
            "registrationNumber,vin,documentReferenceNumber,make,vehicleClass,dateOfFirstRegistration,state,stateSince,heldBy,keeper.lastName,keeper.address.line1,keeper.address.postTown,keeper.address.postcode\n"
        );
        for (var i = 0; i < vehicles; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Mark(i)},{Vin(i)},{Document(i)},FORD,car,2012-03-01,");
            text.Append(
                IsInTrade(i)
                    ? "inTrade,2020-01-01,org_dealer,,,,\n"
                    : "withKeeper,2020-01-01,,Sample,1 Example Street,Swansea,SA1 1AA\n"
            );
        }
        return text.ToString();
    }

    /// <summary>A file with one notice a vehicle: a disposal, or an acquisition from stock. Every hundredth has a wrong document: more than 2 % would hold the dealer up.</summary>
    public static byte[] Notices(int rows)
    {
        var today = Rules
            .Values.LondonDate.Of(TimeProvider.System.GetUtcNow())
            .ToString("O", CultureInfo.InvariantCulture);
        var text = new StringBuilder();
        for (var i = 0; i < rows; i++)
        {
            var document = i % 100 == 99 ? Document(i + 1) : Document(i);
            var common =
                $"\"clientReference\":\"MADE-{i}\",\"registrationNumber\":\"{Mark(i)}\",\"documentReferenceNumber\":\"{document}\",\"eventDate\":\"{today}\",\"keeperConsent\":true";
            text.Append(
                IsInTrade(i)
                    ? $$$"""{"type":"acquisitionFromTrade",{{{common}}},"newKeeper":{"title":"Ms","firstNames":"Ffion","lastName":"Sample","address":{"line1":"1 Heol y Parc","postTown":"Swansea","postcode":"SA1 1AA"}},"taxChoice":"none"}"""
                    : $$"""{"type":"disposalToTrade",{{common}},"markRightsConsent":true}"""
            );
            text.Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>How many of the rows are accepted.</summary>
    public static int Accepted(int rows) => rows - rows / 100;

    static bool IsInTrade(int i) => i % 2 == 1;

    // Two letters, an age of 2012, three letters: 23^5 marks.
    internal static string Mark(int i)
    {
        Span<char> mark = stackalloc char[7];
        for (var at = 6; at >= 0; at--)
        {
            if (at is 2 or 3)
                continue;
            mark[at] = Letters[i % Letters.Length];
            i /= Letters.Length;
        }
        "12".CopyTo(mark[2..]);
        return new string(mark);
    }

    internal static string Vin(int i) => string.Create(CultureInfo.InvariantCulture, $"SALVA2AE{i:D9}");

    internal static string Document(int i) => string.Create(CultureInfo.InvariantCulture, $"7{i:D10}");
}
