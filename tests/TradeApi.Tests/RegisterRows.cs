using Dapper;
using TradeApi.Database;

namespace TradeApi.Tests;

/// <summary>A vehicle as the register has it, for comparison: its record, its keeperships and the document in force.</summary>
static class RegisterRows
{
    public static async Task<string> Snapshot(this Store store, string mark)
    {
        await using var connection = await store.Open();
        var vehicle = await connection.QuerySingleAsync<VehicleRow>(
            """
            select vehicle_id, registration_number, other_registration_number, state, state_since, held_by,
                   salvage_category, document_suppressed, off_road, off_road_from, last_mileage, tax_ended_on,
                   last_fleet_number, document_issued_on, document_issued_by, document_reference_number
              from vehicle
             where registration_number = @Mark
            """,
            new { Mark = mark }
        );
        var keepers = await connection.QueryAsync<KeepershipRow>(
            """
            select keepership_id, started_on, started_by, ended_on, ended_by, title, first_names, last_name, business_name,
                   fleet_number, driver_number, email, address_line1, address_line2, address_line3, post_town, postcode
              from keepership
             where vehicle_id = @VehicleId
             order by started_on, keepership_id
            """,
            vehicle
        );
        return string.Join(
            '\n',
            [vehicle.ToString(), .. keepers.Select(keeper => keeper.ToString()), vehicle.DocumentReferenceNumber]
        );
    }

    public static async Task<string> DocumentInForce(this Store store, string mark) =>
        (await store.Snapshot(mark)).Split('\n')[^1];

    sealed record VehicleRow
    {
        public Guid VehicleId { get; init; }
        public string RegistrationNumber { get; init; } = "";
        public string? OtherRegistrationNumber { get; init; }
        public string State { get; init; } = "";
        public DateOnly StateSince { get; init; }
        public string? HeldBy { get; init; }
        public string? SalvageCategory { get; init; }
        public bool DocumentSuppressed { get; init; }
        public bool OffRoad { get; init; }
        public DateOnly? OffRoadFrom { get; init; }
        public int? LastMileage { get; init; }
        public DateOnly? TaxEndedOn { get; init; }
        public string? LastFleetNumber { get; init; }
        public DateOnly? DocumentIssuedOn { get; init; }
        public Guid? DocumentIssuedBy { get; init; }
        public string DocumentReferenceNumber { get; init; } = "";
    }

    sealed record KeepershipRow
    {
        public Guid KeepershipId { get; init; }
        public DateOnly StartedOn { get; init; }
        public Guid? StartedBy { get; init; }
        public DateOnly? EndedOn { get; init; }
        public Guid? EndedBy { get; init; }
        public string? Title { get; init; }
        public string? FleetNumber { get; init; }
        public string? DriverNumber { get; init; }
        public string? Email { get; init; }
        public string? AddressLine2 { get; init; }
        public string? AddressLine3 { get; init; }
        public string? PostTown { get; init; }
        public string? FirstNames { get; init; }
        public string? LastName { get; init; }
        public string? BusinessName { get; init; }
        public string? AddressLine1 { get; init; }
        public string? Postcode { get; init; }
    }
}
