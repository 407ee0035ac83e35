using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace TradeApi.Tests.KeeperChanges;

/// <summary>Bodies that cannot be read as a notice, and odd ones that can.</summary>
public class NoticeBodies(Hosts hosts) : IClassFixture<Hosts>
{
    // As C# text; a body that is no text stands in Bytes.
    public static readonly TheoryData<string, string> Unreadable = new()
    {
        { "nothing", "" },
        { "white space", "  \n" },
        { "an open object", "{\"type\":\"disposalToTrade\"" },
        { "two objects", "{}{}" },
        { "an array", "[]" },
        { "a text", "\"notice\"" },
        { "a number", "12" },
        { "null", "null" },
        { "a comment", "{} // note" },
        { "a comma too many", "{\"type\":\"disposalToTrade\",}" },
        { "single quotes", "{'type':'disposalToTrade'}" },
        { "C079 a doubled member", "{\"mileage\":1,\"mileage\":1}" },
        { "a doubled member in an object", "{\"newKeeper\":{\"title\":\"Ms\",\"title\":\"Mr\"}}" },
        { "a doubled member by an escape", "{\"mileage\":1,\"mile\\u0061ge\":2}" },
        { "deep nesting", new string('[', 10_000) },
        { "deep objects", "{\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", 5_000)) },
        { "half a character", "{\"clientReference\":\"\\ud800\"}" },
        { "half a character in a name", "{\"\\udc00\":1}" },
        { "a line break in a text", "{\"clientReference\":\"a\nb\"}" },
        { "a number with a leading zero", "{\"mileage\":012}" },
        { "NaN", "{\"mileage\":NaN}" },
    };

    public static readonly TheoryData<string, string> Odd = new()
    {
        { "C152 a quoted charset", "application/json; charset=\"utf-8\"" },
        { "C152 another case", "Application/JSON;charset=UTF-8" },
        { "C152 a further parameter", "application/json; charset=utf-8; v=1" },
        { "no charset", "application/json" },
    };

    public static readonly TheoryData<string, string?> NotTaken = new()
    {
        { "none", null },
        { "empty", "" },
        { "xml", "application/xml" },
        { "a form", "application/x-www-form-urlencoded" },
        { "C156 multipart", "multipart/form-data; boundary=x" },
        { "ndjson", "application/x-ndjson" },
        { "problem", "application/problem+json" },
        { "UTF-16", "application/json; charset=utf-16" },
        { "Latin-1", "application/json; charset=iso-8859-1" },
        { "nonsense", "json" },
        { "anything", "*/*" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_is_no_notice_answers_400_and_is_not_kept(string what, string body)
    {
        Assert.NotNull(what);
        foreach (var database in new OnBothDatabases())
        {
            var host = await hosts.On(database);
            var partner = await hosts.Partner(database);
            var before = await host.CountRows();

            foreach (var path in new[] { "/v1/keeper-changes", "/v1/keeper-changes/validate" })
            {
                var reply = await partner.SendBody(Encoding.UTF8.GetBytes(body), path: path);
                Assert.Equal((400, "body.unreadable"), (reply.Status, reply.String("code")));
                Assert.NotEmpty(reply.String("detail")!);
            }
            Assert.Equal(before, await host.CountRows());
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Bytes_that_are_no_utf8_answer_400(string database)
    {
        var partner = await hosts.Partner(database);
        byte[][] bodies =
        [
            [.. "{\"clientReference\":\""u8, 0xE2, (byte)'"', (byte)'}'],
            [.. "{\"clientReference\":\""u8, 0xED, 0xA0, 0x80, (byte)'"', (byte)'}'],
            [.. "{\"clientReference\":\""u8, 0xC0, 0x80, (byte)'"', (byte)'}'],
            Encoding.Unicode.GetBytes("{}"),
            [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{}")],
        ];
        foreach (var body in bodies)
        {
            var reply = await partner.SendBody(body);
            Assert.Equal((400, "body.unreadable"), (reply.Status, reply.String("code")));
        }
    }

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task A_media_type_may_be_written_in_every_lawful_way(string what, string mediaType)
    {
        Assert.NotNull(what);
        foreach (var database in new OnBothDatabases())
        {
            var host = await hosts.On(database);
            var notice = Notices.Disposal(await host.AddVehicle()).ToJsonString();

            var reply = await (await hosts.Partner(database)).SendBody(Encoding.UTF8.GetBytes(notice), mediaType);

            Assert.Equal(201, reply.Status);
        }
    }

    [Theory]
    [MemberData(nameof(NotTaken))]
    public async Task Another_media_type_answers_415(string what, string? mediaType)
    {
        Assert.NotNull(what);
        foreach (var database in new OnBothDatabases())
        {
            var host = await hosts.On(database);
            var notice = Notices.Disposal(await host.AddVehicle()).ToJsonString();

            var reply = await (await hosts.Partner(database)).SendBody(Encoding.UTF8.GetBytes(notice), mediaType);

            Assert.Equal((415, "media-type.unsupported"), (reply.Status, reply.String("code")));
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_single_notice_is_sent_unpacked(string database)
    {
        var host = await hosts.On(database);
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Notices.Disposal(await host.AddVehicle()).ToJsonString()));

        var reply = await (await hosts.Partner(database)).SendBody(
            packed.ToArray(),
            adjust: request => request.Content!.Headers.ContentEncoding.Add("gzip")
        );

        Assert.Equal((415, "media-type.unsupported"), (reply.Status, reply.String("code")));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C156_a_notice_of_64_KiB_is_read_and_one_byte_more_answers_413(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var text = Notices.Disposal(await host.AddVehicle()).ToJsonString();
        var most = Encoding.UTF8.GetBytes(text.PadRight(65536));
        var tooLong = Encoding.UTF8.GetBytes(text.PadRight(65537));
        var before = await host.CountRows();

        var measured = await partner.SendBody(tooLong);
        var streamed = await partner.SendBody(
            tooLong,
            adjust: request => request.Headers.TransferEncodingChunked = true
        );

        Assert.Equal((413, "body.too-large"), (measured.Status, measured.String("code")));
        Assert.Equal((413, "body.too-large"), (streamed.Status, streamed.String("code")));
        Assert.Equal(before, await host.CountRows());
        Assert.Equal(201, (await partner.SendBody(most)).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_body_may_begin_with_a_byte_order_mark(string database)
    {
        var host = await hosts.On(database);
        var notice = Encoding.UTF8.GetBytes(Notices.Disposal(await host.AddVehicle()).ToJsonString());

        Assert.Equal(201, (await (await hosts.Partner(database)).SendBody([0xEF, 0xBB, 0xBF, .. notice])).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Odd_values_are_refused_by_the_rules_and_never_fail(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var notice = Notices.Acquisition(await host.AddVehicle("inTrade", "org_dealer1"));
        string[] texts =
        [
            "\0",
            "a\0b",
            "'; drop table vehicle; --",
            "\u202Etxet",
            "\u200B",
            "😀",
            "e\u0301\u0301\u0301",
            new string('x', 20_000),
            "%s%n{0}${jndi:ldap://x}",
            "<script>alert(1)</script>",
            "../../etc/passwd",
            "\r\nSet-Cookie: a=b",
            "\uFFFD",
            "\uFFFF",
        ];
        string[] members =
        [
            "type",
            "clientReference",
            "onBehalfOf",
            "registrationNumber",
            "documentReferenceNumber",
            "eventDate",
            "taxChoice",
            "tradeOrganisation",
            "toOrganisation",
            "permitNumber",
            "confirmations",
            "newKeeper",
            "mileage",
        ];
        foreach (var member in members)
        foreach (var text in texts)
        {
            var reply = await partner.Send(notice.With(member, text).With("unknown\0" + member, 1));
            Assert.Contains(reply.Status, new[] { 403, 422 });
            Assert.Contains("field.unknown", reply.Codes);
            Assert.Equal(200, (await partner.Get(reply.String("instance")!)).Status);
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Days_that_are_none_are_refused(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var notice = Notices.Disposal(await host.AddVehicle());
        string[] days =
        [
            "2026-02-29",
            "0000-00-00",
            "9999-12-31",
            "0001-01-01",
            "2026-11-20T00:00:00+01:00",
            "2026-11-20T00:00:00Z",
            "20/11/2026",
            "26-11-20",
            "2026-11-31",
        ];
        foreach (var day in days)
        {
            var reply = await partner.Send(notice.With("eventDate", day));
            Assert.Equal(422, reply.Status);
            Assert.StartsWith("date.", Assert.Single(reply.Codes), StringComparison.Ordinal);
        }
    }
}
