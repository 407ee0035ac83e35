using System.Text;
using System.Text.Json.Nodes;

namespace TradeApi.Tests.Http;

/// <summary>Bodies of calls that ask something: whatever is wrong is named, all of it at once, and nothing fails.</summary>
public class Questions(Hosts hosts) : IClassFixture<Hosts>
{
    static readonly string[] Paths =
    [
        "/v1/vehicles/enquiry",
        "/v1/vehicles/keeper-at-date",
        "/v1/vehicles/history",
        "/v1/keeper-changes/search",
    ];

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_is_no_json_object_answers_400_and_another_media_type_415(string database)
    {
        var partner = await hosts.Partner(database, "org_insurer");
        string[] bodies =
        [
            "",
            "[]",
            "null",
            "\"AB12CDE\"",
            "{",
            "{}{}",
            """{"registrationNumber":"AB12CDE","registrationNumber":"AB12CDF"}""",
            """{"registrationNumber":"\ud800"}""",
            "{\"a\":" + new string('[', 5_000),
        ];
        foreach (var path in Paths)
        {
            foreach (var body in bodies)
            {
                var reply = await partner.Ask(path, body);
                Assert.Equal((400, "body.unreadable"), (reply.Status, reply.String("code")));
            }
            var form = await partner.SendBody("a=b"u8.ToArray(), "application/x-www-form-urlencoded", path: path);
            Assert.Equal((415, "media-type.unsupported"), (form.Status, form.String("code")));
            var large = await partner.Ask(path, $$"""{"a":"{{new string('a', 70_000)}}"}""");
            Assert.Equal((413, "body.too-large"), (large.Status, large.String("code")));
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Each_wrong_member_is_named_with_its_code(string database)
    {
        var partner = await hosts.Partner(database, "org_insurer");
        (string Body, string Findings)[] ofMark =
        [
            ("""{"registrationNumber":"AB12CDE9"}""", "registration-number.format /registrationNumber"),
            ("""{"registrationNumber":"A\u0000B"}""", "registration-number.format /registrationNumber"),
            ("""{"registrationNumber":12}""", "field.type /registrationNumber"),
            ("""{"registrationNumber":["AB12CDE"]}""", "field.type /registrationNumber"),
            ("""{"registrationNumber":true}""", "field.type /registrationNumber"),
            ("""{"registrationNumber":"AB12CDE","vin":"x"}""", "field.unknown /vin"),
            ("""{"registrationNumber":"AB12CDE","a/b~":{"c":1}}""", "field.unknown /a~1b~0/c"),
        ];
        (string Path, string Body, string Findings)[] cases =
        [
            .. Paths
                .Where(path => path != "/v1/vehicles/keeper-at-date")
                .SelectMany(path => ofMark.Select(one => (path, one.Body, one.Findings))),
            .. Paths
                .Where(path => path is "/v1/vehicles/enquiry" or "/v1/vehicles/history")
                .SelectMany(path =>
                    new[] { "{}", """{"registrationNumber":null}""", """{"registrationNumber":""}""" }.Select(body =>
                        (path, body, "field.missing /registrationNumber")
                    )
                ),
            (
                "/v1/vehicles/keeper-at-date",
                "{}",
                "field.missing /registrationNumber, field.missing /date, field.missing /purpose, field.missing /caseReference"
            ),
            Keeper("date", "2026-11-26", "date.in-future /date"),
            Keeper("date", "2026-11-25T00:00:00Z", "date.format /date"),
            Keeper("date", "31/10/2026", "date.format /date"),
            Keeper("date", 20261031, "field.type /date"),
            Keeper("purpose", new string('a', 201), "field.length /purpose"),
            Keeper("purpose", "  ", "field.length /purpose"),
            Keeper("purpose", "a\0b", "field.characters /purpose"),
            Keeper("caseReference", new string('a', 65), "field.length /caseReference"),
            Keeper("caseReference", "a\nb", "field.characters /caseReference"),
            Keeper("registrationNumber", "ABCDEFG", "registration-number.format /registrationNumber"),
            Search("clientReference", new string('a', 65), "field.length /clientReference"),
            Search("clientReference", "a\0b", "field.characters /clientReference"),
            Search("clientReference", 7, "field.type /clientReference"),
            Search("outcome", "duplicate", "field.unknown /outcome"),
            Search("type", "sale", "field.unknown /type"),
            Search("eventDateFrom", "2026-02-30", "date.format /eventDateFrom"),
            Search("eventDateTo", "yesterday", "date.format /eventDateTo"),
            Search("receivedFrom", "2026-11-24", "date.format /receivedFrom"),
            Search("receivedFrom", "2026-11-24T09:30:00", "date.format /receivedFrom"),
            Search("receivedTo", "0001-01-01T00:00:00+14:00", "date.format /receivedTo"),
            Search("receivedTo", 1, "field.type /receivedTo"),
        ];
        foreach (var (path, body, expected) in cases)
        {
            var reply = await partner.Ask(path, body);
            Assert.Equal((422, "body.refused"), (reply.Status, reply.String("code")));
            var findings = reply.Json["findings"]!.AsArray();
            Assert.Equal(expected, string.Join(", ", findings.Select(one => $"{one!["code"]} {one["pointer"]}")));
            Assert.All(findings, one => Assert.Equal("refuse", (string?)one!["severity"]));
            Assert.NotEmpty(reply.String("detail")!);
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_mark_that_one_exchange_would_mend_is_suggested_and_not_looked_up(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database, "org_insurer");
        var mark = (await host.AddVehicle()).Mark;
        var slip = mark.Replace('0', 'O');
        foreach (var path in Paths.Where(path => path != "/v1/vehicles/keeper-at-date"))
        {
            var reply = await partner.Ask(path, new JsonObject { ["registrationNumber"] = slip });
            Assert.Equal(422, reply.Status);
            Assert.Equal(mark, (string?)reply.Json["findings"]![0]!["suggestion"]);
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_wrong_limit_or_cursor_answers_400(string database)
    {
        var partner = await hosts.Partner(database);
        (string Member, JsonNode Value)[] wrong =
        [
            ("limit", 0),
            ("limit", 201),
            ("limit", -1),
            ("limit", 1.5),
            ("limit", "10"),
            ("limit", true),
            ("limit", new JsonArray(10)),
            ("cursor", "!"),
            ("cursor", "nonsense"),
            ("cursor", 7),
            ("cursor", Encoded("99999999999999999 019a0000000070008000000000000000")),
            ("cursor", Encoded("1 nonsense")),
            ("cursor", Encoded("1")),
            ("cursor", Encoded("\0 \0")),
        ];
        foreach (var path in new[] { "/v1/vehicles/history", "/v1/keeper-changes/search" })
        foreach (var (member, value) in wrong)
        {
            var body = new JsonObject { ["registrationNumber"] = "AB12CDE", [member] = value.DeepClone() };
            var reply = await partner.Ask(path, body);
            Assert.Equal((400, "parameter.invalid"), (reply.Status, reply.String("code")));
        }
    }

    static string Encoded(string position) =>
        System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(position));

    static (string, string, string) Keeper(string member, JsonNode value, string findings)
    {
        var body = new JsonObject
        {
            ["registrationNumber"] = "AB12CDE",
            ["date"] = "2026-10-31",
            ["purpose"] = "Claim after an accident",
            ["caseReference"] = "CLAIM-1",
        };
        return ("/v1/vehicles/keeper-at-date", body.With(member, value).ToJsonString(), findings);
    }

    static (string, string, string) Search(string member, JsonNode value, string findings) =>
        ("/v1/keeper-changes/search", new JsonObject { [member] = value }.ToJsonString(), findings);
}
