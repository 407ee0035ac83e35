using System.Globalization;
using System.Runtime.CompilerServices;
using TradeApi.Rules;

namespace TradeApi.Register;

/// <summary>
/// What a notice has changed on a vehicle's record, as it was before, one fact a line: enough to take the notice back.
/// Persons stand in keeperships only, and are restored from there.
/// </summary>
static class RecordBefore
{
    static readonly Fact[] Facts =
    [
        new(
            "registrationNumber",
            vehicle => vehicle.RegistrationNumber,
            (vehicle, text) => vehicle with { RegistrationNumber = text! }
        ),
        new(
            "otherRegistrationNumber",
            vehicle => vehicle.OtherRegistrationNumber,
            (vehicle, text) => vehicle with { OtherRegistrationNumber = text }
        ),
        new(
            "state",
            vehicle => VehicleStates.Name(vehicle.State),
            (vehicle, text) => vehicle with { State = VehicleStates.Read(text!) }
        ),
        new(
            "stateSince",
            vehicle => Text(vehicle.StateSince),
            (vehicle, text) => vehicle with { StateSince = Day(text)!.Value }
        ),
        new("heldBy", vehicle => vehicle.HeldBy, (vehicle, text) => vehicle with { HeldBy = text }),
        new(
            "salvageCategory",
            vehicle => vehicle.SalvageCategory?.ToString(),
            (vehicle, text) => vehicle with { SalvageCategory = text?[0] }
        ),
        new(
            "documentSuppressed",
            vehicle => vehicle.DocumentSuppressed ? "true" : null,
            (vehicle, text) => vehicle with { DocumentSuppressed = text is not null }
        ),
        new(
            "offRoad",
            vehicle => vehicle.OffRoad ? "true" : null,
            (vehicle, text) => vehicle with { OffRoad = text is not null }
        ),
        new(
            "offRoadFrom",
            vehicle => Text(vehicle.OffRoadFrom),
            (vehicle, text) => vehicle with { OffRoadFrom = Day(text) }
        ),
        new(
            LastMileage,
            vehicle => vehicle.LastMileage?.ToString(CultureInfo.InvariantCulture),
            (vehicle, text) =>
                vehicle with
                {
                    LastMileage = text is null ? null : int.Parse(text, CultureInfo.InvariantCulture),
                }
        ),
        new(
            "taxEndedOn",
            vehicle => Text(vehicle.TaxEndedOn),
            (vehicle, text) => vehicle with { TaxEndedOn = Day(text) }
        ),
        new("taxDueOn", vehicle => Text(vehicle.TaxDueOn), (vehicle, text) => vehicle with { TaxDueOn = Day(text) }),
        new(
            "lastFleetNumber",
            vehicle => vehicle.LastFleetNumber,
            (vehicle, text) => vehicle with { LastFleetNumber = text }
        ),
    ];

    const string LastMileage = "lastMileage";

    /// <summary>
    /// The facts that differ, as they were; empty when none does. The last mileage stands there whenever the notice had
    /// one, also when it was the same.
    /// </summary>
    public static string Write(Vehicle before, Vehicle after, bool withMileage)
    {
        const int MostlyEnough = 512;
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[MostlyEnough]);
        foreach (var fact in Facts)
        {
            var was = fact.Get(before);
            if (was == fact.Get(after) && !(withMileage && fact.Name == LastMileage))
                continue;
            text.AppendLiteral(fact.Name);
            text.AppendLiteral("=");
            text.AppendLiteral(was ?? "");
            text.AppendLiteral("\n");
        }
        return text.ToStringAndClear();
    }

    /// <summary>The record as it was, made from the record as it is.</summary>
    public static Vehicle Restore(string? text, Vehicle vehicle)
    {
        foreach (var (name, value) in Lines(text))
            vehicle = Array.Find(Facts, fact => fact.Name == name)!.Set(vehicle, value);
        return vehicle;
    }

    /// <summary>Whether the notice had a mileage, so that what was before it stands there; null when there was none before.</summary>
    public static bool HasMileage(string text, out string? before)
    {
        var line = Lines(text).FirstOrDefault(line => line.Name == LastMileage);
        before = line.Value;
        return line.Name is not null;
    }

    /// <summary>The same facts with another mileage before.</summary>
    public static string WithMileage(string text, string? before) =>
        string.Concat(Lines(text).Where(line => line.Name != LastMileage).Select(line => $"{line.Name}={line.Value}\n"))
        + $"{LastMileage}={before}\n";

    /// <summary>Who held the vehicle before, when the notice has changed that.</summary>
    public static string? HolderIn(string? text) => Lines(text).FirstOrDefault(line => line.Name == "heldBy").Value;

    static IEnumerable<(string Name, string? Value)> Lines(string? text) =>
        (text ?? "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .Select(parts => (parts[0], parts[1].Length == 0 ? null : parts[1]));

    static string? Text(DateOnly? day) => day?.ToString("O", CultureInfo.InvariantCulture);

    static DateOnly? Day(string? text) =>
        text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    sealed record Fact(string Name, Func<Vehicle, string?> Get, Func<Vehicle, string?, Vehicle> Set);
}
