using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;

namespace TradeApi.Tests.Vehicles;

/// <summary>Who was the keeper on a day: to whom it is told, what is told, and what is kept of the asking.</summary>
public class KeepersAtDate(Hosts hosts) : IClassFixture<Hosts>
{
    const string Path = "/v1/vehicles/keeper-at-date";

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_keeper_in_force_on_the_day_is_told_with_its_first_day_and_the_day_that_ended_it(
        string database
    )
    {
        var host = await hosts.On(database);
        var dealer = await hosts.Partner(database);
        var insurer = await hosts.Partner(database, "org_insurer");
        var vehicle = await host.AddVehicle();
        await dealer.Send(Notices.Disposal(vehicle, date: "2026-11-18"));
        await dealer.Send(Notices.Acquisition(vehicle, date: "2026-11-21"));
        (string Date, string? LastName)[] days =
        [
            ("2020-03-09", null),
            ("2020-03-10", "Sample"),
            ("2026-11-17", "Sample"),
            ("2026-11-18", "Sample"),
            ("2026-11-19", null),
            ("2026-11-20", null),
            ("2026-11-21", "O'Neill-Jones"),
            ("2026-11-25", "O'Neill-Jones"),
        ];
        foreach (var (date, lastName) in days)
        {
            var reply = await insurer.Ask(Path, Question(vehicle.Mark, date));
            Assert.Equal((200, date), (reply.Status, reply.String("date")));
            Assert.Equal(lastName, (string?)reply.Json["keeper"]?["lastName"]);
        }

        var first = (await insurer.Ask(Path, Question(vehicle.Mark, "2026-11-01"))).Json["keeper"]!.AsObject();
        var second = (await insurer.Ask(Path, Question(vehicle.Mark, "2026-11-22"))).Json["keeper"]!.AsObject();

        Assert.Equal(("2020-03-10", "2026-11-18"), ((string?)first["from"], (string?)first["to"]));
        Assert.Equal("2026-11-21", (string?)second["from"]);
        Assert.False(second.ContainsKey("to"));
        Assert.Equal(
            """{"line1":"1 Heol y Parc","postTown":"Swansea","postcode":"SA1 1AA"}""",
            second["address"]!.ToJsonString()
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task On_the_day_on_which_one_keepership_ends_and_another_begins_the_new_keeper_is_in_force(
        string database
    )
    {
        var host = await hosts.On(database);
        var dealer = await hosts.Partner(database);
        var insurer = await hosts.Partner(database, "org_insurer");
        var vehicle = await host.AddVehicle();
        await dealer.Send(Notices.Disposal(vehicle, date: "2026-11-20"));
        await dealer.Send(Notices.Acquisition(vehicle, date: "2026-11-20"));

        var before = await insurer.Ask(Path, Question(vehicle.Mark, "2026-11-19"));
        var onTheDay = await insurer.Ask(Path, Question(vehicle.Mark, "2026-11-20"));

        Assert.Equal("Sample", (string?)before.Json["keeper"]!["lastName"]);
        Assert.Equal("O'Neill-Jones", (string?)onTheDay.Json["keeper"]!["lastName"]);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_business_is_told_with_its_fleet_number_and_driver_number_and_email_are_told_of_nobody(
        string database
    )
    {
        var host = await hosts.On(database);
        var insurer = await hosts.Partner(database, "org_insurer");
        var business = await host.AddVehicleWith(
            new()
            {
                ["keeper.businessName"] = "Example Hire",
                ["keeper.lastName"] = "",
                ["keeper.fleetNumber"] = "654321",
                ["keeper.email"] = "fleet@example.com",
                ["keeper.address.postTown"] = "Swansea",
            }
        );
        var person = await host.AddVehicleWith(
            new()
            {
                ["state"] = "keeperDeceased",
                ["keeper.title"] = "Mx",
                ["keeper.firstNames"] = "Jo",
                ["keeper.lastName"] = "Specimen",
                ["keeper.driverNumber"] = "SPECI912238JO9IJ",
                ["keeper.email"] = "jo@example.com",
            }
        );

        var ofBusiness = await insurer.Ask(Path, Question(business.Mark));
        var ofPerson = await insurer.Ask(Path, Question(person.Mark));

        Assert.Equal(
            """{"businessName":"Example Hire","fleetNumber":"654321","address":{"postTown":"Swansea"},"from":"2020-03-10"}""",
            ofBusiness.Json["keeper"]!.ToJsonString()
        );
        Assert.Equal(
            """{"title":"Mx","firstNames":"Jo","lastName":"Specimen","address":{},"from":"2020-03-10"}""",
            ofPerson.Json["keeper"]!.ToJsonString()
        );
        Assert.Equal("no-store", ofPerson.Header("Cache-Control"));
        string[] members = ["registrationNumber", "date", "keeper"];
        Assert.Equal(members, ofPerson.Json.Select(member => member.Key));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Each_look_up_is_kept_whatever_it_finds_and_a_question_that_is_refused_is_none(string database)
    {
        var host = await hosts.On(database);
        var insurer = await host.Partner("org_insurer");
        var vehicle = await host.AddVehicle();

        var answered = await insurer.Ask(Path, Question(vehicle.Mark, "2026-10-31", "Claim", "CASE-1"));
        var nobody = await insurer.Ask(Path, Question(vehicle.Mark, "2001-01-01", "Claim", "CASE-2"));
        var unknown = await insurer.Ask(Path, Question("XY19XYZ", "2026-10-31", "Theft", "CASE-3"));
        var refused = await insurer.Ask(Path, Question(vehicle.Mark, "2026-10-31", "", "CASE-4"));

        Assert.Equal((200, 200, 404, 422), (answered.Status, nobody.Status, unknown.Status, refused.Status));
        Assert.False(nobody.Json.ContainsKey("keeper"));
        await using var connection = await host.Stores.Sandbox.Open();
        var kept = (
            await connection.QueryAsync<Kept>(
                """
                select organisation_id, client_id, asked_at, purpose, case_reference, registration_number, vehicle_id,
                       on_date, answered
                  from keeper_enquiry
                 where client_id = @ClientId
                 order by case_reference
                """,
                new { insurer.ClientId }
            )
        ).AsList();
        Assert.Equal(["CASE-1", "CASE-2", "CASE-3"], kept.Select(row => row.CaseReference));
        Assert.Equal([true, false, false], kept.Select(row => row.Answered));
        Assert.Equal([true, true, false], kept.Select(row => row.VehicleId is not null));
        Assert.Equal([vehicle.Mark, vehicle.Mark, "XY19XYZ"], kept.Select(row => row.RegistrationNumber));
        Assert.Equal(("org_insurer", "Claim"), (kept[0].OrganisationId, kept[0].Purpose));
        Assert.Equal(new DateOnly(2026, 10, 31), kept[0].OnDate);
        Assert.Equal(new DateOnly(2026, 11, 25), DateOnly.FromDateTime(kept[0].AskedAt.UtcDateTime));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_cannot_be_kept_is_not_answered(string database)
    {
        var host = await hosts.On(database);
        var insurer = await hosts.Partner(database, "org_insurer");
        var vehicle = await host.AddVehicle();
        await host.FailOn("keeper_enquiry", "new.case_reference = 'PLANTED'");
        try
        {
            var body = Question(vehicle.Mark, caseReference: "PLANTED").ToJsonString();
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await insurer.Http.PostAsync(Path, content);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.DoesNotContain("Sample", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        finally
        {
            await host.StopFailing("keeper_enquiry");
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Only_insurers_may_ask_and_others_by_contract(string database)
    {
        var host = await hosts.On(database);
        var vehicle = await host.AddVehicle();
        foreach (var organisation in new[] { "org_dealer1", "org_fleet", "org_finance", "org_vendor", "org_atf" })
        {
            var reply = await (await hosts.Partner(database, organisation)).Ask(Path, Question(vehicle.Mark));
            Assert.Equal((403, "scope.missing"), (reply.Status, reply.String("code")));
        }
        var byContract = await host.Partner("org_finance", keepersByContract: true);

        Assert.Equal(200, (await byContract.Ask(Path, Question(vehicle.Mark))).Status);
        Assert.Equal(
            0,
            await host.QueryRegister<long>("select count(*) from keeper_enquiry where organisation_id = 'org_dealer1'")
        );
    }

    static JsonObject Question(
        string mark,
        string date = "2026-11-24",
        string purpose = "Claim after an accident",
        string caseReference = "CLAIM-1"
    ) =>
        new()
        {
            ["registrationNumber"] = mark,
            ["date"] = date,
            ["purpose"] = purpose,
            ["caseReference"] = caseReference,
        };

    sealed record Kept
    {
        public string OrganisationId { get; init; } = "";
        public string ClientId { get; init; } = "";
        public DateTimeOffset AskedAt { get; init; }
        public string Purpose { get; init; } = "";
        public string CaseReference { get; init; } = "";
        public string RegistrationNumber { get; init; } = "";
        public Guid? VehicleId { get; init; }
        public DateOnly OnDate { get; init; }
        public bool Answered { get; init; }
    }
}
