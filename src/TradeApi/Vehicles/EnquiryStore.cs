using Dapper;
using TradeApi.Database;
using TradeApi.Rules.Values;

namespace TradeApi.Vehicles;

/// <summary>A vehicle as everybody in the trade may see it.</summary>
sealed record EnquiredVehicle
{
    public string RegistrationNumber { get; init; } = "";
    public string Make { get; init; } = "";
    public string? Colour { get; init; }
    public string? FuelType { get; init; }
    public DateOnly DateOfFirstRegistration { get; init; }
    public string State { get; init; } = "";
    public string? SalvageCategory { get; init; }
    public bool OffRoad { get; init; }
    public DateOnly? OffRoadFrom { get; init; }
    public DateOnly? TaxEndedOn { get; init; }
    public DateOnly? TaxDueOn { get; init; }
    public DateOnly? MotExpiresOn { get; init; }
}

static class EnquiryStore
{
    // A vehicle belongs to no partner. What is not to be told is not read.
    public static async Task<EnquiredVehicle?> Find(Store store, RegistrationNumber mark, CancellationToken cancel)
    {
        await using var connection = await store.Open(cancel);
        return await connection.QuerySingleOrDefaultAsync<EnquiredVehicle>(
            """
            select v.registration_number, v.make, nullif(v.colour, '') as colour, nullif(v.fuel_type, '') as fuel_type,
                   v.date_of_first_registration, v.state, v.salvage_category, v.off_road, v.off_road_from, v.tax_ended_on, v.tax_due_on,
                   v.mot_expires_on
              from vehicle v
             where v.registration_number = @Mark
            """,
            new { Mark = mark.Text }
        );
    }
}
