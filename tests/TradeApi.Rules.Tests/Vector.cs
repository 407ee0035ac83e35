using System.Globalization;
using System.Text.Json;

namespace TradeApi.Rules.Tests;

/// <summary>One row of a vectors file: a case, and what must become of it.</summary>
sealed class Vector
{
    const string Sender = "org_self";
    const string Other = "org_other";

    static readonly DateTimeOffset LockEnd = new(2026, 11, 25, 12, 10, 0, 1, TimeSpan.Zero);
    static readonly string[] OfTheRow = ["case", "today", "sender", "actingFor", "mandate"];
    static readonly string[] OfHistory = ["earlier", "alreadyRecorded", "locked", "certificate", "newMarkTaken"];
    static readonly string[] OfTheVerdict = ["expect", "codes", "suggestion"];
    static readonly string[] Afterwards = ["after.state", "after.heldBy", "after.category", "after.marks"];

    static readonly string[] OfTheVehicle =
    [
        "vehicle.state",
        "vehicle.since",
        "vehicle.heldBy",
        "vehicle.class",
        "vehicle.category",
        "vehicle.marks",
        "vehicle.documentReferenceNumber",
        "vehicle.vin",
        "vehicle.firstRegistered",
        "vehicle.fleetNumber",
        "vehicle.mileage",
        "vehicle.otherMark",
    ];

    readonly Dictionary<string, string> cells;
    readonly EventType type;

    public Vector(EventType type, string place, Dictionary<string, string> cells)
    {
        this.type = type;
        this.cells = cells;
        Place = place;
        if (cells.Keys.Where(name => name.StartsWith("vehicle.", StringComparison.Ordinal)).Except(OfTheVehicle).Any())
            throw new FormatException($"{place}: a vehicle column that tests/vectors/README.md does not name.");
        Today = Date("today");
        Change = KeeperChange.Read(Members, Today);
    }

    public string Place { get; }

    public string Sentence => Cell("case");

    public Outcome Expected => Word<Outcome>("expect");

    public IReadOnlyList<string> Codes => Words("codes");

    public string? Suggestion => Optional("suggestion");

    /// <summary>What the row says of the record once the notice is accepted, by column.</summary>
    public IEnumerable<KeyValuePair<string, string>> After =>
        Afterwards.Where(column => Cell(column) != "-").Select(column => KeyValuePair.Create(column, Cell(column)));

    public DateOnly Today { get; }

    public KeeperChange Change { get; }

    /// <summary>The members of the notice, in the JSON kinds in which the row has them.</summary>
    public IReadOnlyList<Member> Members =>
        [
            .. cells
                .Keys.Except([.. OfTheRow, .. OfHistory, .. OfTheVerdict, .. OfTheVehicle, .. Afterwards])
                .SelectMany(path => Member(path, cells[path])),
        ];

    public Case Case => CaseOf(Change);

    /// <summary>The plain, accepted case of a type.</summary>
    public static Vector Plain(string type) => VectorFile.All.Single(file => file.Type.Name == type).Vectors[0];

    /// <summary>The same case with other cells.</summary>
    public Vector With(params IEnumerable<(string Column, string Cell)> changes)
    {
        var changed = new Dictionary<string, string>(cells, StringComparer.Ordinal);
        foreach (var (column, cell) in changes)
            changed[column] = cell;
        return new Vector(type, Place, changed);
    }

    /// <summary>The case with the notice read anew, from members in another order or of other kinds.</summary>
    public Case CaseWith(IReadOnlyList<Member> members) => CaseOf(KeeperChange.Read(members, Today));

    Case CaseOf(KeeperChange change)
    {
        var sender = Organisations.Of(Sender, Word<OrganisationKind>("sender"));
        var other = Optional("actingFor") is null ? null : Organisations.Of(Other, Word<OrganisationKind>("actingFor"));
        var actingFor = change.OnBehalfOf is { } id && id != Sender ? other : sender;
        return new Case
        {
            Change = change,
            Today = Today,
            Sender = sender,
            ActingFor = actingFor,
            Mandates = [.. Words("mandate").Where(_ => actingFor == other && other is not null).Select(Mandate)],
            NamedOrganisation = Organisations.Find(change.ToOrganisation ?? change.TradeOrganisation, sender, other),
            Earlier = Optional("earlier") is { } earlier ? new EarlierNotice(earlier == "same") : null,
            Vehicle = Optional("vehicle.state") is null ? null : Vehicle(actingFor),
            Certificate = Optional("certificate") is { } word ? Certificate(word, change) : null,
            NewMarkIsTaken = Cell("newMarkTaken") == "yes",
            SpareMark = "AA18AAA",
            LockedUntil = Cell("locked") == "yes" ? LockEnd : null,
            AlreadyRecorded = Cell("alreadyRecorded") == "yes",
        };
    }

    // The certificate is for the mark that is put on or, where none is, for the one that is taken off.
    MarkCertificate Certificate(string word, KeeperChange change)
    {
        var mark = (change.NewRegistrationNumber ?? change.RegistrationNumber)?.Text ?? "";
        return word switch
        {
            "right" => new MarkCertificate(mark, Today.AddYears(1), Used: false),
            "ends-today" => new MarkCertificate(mark, Today, Used: false),
            "expired" => new MarkCertificate(mark, Today.AddDays(-1), Used: false),
            "used" => new MarkCertificate(mark, Today.AddYears(1), Used: true),
            "other-mark" => new MarkCertificate("ZZZ9999", Today.AddYears(1), Used: false),
            _ => throw new FormatException($"{Place}: {word} is no certificate that tests/vectors/README.md names."),
        };
    }

    /// <summary>What the record is once the notice is accepted, in the words of a column.</summary>
    public string InWords(Vehicle after, string column) =>
        column switch
        {
            "after.state" => after.State.ToString(),
            "after.heldBy" when after.HeldBy == Case.ActingFor!.Id => "self",
            "after.heldBy" when after.HeldBy == Organisations.AnotherHolder => "another",
            "after.heldBy" => after.HeldBy ?? "none",
            "after.category" => after.SalvageCategory?.ToString() ?? "none",
            "after.marks" => (after.DocumentSuppressed, after.OffRoad) switch
            {
                (true, true) => "suppressed offRoad",
                (true, false) => "suppressed",
                (false, true) => "offRoad",
                _ => "none",
            },
            _ => throw new FormatException($"{Place}: {column} is no column that tests/vectors/README.md names."),
        };

    Vehicle Vehicle(Organisation? actingFor)
    {
        var state = Word<VehicleState>("vehicle.state");
        var hasKeeper = state is VehicleState.WithKeeper or VehicleState.KeeperDeceased;
        var marks = Words("vehicle.marks");
        return new Vehicle
        {
            RegistrationNumber = Change.RegistrationNumber?.Text ?? "AB12CDE",
            OtherRegistrationNumber = Optional("vehicle.otherMark"),
            Vin = Cell("vehicle.vin"),
            DocumentReferenceNumber = Cell("vehicle.documentReferenceNumber"),
            VehicleClass = Cell("vehicle.class"),
            DateOfFirstRegistration = Date("vehicle.firstRegistered"),
            State = state,
            StateSince = Date("vehicle.since"),
            HeldBy = Optional("vehicle.heldBy") switch
            {
                null => null,
                "self" => actingFor?.Id,
                _ => Organisations.AnotherHolder,
            },
            SalvageCategory = Optional("vehicle.category")?[0],
            Stolen = marks.Contains("stolen"),
            DisputeOpen = marks.Contains("dispute"),
            UnderGuard = marks.Contains("guard"),
            DocumentSuppressed = marks.Contains("suppressed"),
            OffRoad = marks.Contains("offRoad"),
            LastMileage = Optional("vehicle.mileage") is { } mileage
                ? int.Parse(mileage, CultureInfo.InvariantCulture)
                : null,
            Keeper = hasKeeper
                ? new RegisteredKeeper
                {
                    BusinessName = "Sample Hire Ltd",
                    AddressLine1 = "1 Heol y Parc",
                    PostTown = "Swansea",
                    Postcode = "SA1 1AA",
                    FleetNumber = Optional("vehicle.fleetNumber"),
                }
                : null,
            LastFleetNumber = hasKeeper ? null : Optional("vehicle.fleetNumber"),
        };
    }

    Mandate Mandate(string word) =>
        word switch
        {
            "active" => new Mandate(Other, Sender, [type.Name], Active: true),
            "ended" => new Mandate(Other, Sender, [type.Name], Active: true, EndsOn: Today.AddDays(-1)),
            "ends-today" => new Mandate(Other, Sender, [type.Name], Active: true, EndsOn: Today),
            "starts-today" => new Mandate(Other, Sender, [type.Name], Active: true, StartsOn: Today),
            "starts-tomorrow" => new Mandate(Other, Sender, [type.Name], Active: true, StartsOn: Today.AddDays(1)),
            "inactive" => new Mandate(Other, Sender, [type.Name], Active: false),
            "other-type" => new Mandate(
                Other,
                Sender,
                [.. EventTypes.All.Where(other => other != type).Select(other => other.Name)],
                Active: true
            ),
            _ => throw new FormatException($"{Place}: {word} is no mandate that tests/vectors/README.md names."),
        };

    static Member[] Member(string path, string cell)
    {
        if (cell.StartsWith('='))
            return OfLiteral(path, cell[1..]);
        if (cell is "" or "-")
            return [];
        var kind = EventTypes.Members.FirstOrDefault(field => field.Path == path)?.Kind switch
        {
            FieldKind.Number => MemberKind.Number,
            FieldKind.YesNo => MemberKind.Boolean,
            FieldKind.List => MemberKind.List,
            _ => MemberKind.Text,
        };
        return [new Member(path, kind, cell)];
    }

    static Member[] OfLiteral(string path, string literal)
    {
        using var json = JsonDocument.Parse(literal);
        var value = json.RootElement;
        return value.ValueKind switch
        {
            JsonValueKind.Null => [],
            JsonValueKind.String => [new Member(path, MemberKind.Text, value.GetString()!)],
            JsonValueKind.Number => [new Member(path, MemberKind.Number, literal)],
            JsonValueKind.True or JsonValueKind.False => [new Member(path, MemberKind.Boolean, literal)],
            JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [
                new Member(
                    path,
                    MemberKind.List,
                    string.Join(' ', value.EnumerateArray().Select(item => item.GetString()))
                ),
            ],
            _ => [new Member(path, MemberKind.Other, "")],
        };
    }

    DateOnly Date(string column) =>
        DateOnly.TryParseExact(
            Cell(column),
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var date
        )
            ? date
            : throw new FormatException($"{Place}: {column} is no date YYYY-MM-DD.");

    T Word<T>(string column)
        where T : struct, Enum =>
        Enum.TryParse<T>(Cell(column), ignoreCase: true, out var word)
            ? word
            : throw new FormatException($"{Place}: {column} is none of {string.Join(", ", Enum.GetNames<T>())}.");

    string? Optional(string column) => Cell(column) is "" or "-" or "none" ? null : Cell(column);

    // A column that a file does not have is a dash in each of its rows.
    string Cell(string column) => cells.GetValueOrDefault(column, "-");

    string[] Words(string column) =>
        Optional(column)?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
