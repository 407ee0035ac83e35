using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace TradeApi.Tests.Submissions;

/// <summary>How a file comes in: its formats, its key, and what happens when it does not come in whole.</summary>
public class Uploads(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Every_format_says_the_same(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var formats = new (string MediaType, Func<JsonObject[], byte[]> Write)[]
        {
            ("application/x-ndjson", notices => Notices.File(notices)),
            ("application/x-ndjson; charset=utf-8", notices => Marked(Notices.File(notices))),
            ("application/x-ndjson", notices => Utf8("\n  \n" + Lines(notices, "\r\n\n\n"))),
            ("Application/JSON", notices => Utf8(new JsonArray([.. notices]).ToJsonString())),
            (
                "application/json",
                notices => Marked(Utf8(" [\n" + string.Join("\n,\n", notices.Select(n => n.ToJsonString())) + "]\n"))
            ),
            ("text/csv", notices => Csv(notices, ",", "\n")),
            ("text/csv; charset=\"utf-8\"; header=present", notices => Marked(Csv(notices, ";", "\r\n"))),
            ("text/csv", notices => Csv(notices, "\t", "\n")),
        };
        foreach (var (mediaType, write) in formats)
        foreach (var packed in new[] { false, true })
        {
            var accepted = Notices.Acquisition(await host.AddVehicle("inTrade", "org_dealer1"));
            var file = write([accepted, accepted.With("clientReference", Notices.NewReference()).With("mileage", 1)]);

            var reply = await partner.SendFile(
                packed ? Gzip(file) : file,
                mediaType,
                adjust: request =>
                {
                    if (packed)
                        request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", "GZip");
                }
            );

            Assert.Equal((202, "completed"), (reply.Status, reply.String("state")));
            var results = await partner.Results(reply.String("id")!);
            Assert.Equal(["accepted", "refused"], results.Select(row => (string)row["outcome"]!));
            // The document was replaced when the first row was recorded.
            Assert.Equal(["vehicle.not-matched"], Reply.CodesOf(results[1]));
            Assert.Equal((string)accepted["clientReference"]!, (string)results[0]["clientReference"]!);
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_submission_says_what_it_is(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var file = Notices.File(Notices.Disposal(await host.AddVehicle()));

        var reply = await partner.SendFile(
            file,
            adjust: request =>
                request.Content!.Headers.ContentDisposition = ContentDispositionHeaderValue.Parse(
                    "attachment; filename*=UTF-8''Tachwedd%20%C5%B5.ndjson"
                )
        );

        Assert.Matches("^sub_[0-9a-f]{32}$", reply.String("id")!);
        Assert.Equal($"/v1/submissions/{reply.String("id")}", reply.Header("Location"));
        Assert.Equal(
            ("completed", "commit", "ndjson"),
            (reply.String("state"), reply.String("mode"), reply.String("format"))
        );
        Assert.Equal("Tachwedd ŵ.ndjson", reply.String("fileName"));
        Assert.Equal("wait=30", reply.Header("Preference-Applied"));
        Assert.NotNull(reply.String("completedAt"));
        Assert.Null(reply.Header("Retry-After"));
        Assert.Equal(
            """{"total":1,"accepted":1,"refused":0,"referred":0,"duplicate":0,"unprocessed":0}""",
            reply.Json["rows"]!.ToJsonString()
        );
        Assert.Equal(reply.Text, (await partner.Get(reply.Header("Location")!)).Text);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Without_a_wait_the_answer_comes_at_once_and_the_rows_are_decided_all_the_same(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicles = await host.AddVehicles(1200);

        var reply = await partner.SendFile(Notices.File(vehicles.Select(v => Notices.Disposal(v))), wait: null);

        Assert.Equal((202, 1200), (reply.Status, (int)reply.Json["rows"]!["total"]!));
        Assert.Null(reply.Header("Preference-Applied"));
        var ended = await partner.Await(
            reply.String("id")!,
            now =>
            {
                Assert.Equal(now.String("state") == "processing", now.Header("Retry-After") == "1");
                return now.String("state") == "completed";
            }
        );
        Assert.Equal(1200, (int)ended.Json["rows"]!["accepted"]!);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_repeat_with_the_same_file_answers_with_the_first_submission(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var file = Notices.File(Notices.Disposal(await host.AddVehicle()));
        var key = Partner.NewKey();
        var first = await partner.SendFile(file, key: key);
        var before = await host.CountRows();

        var again = await partner.SendFile(file, key: key);
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal((first.Status, first.Text), (again.Status, again.Text));
        Assert.Equal(first.Header("Location"), again.Header("Location"));

        Reply[] others =
        [
            await partner.SendFile([.. file, (byte)'\n'], key: key),
            await partner.SendFile(file, key: key, query: "?mode=validate"),
            await partner.SendFile(file, "text/csv", key: key),
        ];
        Assert.All(
            others,
            other => Assert.Equal((422, "idempotency-key.reused"), (other.Status, other.String("code")))
        );
        Assert.Equal(before, await host.CountRows());

        var elsewhere = await (await hosts.Partner(database, "org_dealer2")).SendFile(file, key: key);
        Assert.Null(elsewhere.Header("Idempotency-Replayed"));
        Assert.NotEqual(first.String("id"), elsewhere.String("id"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_key_is_in_progress_while_its_file_is_received(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicles = await host.AddVehicles(600);
        var file = Notices.File(vehicles.Select(v => Notices.Disposal(v)));
        var key = Partner.NewKey();
        var held = new HeldFile(file);
        var upload = Upload(partner, held, key);
        await held.HalfSent;
        await Eventually.Holds(async () =>
            await host.QueryRegister<long>("select count(*) from submission where state = 'receiving'") == 1
        );

        var meanwhile = await partner.SendFile(file, key: key);
        Assert.Equal((409, "idempotency-key.in-progress"), (meanwhile.Status, meanwhile.String("code")));
        Assert.Equal("1", meanwhile.Header("Retry-After"));
        Assert.True((bool)meanwhile.Json["retryable"]!);
        var asked = await partner.Get($"/v1/outcomes/{key}");
        Assert.Equal(("submissions", "inProgress"), (asked.String("operation"), asked.String("state")));
        Assert.Contains((await partner.Send(Notices.Disposal(vehicles[0]), key)).Status, new[] { 409, 422 });

        held.Go();
        using var response = await upload;
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var again = await partner.SendFile(file, key: key);
        Assert.Equal(("true", 600), (again.Header("Idempotency-Replayed"), (int)again.Json["rows"]!["accepted"]!));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C109_twenty_uploads_at_once_with_one_key_make_one_submission(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var file = Notices.File(Notices.Disposal(await host.AddVehicle()));
        var key = Partner.NewKey();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => partner.SendFile(file, key: key)));

        Assert.All(replies, reply => Assert.Contains(reply.Status, new[] { 202, 409 }));
        var taken = replies.Where(reply => reply.Status == 202).ToList();
        Assert.Single(taken.Select(reply => reply.String("id")).Distinct());
        Assert.Single(taken, reply => reply.Header("Idempotency-Replayed") is null);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task An_upload_that_is_cut_off_leaves_nothing_and_its_key_is_free(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicles = await host.AddVehicles(1200);
        var file = Notices.File(vehicles.Select(v => Notices.Disposal(v)));
        var key = Partner.NewKey();
        var before = await host.CountRows();
        var held = new HeldFile(file, part: 0.9);
        using var away = new CancellationTokenSource();
        var upload = Upload(partner, held, key, away.Token);
        await held.HalfSent;
        await Eventually.Holds(async () =>
            await host.QueryRegister<long>("select count(*) from submission where state = 'receiving'") == 1
        );

        await away.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload);
        await Eventually.Holds(async () => await host.CountRows() == before);
        Assert.Equal(404, (await partner.Get($"/v1/outcomes/{key}")).Status);
        var again = await partner.SendFile(file, key: key);
        Assert.Equal((202, 1200), (again.Status, (int)again.Json["rows"]!["accepted"]!));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task An_upload_that_was_taken_for_abandoned_is_never_answered_as_taken(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var vehicles = await host.AddVehicles(600);
        var file = Notices.File(vehicles.Select(v => Notices.Disposal(v)));
        var key = Partner.NewKey();
        var held = new HeldFile(file);
        var upload = Upload(partner, held, key);
        await held.HalfSent;
        await Eventually.Holds(async () => await host.QueryRegister<long>("select count(*) from submission") == 1);

        host.Clock.Advance(TimeSpan.FromMinutes(3));
        await Eventually.Holds(async () => await host.QueryRegister<long>("select count(*) from submission") == 0);
        held.Go();

        using var response = await upload;
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        Assert.Equal((503, "notApplied"), ((int)response.StatusCode, (string?)problem["outcome"]));
        Assert.Equal(0, await host.QueryRegister<long>("select count(*) from payload"));
        var again = await partner.SendFile(file, key: key);
        Assert.Equal((202, 600), (again.Status, (int)again.Json["rows"]!["accepted"]!));
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Odd_texts_in_a_file_are_refused_row_by_row_and_never_fail_the_batch(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        string[] cells = ["\0", "a\0b", "\u202Ex", "😀", "\uFFFE", new string('9', 5000), "'; drop table vehicle; --"];
        var csv = new StringBuilder(
            "type,clientReference,onBehalfOf,registrationNumber,eventDate,x-of mine,documentReferenceNumber\n"
        );
        foreach (var cell in cells)
            csv.Append(CultureInfo.InvariantCulture, $"{cell},{cell},{cell},{cell},{cell},{cell},{cell}\n");
        var good = await host.AddVehicle();
        csv.Append(CultureInfo.InvariantCulture, $"disposalToTrade,GOOD,,{good.Mark},2026-11-20,,{good.Document}\n");

        var reply = await partner.SendFile(Utf8(csv.ToString()), "text/csv");

        Assert.Equal((202, "completed"), (reply.Status, reply.String("state")));
        var results = await partner.Results(reply.String("id")!);
        Assert.Equal(cells.Length + 1, results.Count);
        Assert.All(results, row => Assert.Equal("refused", (string)row["outcome"]!));
        Assert.Equal(
            ["consent.keeper", "consent.mark-rights"],
            Reply.CodesOf(results[^1]).Order(StringComparer.Ordinal)
        );
    }

    static Task<HttpResponseMessage> Upload(
        Partner partner,
        HttpContent content,
        string key,
        CancellationToken away = default
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/submissions") { Content = content };
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        request.Headers.Add("Idempotency-Key", key);
        return partner.Http.SendAsync(request, away);
    }

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    static byte[] Marked(byte[] file) => [0xEF, 0xBB, 0xBF, .. file];

    static byte[] Gzip(byte[] file)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(file);
        return packed.ToArray();
    }

    static string Lines(JsonObject[] notices, string end) =>
        string.Concat(notices.Select(notice => notice.ToJsonString() + end)).TrimEnd('\n', '\r');

    static byte[] Csv(JsonObject[] notices, string delimiter, string lineEnd)
    {
        string[] columns =
        [
            "NEWKEEPER.address.POSTTOWN",
            "type",
            "clientReference",
            "registrationNumber",
            "documentReferenceNumber",
            "eventDate",
            "keeperConsent",
            "taxChoice",
            "newKeeper.firstNames",
            "newKeeper.lastName",
            "newKeeper.address.line1",
            "newKeeper.address.postcode",
            "mileage",
            "x-note",
        ];
        var lines = notices.Select(notice => string.Join(delimiter, columns.Select(column => Cell(notice, column))));
        return Utf8(string.Join(delimiter, columns) + lineEnd + string.Join(lineEnd, lines));
    }

    static string Cell(JsonNode notice, string column)
    {
        JsonNode? node = notice;
        foreach (var part in column.Split('.'))
            node = node
                ?.AsObject()
                .FirstOrDefault(pair => pair.Key.Equals(part, StringComparison.OrdinalIgnoreCase))
                .Value;
        return column == "x-note" ? "\"of my own; and\nmine\""
            : node?.ToString() is "True" or "False" ? node.ToString().ToLowerInvariant()
            : node?.ToString() ?? "";
    }
}

/// <summary>A body of which a part is sent, and the rest when the test says so.</summary>
sealed class HeldFile(byte[] file, double part = 0.5) : HttpContent
{
    readonly TaskCompletionSource half = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task HalfSent => half.Task;

    public void Go() => go.SetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        var first = (int)(file.Length * part);
        await stream.WriteAsync(file.AsMemory(0, first), cancellationToken);
        await stream.FlushAsync(cancellationToken);
        half.SetResult();
        await go.Task.WaitAsync(cancellationToken);
        await stream.WriteAsync(file.AsMemory(first), cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
