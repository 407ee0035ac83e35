using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Dapper;
using TradeApi.Database;

namespace TradeApi.Vehicles;

/// <summary>A place in the list of a fleet's vehicles.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct FleetPosition(string FleetNumber, Guid VehicleId)
{
    public static readonly FleetPosition Start = new("", Guid.Empty);

    public override string ToString() => $"{FleetNumber} {VehicleId:N}";
}

/// <summary>A vehicle of a fleet with its place in the list.</summary>
sealed record FleetRow(FleetPosition Position, FleetVehicle Vehicle);

/// <summary>
/// The vehicles kept under some fleet numbers, which are an organisation's own. They are read number by number in the
/// order of an index, so that a page costs the same wherever it is, and no reader holds a transaction for long.
/// </summary>
sealed class Fleet(Store store, IEnumerable<string> fleetNumbers, DateOnly today)
{
    const int PageSize = 1000;

    readonly List<string> numbers = [.. fleetNumbers.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The place that a cursor stands for. One with a fleet number of somebody else is none.</summary>
    public bool TryRead(string text, out FleetPosition position)
    {
        var parts = text.Split(' ');
        position = FleetPosition.Start;
        if (parts.Length != 2 || !numbers.Contains(parts[0]) || !Guid.TryParseExact(parts[1], "N", out var id))
            return false;
        position = new FleetPosition(parts[0], id);
        return true;
    }

    public async IAsyncEnumerable<FleetVehicle> Stream([EnumeratorCancellation] CancellationToken cancel)
    {
        var after = FleetPosition.Start;
        while (true)
        {
            var page = await Page(after, PageSize, cancel);
            foreach (var row in page)
                yield return row.Vehicle;
            if (page.Count < PageSize)
                yield break;
            after = page[^1].Position;
        }
    }

    public async Task<IReadOnlyList<FleetRow>> Page(FleetPosition after, int limit, CancellationToken cancel)
    {
        var found = new List<FleetRow>();
        await using var connection = await store.Open(cancel);
        foreach (var number in numbers.Where(number => string.CompareOrdinal(number, after.FleetNumber) >= 0))
        {
            var rows = await connection.QueryAsync<VehicleRow>(
                """
                select vehicle_id, keeper_fleet_number as fleet_number, keepership_started_on as started_on,
                       registration_number, vin, make, nullif(model, '') as model, nullif(colour, '') as colour,
                       nullif(fuel_type, '') as fuel_type, vehicle_class, date_of_first_registration, document_suppressed,
                       off_road, off_road_from, salvage_category, tax_ended_on, tax_due_on, mot_expires_on
                  from vehicle
                 where keeper_fleet_number = @Number
                   and vehicle_id > @After
                   and state = 'withKeeper'
                 order by vehicle_id
                 limit @Left
                """,
                new
                {
                    Number = number,
                    After = number == after.FleetNumber ? after.VehicleId : Guid.Empty,
                    Left = limit - found.Count,
                }
            );
            found.AddRange(rows.Select(row => row.ToFleetRow(today)));
            if (found.Count == limit)
                break;
        }
        return found;
    }

    sealed record VehicleRow
    {
        public Guid VehicleId { get; init; }
        public string FleetNumber { get; init; } = "";
        public DateOnly StartedOn { get; init; }
        public string RegistrationNumber { get; init; } = "";
        public string Vin { get; init; } = "";
        public string Make { get; init; } = "";
        public string? Model { get; init; }
        public string? Colour { get; init; }
        public string? FuelType { get; init; }
        public string VehicleClass { get; init; } = "";
        public DateOnly DateOfFirstRegistration { get; init; }
        public bool DocumentSuppressed { get; init; }
        public bool OffRoad { get; init; }
        public DateOnly? OffRoadFrom { get; init; }
        public string? SalvageCategory { get; init; }
        public DateOnly? TaxEndedOn { get; init; }
        public DateOnly? TaxDueOn { get; init; }
        public DateOnly? MotExpiresOn { get; init; }

        public FleetRow ToFleetRow(DateOnly today) =>
            new(
                new FleetPosition(FleetNumber, VehicleId),
                new FleetVehicle
                {
                    RegistrationNumber = RegistrationNumber,
                    Vin = Vin,
                    Make = Make,
                    Model = Model,
                    Colour = Colour,
                    FuelType = FuelType,
                    VehicleClass = VehicleClass,
                    DateOfFirstRegistration = DateOfFirstRegistration,
                    FleetNumber = FleetNumber,
                    KeeperSince = StartedOn,
                    DocumentIssued = !DocumentSuppressed,
                    OffRoad = OffRoad && !(OffRoadFrom > today),
                    SalvageCategory = SalvageCategory,
                    Tax = TaxAnswer.Of(OffRoad, OffRoadFrom, TaxEndedOn, TaxDueOn, today),
                    Mot = MotAnswer.Of(MotExpiresOn, today),
                }
            );
    }
}
