using System.Globalization;

namespace ScrapYard;

/// <summary>The yard's day: here, ten vehicles of the sample register.</summary>
static class DayBook
{
    const string Permit = "EXAMPLE65001";

    public static async Task Write(string path, DateOnly today)
    {
        var date = today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var vehicles = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", "register.csv"))
            .Skip(1)
            .Select(line => line.Split(','))
            .Where(cells => cells[9] == "withKeeper")
            .Skip(500)
            .Take(10);

        await using var file = File.CreateText(path);
        await file.WriteLineAsync("type,clientReference,registrationNumber,vin,permitNumber,eventDate");
        foreach (var (number, cells) in vehicles.Index())
        {
            // Cars and light vans get a certificate; for motorcycles a notification is what the law has. The last row
            // mixes them up, and is refused.
            var certificate = cells[7] is "car" or "lightVan";
            var type = certificate != (number == 9) ? "certificateOfDestruction" : "notificationOfDestruction";
            await file.WriteLineAsync($"{type},YARD-{date}-{number + 1},{cells[0]},{cells[1]},{Permit},{date}");
        }
    }
}
