using TradeApi.Database;
using TradeApi.Register;
using TradeApi.Rules;

namespace TradeApi.Vehicles;

/// <summary>
/// What a register file says of one vehicle. A new column is added in this file and in <see cref="RegisterLine"/>: from
/// the lists here follow what is inserted, what is compared with the record that is there, and what is brought up to it.
/// </summary>
sealed record ImportedVehicle(Vehicle Vehicle, string Make, string Model, string Colour, string FuelType)
{
    /// <summary>The columns of a CSV file, and the paths of the members of an NDJSON file.</summary>
    public static readonly string[] Columns =
    [
        "registrationNumber",
        "otherRegistrationNumber",
        "vin",
        "documentReferenceNumber",
        "make",
        "model",
        "colour",
        "fuelType",
        "vehicleClass",
        "dateOfFirstRegistration",
        "state",
        "stateSince",
        "heldBy",
        "salvageCategory",
        "stolen",
        "documentSuppressed",
        "offRoad",
        "lastMileage",
        "taxDueOn",
        "motExpiresOn",
        "keeper.title",
        "keeper.firstNames",
        "keeper.lastName",
        "keeper.businessName",
        "keeper.fleetNumber",
        "keeper.driverNumber",
        "keeper.email",
        "keeper.address.line1",
        "keeper.address.line2",
        "keeper.address.line3",
        "keeper.address.postTown",
        "keeper.address.postcode",
    ];

    /// <summary>
    /// What stands in the vehicle's row. The file says since when the state has held, which is when a keeper began.
    /// </summary>
    public static readonly Column<ImportedVehicle>[] OfVehicle =
    [
        Column<ImportedVehicle>.Of("other_registration_number", row => row.Vehicle.OtherRegistrationNumber),
        Column<ImportedVehicle>.Of("last_fleet_number", row => row.Vehicle.LastFleetNumber),
        Column<ImportedVehicle>.Of("vin", row => row.Vehicle.Vin),
        Column<ImportedVehicle>.Of("document_reference_number", row => row.Vehicle.DocumentReferenceNumber),
        Column<ImportedVehicle>.Of("make", row => row.Make),
        Column<ImportedVehicle>.Of("model", row => row.Model),
        Column<ImportedVehicle>.Of("colour", row => row.Colour),
        Column<ImportedVehicle>.Of("fuel_type", row => row.FuelType),
        Column<ImportedVehicle>.Of("vehicle_class", row => row.Vehicle.VehicleClass),
        Column<ImportedVehicle>.Of<DateOnly>("date_of_first_registration", row => row.Vehicle.DateOfFirstRegistration),
        Column<ImportedVehicle>.Of("state", row => VehicleStates.Name(row.Vehicle.State)),
        Column<ImportedVehicle>.Of<DateOnly>("state_since", row => row.Vehicle.StateSince),
        Column<ImportedVehicle>.Of("held_by", row => row.Vehicle.HeldBy),
        Column<ImportedVehicle>.Of("salvage_category", row => row.Vehicle.SalvageCategory?.ToString()),
        Column<ImportedVehicle>.Of<bool>("stolen", row => row.Vehicle.Stolen),
        Column<ImportedVehicle>.Of<bool>("document_suppressed", row => row.Vehicle.DocumentSuppressed),
        Column<ImportedVehicle>.Of<bool>("off_road", row => row.Vehicle.OffRoad),
        Column<ImportedVehicle>.Of("last_mileage", row => row.Vehicle.LastMileage),
        Column<ImportedVehicle>.Of("tax_due_on", row => row.TaxDueOn),
        Column<ImportedVehicle>.Of("mot_expires_on", row => row.MotExpiresOn),
        Column<ImportedVehicle>.Of(
            "keepership_started_on",
            row => row.Vehicle.Keeper is null ? null : (DateOnly?)row.Vehicle.StateSince
        ),
        Column<ImportedVehicle>.Of<Guid>("keepership_started_by", _ => null),
        .. RegisterSave.KeeperColumns<ImportedVehicle>(row => row.Vehicle.Keeper, "keeper_"),
    ];

    /// <summary>The first day that no tax is paid for, if it is known.</summary>
    public DateOnly? TaxDueOn { get; init; }

    /// <summary>The last day of the MOT, if it is known.</summary>
    public DateOnly? MotExpiresOn { get; init; }

    /// <summary>The vehicle's id: a new one, until it is found to be there with another.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>The id of the keepership in force: a new one.</summary>
    public Guid? KeepershipId { get; } = Vehicle.Keeper is null ? null : Guid.CreateVersion7();

    public string Mark => Vehicle.RegistrationNumber;
}
