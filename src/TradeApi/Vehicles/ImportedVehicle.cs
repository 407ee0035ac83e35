using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Rules.Values;

namespace TradeApi.Vehicles;

/// <summary>One line of a register file.</summary>
sealed record ImportedVehicle(Guid Id, Vehicle Vehicle, string Make, string Model, string Colour, string FuelType)
{
    /// <summary>The first day that no tax is paid for, if it is known.</summary>
    public DateOnly? TaxDueOn { get; init; }

    /// <summary>The last day of the MOT, if it is known.</summary>
    public DateOnly? MotExpiresOn { get; init; }

    /// <summary>Reads a line; answers the reason when it cannot be taken, with the column and what is wrong with it.</summary>
    public static string? Read(IReadOnlyList<Member> members, DateOnly today, out ImportedVehicle? vehicle)
    {
        vehicle = null;
        try
        {
            vehicle = new Line(members).ToVehicle(today);
            return null;
        }
        catch (LineRefused refused)
        {
            return refused.Message;
        }
    }

    /// <summary>A line by its columns. The first thing wrong ends the reading of the line.</summary>
    sealed class Line(IReadOnlyList<Member> members)
    {
        readonly Dictionary<string, string> cells = members.ToDictionary(
            member => member.Path,
            member => member.Text,
            StringComparer.Ordinal
        );

        public ImportedVehicle ToVehicle(DateOnly today)
        {
            var first = Value("dateOfFirstRegistration", LondonDate.Read);
            var state = State();
            return new ImportedVehicle(
                Guid.CreateVersion7(),
                new Vehicle
                {
                    RegistrationNumber = Value("registrationNumber", text => RegistrationNumber.Read(text, today)).Text,
                    Vin = Value("vin", text => Vin.Read(text, first)).Text,
                    DocumentReferenceNumber = Value("documentReferenceNumber", DocumentReferenceNumber.Read).Text,
                    VehicleClass = Needed("vehicleClass"),
                    DateOfFirstRegistration = first,
                    State = state,
                    StateSince = Value("stateSince", LondonDate.Read),
                    HeldBy = HeldBy(state),
                    SalvageCategory = Category(),
                    Stolen = YesNo("stolen"),
                    DocumentSuppressed = YesNo("documentSuppressed"),
                    OffRoad = YesNo("offRoad"),
                    LastMileage = Cell("lastMileage") is null ? null : Value("lastMileage", Mileage.Read).Value,
                    Keeper = state is VehicleState.WithKeeper or VehicleState.KeeperDeceased ? Keeper() : null,
                },
                Needed("make"),
                Cell("model") ?? "",
                Cell("colour") ?? "",
                Cell("fuelType") ?? ""
            )
            {
                TaxDueOn = Day("taxDueOn"),
                MotExpiresOn = Day("motExpiresOn"),
            };
        }

        VehicleState State() =>
            VehicleStates.TryRead(Needed("state"), out var state)
                ? state
                : throw new LineRefused(
                    $"state: must be one of {string.Join(", ", Enum.GetValues<VehicleState>().Select(VehicleStates.Name))}."
                );

        // Without it, any trader who has the document could sell the vehicle as from its own stock.
        string? HeldBy(VehicleState state) =>
            state is VehicleState.InTrade or VehicleState.WithInsurer ? Needed("heldBy") : null;

        char? Category() =>
            Cell("salvageCategory") switch
            {
                null => null,
                "A" or "B" or "S" or "N" => Cell("salvageCategory")![0],
                _ => throw new LineRefused("salvageCategory: must be A, B, S or N."),
            };

        // Names and addresses are taken as the old record has them: they are evidence, not a notice to be judged.
        RegisteredKeeper Keeper() =>
            Cell("keeper.lastName") is null && Cell("keeper.businessName") is null
                ? throw new LineRefused(
                    "keeper.lastName: a vehicle with a keeper needs the keeper's last name or business name."
                )
                : new RegisteredKeeper
                {
                    Title = Cell("keeper.title"),
                    FirstNames = Cell("keeper.firstNames"),
                    LastName = Cell("keeper.lastName"),
                    BusinessName = Cell("keeper.businessName"),
                    FleetNumber = Cell("keeper.fleetNumber"),
                    DriverNumber = Cell("keeper.driverNumber"),
                    Email = Cell("keeper.email"),
                    AddressLine1 = Cell("keeper.address.line1"),
                    AddressLine2 = Cell("keeper.address.line2"),
                    AddressLine3 = Cell("keeper.address.line3"),
                    PostTown = Cell("keeper.address.postTown"),
                    Postcode = Cell("keeper.address.postcode"),
                };

        DateOnly? Day(string column) => Cell(column) is null ? null : Value(column, LondonDate.Read);

        bool YesNo(string column) =>
            Cell(column) switch
            {
                null or "false" => false,
                "true" => true,
                _ => throw new LineRefused($"{column}: must be true or false."),
            };

        T Value<T>(string column, Func<string, Reading<T>> read)
            where T : struct
        {
            var reading = read(Needed(column));
            return reading.Fault is { } fault ? throw new LineRefused($"{column}: {fault.Message}") : reading.Value;
        }

        string Needed(string column) => Cell(column) ?? throw new LineRefused($"{column}: is missing.");

        string? Cell(string column)
        {
            if (cells.GetValueOrDefault(column) is not { } text)
                return null;
            return text.Any(char.IsControl)
                ? throw new LineRefused($"{column}: holds a control character, such as a line break.")
                : text;
        }
    }

    sealed class LineRefused(string reason) : Exception(reason);
}
