using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Rules.Values;

namespace TradeApi.Tests.Register;

/// <summary>Vehicles and notices put together at random: every type, by whoever may send it, right or not.</summary>
static class RandomTrade
{
    const string Letters = "ABCDEFGHJKLMNPRSTUVWXY";
    static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public static readonly string[] Organisations =
    [
        "org_dealer1",
        "org_dealer2",
        "org_auction",
        "org_insurer",
        "org_atf",
        "org_fleet",
        "org_finance",
    ];

    public static Notice NoticeOf(
        EventType type,
        Vehicle record,
        DateOnly day,
        int who,
        Dictionary<string, string> clients
    )
    {
        var senders = type
            .Who.SelectMany(kind =>
                kind switch
                {
                    OrganisationKind.MotorTrader => new[] { "org_dealer1", "org_dealer2" },
                    OrganisationKind.AuctionHouse => ["org_auction"],
                    OrganisationKind.Insurer => ["org_insurer"],
                    OrganisationKind.AuthorisedTreatmentFacility => ["org_atf"],
                    OrganisationKind.FleetOperator => ["org_fleet"],
                    OrganisationKind.FinanceCompany => ["org_finance"],
                    _ => [],
                }
            )
            .ToList();
        var sender = senders[who % senders.Count];
        var fleet = sender == "org_finance" ? "98765-" : "123456";
        Member[] all =
        [
            Text("type", type.Name),
            Text("clientReference", Guid.CreateVersion7().ToString("N")),
            Text("registrationNumber", record.Mark),
            Text("eventDate", day.ToString("O", null)),
            new("confirmations", MemberKind.List, "trade.held-by-another keeper.same-as-current date.over-12-months"),
            Text("documentReferenceNumber", record.Document),
            Text("vin", record.Vin),
            Text("fleetNumber", fleet),
            YesNo("keeperConsent"),
            YesNo("markRightsConsent"),
            YesNo("executorConsent"),
            YesNo("offRoadConsent"),
            YesNo("vehicleTaken", who % 2 == 0),
            Text("taxChoice", "none"),
            Text("toOrganisation", sender == "org_dealer2" ? "org_dealer1" : "org_dealer2"),
            Text("permitNumber", "EAWML65001"),
            Text("salvageCategory", "SNSA"[who].ToString()),
            Text("dateOfLoss", "2026-02-01"),
            Text("aqpIdentifier", "AQP1"),
            Text("destinationCountry", "FR"),
            Text("informant.name", "Sam Sample"),
            Text("informant.relationship", "executor"),
            Text("evidenceReference", "DC-1"),
            Text("startDate", day.ToString("O", null)),
            Text("certificateNumber", "C" + record.Mark),
            Text("newRegistrationNumber", record.Mark),
            Text("newName.businessName", $"Renamed {day:yyyyMMdd}"),
            new("mileage", MemberKind.Number, (10_000 + who).ToString(CultureInfo.InvariantCulture)),
            .. who % 2 == 0
                ? [Text("newKeeper.businessName", "EXAMPLE FLEET SERVICES"), Text("newKeeper.fleetNumber", fleet)]
                : new[] { Text("newKeeper.lastName", "Sample"), Text("newKeeper.firstNames", "Ffion") },
            Text("newKeeper.address.line1", $"{who + 1} High Street"),
            Text("newKeeper.address.postTown", "Swansea"),
            Text("newKeeper.address.postcode", "SA1 1AA"),
        ];
        if (sender is "org_fleet")
            all = [.. all, Text("tradeOrganisation", "org_dealer1")];
        // Of two proofs the document is given; of a fleet, sometimes its number.
        var left = type.Members.OfType<EitherOf>().SelectMany(either => either.Fields).ToList();
        var given = who == 3 && left.Contains(Fields.FleetNumber) ? Fields.FleetNumber : left.FirstOrDefault();
        var members = all.Where(member =>
            Array.Exists(
                ["type", "clientReference", "registrationNumber", "eventDate", "confirmations"],
                path => path == member.Path
            )
            || type.Members.SelectMany(use => use.Fields)
                .Any(field => field.Path == member.Path && (!left.Contains(field) || field == given))
        );
        var now = Now;
        return new Notice
        {
            Id = Guid.CreateVersion7(now),
            Change = KeeperChange.Read([.. members], LondonDate.Of(now)),
            SubmittedBy = sender,
            ClientId = clients[sender],
            ReceivedAt = now,
            Payload = Encoding.UTF8.GetBytes(Json(members)),
        };
    }

    // As a partner would have written it, so that a correction can read it again.
    static string Json(IEnumerable<Member> members)
    {
        var root = new JsonObject();
        foreach (var member in members)
        {
            var at = root;
            var parts = member.Path.Split('.');
            foreach (var part in parts[..^1])
                at = (JsonObject)(at[part] ??= new JsonObject());
            at[parts[^1]] = member.Kind switch
            {
                MemberKind.Boolean => member.Text == "true",
                MemberKind.Number => int.Parse(member.Text, CultureInfo.InvariantCulture),
                MemberKind.List => new JsonArray([.. member.Text.Split(' ').Select(text => (JsonNode)text)]),
                _ => member.Text,
            };
        }
        return root.ToJsonString();
    }

    public static async Task<List<string>> AddVehicles(TradeApiHost host, int count)
    {
        var marks = new List<string>();
        var lines = new StringBuilder(
            "registrationNumber,vin,documentReferenceNumber,make,vehicleClass,dateOfFirstRegistration,state,stateSince,"
                + "heldBy,keeper.firstNames,keeper.lastName,keeper.fleetNumber,keeper.address.line1,keeper.address.postTown,keeper.address.postcode\n"
        );
        for (var i = 0; i < count; i++)
        {
            var mark = MarkOf(i);
            marks.Add(mark);
            var keeper = (i % 4) switch
            {
                0 => "inTrade,2026-01-10,org_dealer1,,,,,,",
                1 => "withKeeper,2026-01-10,,Sam,Sample,123456,1 High Street,Swansea,SA1 1AA",
                2 => "withKeeper,2026-01-10,,Sam,Sample,98765-,1 High Street,Swansea,SA1 1AA",
                _ => "withKeeper,2026-01-10,,Sam,Sample,,1 High Street,Swansea,SA1 1AA",
            };
            lines.Append(
                CultureInfo.InvariantCulture,
                $"{mark},VF7ZZZ77ZHC{i:D6},{40_000_000_000 + i},FORD,{(i % 7 == 0 ? "motorcycle" : "car")},2015-05-01,{keeper}\n"
            );
        }
        var report = await host.ImportRegister(lines.ToString());
        Assert.Equal((count, 0), (report.Loaded, report.Refused));
        await host.ExecuteRegister(
            """
            insert into mark_certificate (certificate_number, registration_number, expires_on)
            select 'C' || registration_number, registration_number, @ExpiresOn
              from vehicle
            """,
            new { ExpiresOn = new DateOnly(2030, 1, 1) }
        );
        return marks;
    }

    // By the mark that the vehicle had when the test began: its VIN stays, its mark may not.
    public static async Task<Dictionary<string, Vehicle>> Records(TradeApiHost host, string? vin = null)
    {
        await using var connection = await host.Stores.Sandbox.Open();
        var rows = await connection.QueryAsync<Row>(
            $"""
            select v.registration_number, v.vin, v.document_reference_number, v.state, v.state_since, v.held_by,
                   v.salvage_category, v.off_road, v.tax_ended_on, v.last_mileage, v.last_fleet_number,
                   v.other_registration_number, k.started_on, k.last_name, k.business_name, k.address_line1
              from vehicle v
              left join keepership k on k.vehicle_id = v.vehicle_id
                                    and k.ended_on is null
             {(vin is null ? "" : "where v.vin = @Vin")}
            """,
            new { Vin = vin }
        );
        return rows.ToDictionary(
            row => MarkOf(int.Parse(row.Vin[11..], CultureInfo.InvariantCulture)),
            row => new Vehicle(row.RegistrationNumber, row.Vin, row.DocumentReferenceNumber, row.ToString()),
            StringComparer.Ordinal
        );
    }

    public static Member Text(string path, string text) => new(path, MemberKind.Text, text);

    public static Member YesNo(string path, bool yes = true) => new(path, MemberKind.Boolean, yes ? "true" : "false");

    static string MarkOf(int i) => $"HH15{Letters[i / 484 % 22]}{Letters[i / 22 % 22]}{Letters[i % 22]}";

    public sealed record Vehicle(string Mark, string Vin, string Document, string Text);

    sealed record Row
    {
        public string RegistrationNumber { get; init; } = "";
        public string Vin { get; init; } = "";
        public string DocumentReferenceNumber { get; init; } = "";
        public string State { get; init; } = "";
        public DateOnly StateSince { get; init; }
        public string? HeldBy { get; init; }
        public string? SalvageCategory { get; init; }
        public bool OffRoad { get; init; }
        public DateOnly? TaxEndedOn { get; init; }
        public int? LastMileage { get; init; }
        public string? LastFleetNumber { get; init; }
        public string? OtherRegistrationNumber { get; init; }
        public DateOnly? StartedOn { get; init; }
        public string? LastName { get; init; }
        public string? BusinessName { get; init; }
        public string? AddressLine1 { get; init; }
    }
}
