using System.Globalization;
using System.Text;

namespace Quickstart;

/// <summary>The sample register, and a file of notices made from it.</summary>
static class SampleData
{
    public static readonly string Organisations = Path.Combine(AppContext.BaseDirectory, "data", "organisations.json");
    public static readonly string Register = Path.Combine(AppContext.BaseDirectory, "data", "register.csv");

    /// <summary>
    /// A disposal to the trade for every vehicle of the register. Most are right; some are not, as in any file: a wrong
    /// document number now and then, a consent that was forgotten, and vehicles that no keeper can dispose of.
    /// </summary>
    public static MemoryStream Disposals(string onBehalfOf)
    {
        // Yesterday, so that the file is right on any day and in any time zone.
        var eventDate = TimeProvider
            .System.GetUtcNow()
            .AddDays(-1)
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var file = new StringBuilder(
            "type,clientReference,onBehalfOf,registrationNumber,documentReferenceNumber,eventDate,keeperConsent,markRightsConsent\n"
        );
        var row = 0;
        foreach (var vehicle in File.ReadLines(Register).Skip(1))
        {
            row++;
            var cells = vehicle.Split(',');
            var (mark, document) = (cells[0], cells[2]);
            if (row % 250 == 0)
                document = "1" + document[1..];
            var consent = row % 300 == 0 ? "false" : "true";
            file.Append(
                CultureInfo.InvariantCulture,
                $"disposalToTrade,QS-{row:D4},{onBehalfOf},{mark},{document},{eventDate},{consent},true\n"
            );
        }
        return new MemoryStream(Encoding.UTF8.GetBytes(file.ToString()));
    }
}
