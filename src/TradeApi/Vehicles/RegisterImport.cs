using Dapper;
using TradeApi.Database;
using TradeApi.Organisations;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Submissions.Reading;

namespace TradeApi.Vehicles;

/// <summary>
/// Takes the records of a register in from a CSV file. A vehicle whose mark is there already is left as it is, so a
/// repeat, or going on after a stop, does no harm. A line that cannot be taken is reported and passed over.
/// </summary>
sealed class RegisterImport(Store store, TimeProvider clock)
{
    const int RowsTogether = 2000;

    static readonly string[] Columns =
    [
        "registrationNumber",
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

    public async Task<ImportReport> Run(Stream file, CancellationToken cancel)
    {
        var report = new ImportReport();
        var reader = new CsvRowReader(
            Columns,
            new ReadLimits(Rows: int.MaxValue, Bytes: long.MaxValue, RowBytes: 1024 * 1024, RowsInOtherEncodings: true)
        );
        var members = new List<Member>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var today = LondonDate.Of(clock.Now());
        var vehicles = new List<ImportedVehicle>(RowsTogether);
        try
        {
            await foreach (var batch in reader.Read(file, cancel))
            {
                foreach (var row in batch)
                {
                    var fault = row.Fault ?? CsvRow.Read(row.Bytes.Span, reader.Header!, members);
                    ImportedVehicle? vehicle = null;
                    var reason = fault?.Message ?? ImportedVehicle.Read(members, today, out vehicle);
                    if (vehicle is not null && !seen.Add(vehicle.Vehicle.RegistrationNumber))
                        reason = "registrationNumber: the mark stands in an earlier line of this file, which counts.";
                    if (reason is not null)
                        report.Refuse($"line {row.Line}: {reason}");
                    else
                        vehicles.Add(vehicle!);
                }
                if (vehicles.Count >= RowsTogether)
                    await Save(vehicles, report, cancel);
            }
            await Save(vehicles, report, cancel);
        }
        catch (FileRefused refused)
        {
            await Save(vehicles, report, cancel);
            report.Refuse($"line {refused.Line ?? 1}: {refused.Message} Nothing from here on was read.");
        }
        return report;
    }

    async Task Save(List<ImportedVehicle> vehicles, ImportReport report, CancellationToken cancel)
    {
        await using var transaction = await store.Begin(cancel);
        var present = (
            await transaction.Connection.QueryAsync<string>(
                $"""
                select registration_number
                  from vehicle
                 where registration_number {store.AnyOf("@Marks")}
                """,
                new { Marks = store.List(vehicles.Select(vehicle => vehicle.Vehicle.RegistrationNumber)) },
                transaction.Inner
            )
        ).ToHashSet(StringComparer.Ordinal);
        var added = vehicles.Where(vehicle => !present.Contains(vehicle.Vehicle.RegistrationNumber)).ToList();

        await Bulk.Insert(transaction, "vehicle", added, VehicleColumns, cancel);
        await Bulk.Insert(
            transaction,
            "document",
            added.ConvertAll(vehicle => new DocumentRecord
            {
                VehicleId = vehicle.Id,
                DocumentReferenceNumber = vehicle.Vehicle.DocumentReferenceNumber,
            }),
            RegisterSave.DocumentColumns,
            cancel
        );
        await Bulk.Insert(
            transaction,
            "keepership",
            added
                .Where(vehicle => vehicle.Vehicle.Keeper is not null)
                .Select(vehicle => new KeepershipRecord
                {
                    KeepershipId = Guid.CreateVersion7(clock.Now()),
                    VehicleId = vehicle.Id,
                    Keeper = vehicle.Vehicle.Keeper!,
                    StartedOn = vehicle.Vehicle.StateSince,
                })
                .ToList(),
            RegisterSave.KeepershipColumns,
            cancel
        );
        await transaction.Commit(cancel);
        report.Loaded += added.Count;
        report.AlreadyThere += vehicles.Count - added.Count;
        vehicles.Clear();
    }

    static readonly Column<ImportedVehicle>[] VehicleColumns =
    [
        Column<ImportedVehicle>.Of<Guid>("vehicle_id", row => row.Id),
        Column<ImportedVehicle>.Of("registration_number", row => row.Vehicle.RegistrationNumber),
        Column<ImportedVehicle>.Of("vin", row => row.Vehicle.Vin),
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
        Column<ImportedVehicle>.Of<bool>("dispute_open", row => row.Vehicle.DisputeOpen),
        Column<ImportedVehicle>.Of<bool>("document_suppressed", row => row.Vehicle.DocumentSuppressed),
        Column<ImportedVehicle>.Of<bool>("off_road", row => row.Vehicle.OffRoad),
        Column<ImportedVehicle>.Of("last_mileage", row => row.Vehicle.LastMileage),
        Column<ImportedVehicle>.Of("tax_due_on", row => row.TaxDueOn),
        Column<ImportedVehicle>.Of("mot_expires_on", row => row.MotExpiresOn),
    ];
}
