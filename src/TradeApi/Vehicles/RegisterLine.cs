using System.Collections.Frozen;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Rules.Values;

namespace TradeApi.Vehicles;

/// <summary>
/// Why a line of a register file was not taken. The code is <c>column.what</c>, or <c>row.what</c> where the line as a
/// whole cannot be read; codes do not change, since an operator's own counts of them run over months.
/// </summary>
sealed record Refusal(string Code, string Message)
{
    public override string ToString() => $"{Code}: {Message}";
}

/// <summary>
/// Reads the lines of a register file, one after the other. Names, addresses and dates are taken as the old record has
/// them: they are evidence, not a notice to be judged. What a notice or a rule could never work with is refused; the rest
/// is noted as <see cref="Doubts"/>.
/// </summary>
sealed class RegisterLine(DateOnly today)
{
    static readonly FrozenSet<string> Known = ImportedVehicle.Columns.ToFrozenSet(StringComparer.Ordinal);

    readonly Dictionary<string, Member> cells = new(StringComparer.Ordinal);

    /// <summary>What is doubtful about the line that was read last, whether it can be taken or not.</summary>
    public Doubts Doubts { get; private set; }

    /// <summary>Answers the vehicle, or the first thing for which the line cannot be taken.</summary>
    public Refusal? Read(IReadOnlyList<Member> members, out ImportedVehicle? vehicle)
    {
        vehicle = null;
        Doubts = Doubts.None;
        cells.Clear();
        try
        {
            foreach (var member in members)
                Take(member);
            Doubts = Doubtful();
            vehicle = ToVehicle();
            return null;
        }
        catch (LineRefused refused)
        {
            return refused.Refusal;
        }
    }

    /// <summary>Whether a column or member is passed over: one of the sender's own, or one that a file of refused lines has.</summary>
    public static bool IsPassedOver(string path) =>
        path is "reason" or "rowNumber" or "findings" || path.StartsWith("x-", StringComparison.OrdinalIgnoreCase);

    void Take(Member member)
    {
        var (path, kind, text) = member;
        if (IsPassedOver(path) || (kind == MemberKind.Other && path is "keeper" or "keeper.address"))
            return;
        // A column of a CSV file that nobody knows refuses the file; of NDJSON every line may have members of its own.
        if (!Known.Contains(path))
            throw new LineRefused("row.unknown-member", "A member has a name that no column has.");
        if (text.Length > 0 || kind is MemberKind.List or MemberKind.Other)
            cells[path] = member;
    }

    ImportedVehicle ToVehicle()
    {
        var first = Value("dateOfFirstRegistration", LondonDate.Read);
        var state = State();
        return new ImportedVehicle(
            new Vehicle
            {
                RegistrationNumber = Value("registrationNumber", text => RegistrationNumber.Read(text, today)).Text,
                OtherRegistrationNumber = OtherMark(),
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
                LastMileage = Mileage(),
                Keeper = HasKeeper(state) ? Keeper() : null,
                // Of a vehicle without a keeper the file may still say which fleet kept it last.
                LastFleetNumber = HasKeeper(state) ? null : Cell("keeper.fleetNumber"),
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

    static bool HasKeeper(VehicleState state) => state is VehicleState.WithKeeper or VehicleState.KeeperDeceased;

    VehicleState State() =>
        VehicleStates.TryRead(Needed("state"), out var state)
            ? state
            : throw new LineRefused(
                "state.value",
                $"It must be one of {string.Join(", ", Enum.GetValues<VehicleState>().Select(VehicleStates.Name))}."
            );

    // Without it, any trader who has the document could sell the vehicle as from its own stock.
    string? HeldBy(VehicleState state) =>
        state is VehicleState.InTrade or VehicleState.WithInsurer ? Needed("heldBy") : null;

    char? Category() =>
        Cell("salvageCategory") switch
        {
            null => null,
            [('A' or 'B' or 'S' or 'N') and var category] => category,
            _ => throw new LineRefused("salvageCategory.value", "It must be A, B, S or N."),
        };

    int? Mileage() =>
        Cell("lastMileage", MemberKind.Number) is null
            ? null
            : Value("lastMileage", Rules.Values.Mileage.Read, MemberKind.Number).Value;

    RegisteredKeeper Keeper() =>
        Cell("keeper.lastName") is null && Cell("keeper.businessName") is null
            ? throw new LineRefused(
                "keeper.lastName.missing",
                "A vehicle with a keeper needs the keeper's last name or business name."
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

    string? OtherMark() =>
        Cell("otherRegistrationNumber") is null
            ? null
            : Value("otherRegistrationNumber", text => RegistrationNumber.Read(text, today)).Text;

    DateOnly? Day(string column) => Cell(column) is null ? null : Value(column, LondonDate.Read);

    bool YesNo(string column) =>
        Cell(column, MemberKind.Boolean) switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw new LineRefused($"{column}.value", "It must be true or false."),
        };

    T Value<T>(string column, Func<string, Reading<T>> read, MemberKind also = MemberKind.Text)
        where T : struct
    {
        var reading = read(Needed(column, also));
        return reading.Fault is { } fault
            ? throw new LineRefused($"{column}.{fault.Code[(fault.Code.LastIndexOf('.') + 1)..]}", fault.Message)
            : reading.Value;
    }

    string Needed(string column, MemberKind also = MemberKind.Text) =>
        Cell(column, also) ?? throw new LineRefused($"{column}.missing", "It is missing.");

    // A JSON number loses the zeros that a document number starts with, so only a mileage may be one.
    string? Cell(string column, MemberKind also = MemberKind.Text)
    {
        if (!cells.TryGetValue(column, out var cell))
            return null;
        if (cell.Kind is not (MemberKind.Cell or MemberKind.Text) && cell.Kind != also)
            throw new LineRefused($"{column}.type", "It is of another JSON type than this member has.");
        return cell.Text.Any(char.IsControl)
            ? throw new LineRefused(
                $"{column}.control-character",
                "It holds a control character, such as a line break."
            )
            : cell.Text;
    }

    // Looked at apart from the reading, so that a line which is refused for one thing is counted for the others, too.
    Doubts Doubtful()
    {
        var found = Doubts.None;
        if (Raw("registrationNumber") is { } mark && RegistrationNumber.Read(mark, today).Fault is not null)
            found |= Doubts.ImpossibleMark;
        if (
            Raw("state") is { } name
            && VehicleStates.TryRead(name, out var state)
            && HasKeeper(state)
            && (
                Raw("keeper.address.line1") is null
                || (Raw("keeper.address.postTown") is null && Raw("keeper.address.postcode") is null)
            )
        )
            found |= Doubts.KeeperWithoutAddress;
        var (first, since) = (Date("dateOfFirstRegistration"), Date("stateSince"));
        if (since < first)
            found |= Doubts.DatesOutOfOrder;
        if (first > today || since > today)
            found |= Doubts.DateInFuture;
        return found;
    }

    DateOnly? Date(string column) =>
        Raw(column) is { } text && LondonDate.Read(text) is { Fault: null } date ? date.Value : null;

    string? Raw(string column) => cells.TryGetValue(column, out var cell) ? cell.Text : null;

    sealed class LineRefused(string code, string message) : Exception(message)
    {
        public Refusal Refusal => new(code, Message);
    }
}
