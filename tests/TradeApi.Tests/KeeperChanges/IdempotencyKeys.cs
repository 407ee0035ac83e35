using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TradeApi.Register;

namespace TradeApi.Tests.KeeperChanges;

/// <summary>A call repeated under its key answers as the first time and does nothing twice.</summary>
public class IdempotencyKeys(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_repeat_answers_as_the_first_time_also_after_a_restart(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        (JsonObject Notice, int Status)[] calls =
        [
            (Notices.Disposal(await host.AddVehicle()), 201),
            (Notices.Disposal(await host.AddVehicle(stolen: true)), 202),
            (Notices.Disposal(await host.AddVehicle()).With("keeperConsent", false), 422),
        ];
        var firsts = new List<(string Key, Reply Reply)>();
        foreach (var (notice, status) in calls)
        {
            var key = Partner.NewKey();
            var first = await partner.Send(notice, key);
            Assert.Equal(status, first.Status);
            Assert.Null(first.Header("Idempotency-Replayed"));
            firsts.Add((key, first));
        }
        var before = await host.CountRows();

        await host.Stop();
        await host.StartAgain();
        partner = partner.MovedTo(host.Address);

        foreach (var ((notice, status), (key, first)) in calls.Zip(firsts))
        {
            var again = await partner.Send(notice, key);
            Assert.Equal("true", again.Header("Idempotency-Replayed"));
            Assert.Equal(status, again.Status);
            Assert.Equal(WithoutRequestId(first), WithoutRequestId(again));
            Assert.Equal(first.Header("Location"), again.Header("Location"));
        }
        Assert.Equal(before, await host.CountRows());
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C115_members_in_another_order_and_spacing_are_the_same_body(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var notice = Notices.Acquisition(await host.AddVehicle("inTrade", "org_dealer1"));
        var key = Partner.NewKey();
        var first = await partner.Send(notice, key);
        Assert.Equal(201, first.Status);

        var turned = new JsonObject(
            notice.Reverse().Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))
        );
        var indented = turned
            .ToJsonString(new JsonSerializerOptions { WriteIndented = true })
            .Replace("Ffion", "\\u0046fion", StringComparison.Ordinal);
        var again = await partner.Send(indented, key);

        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal((first.Status, first.Text), (again.Status, again.Text));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C107_a_key_with_another_body_is_refused_and_nothing_is_done(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var notice = Notices.Disposal(await host.AddVehicle());
        var key = Partner.NewKey();
        await partner.Send(notice, key);
        var vehicle = await host.AddVehicle();
        var before = await host.CountRows();

        var other = await partner.Send(Notices.Disposal(vehicle), key);

        Assert.Equal((422, "idempotency-key.reused"), (other.Status, other.String("code")));
        Assert.Equal(before, await host.CountRows());
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_key_is_required_and_is_1_to_255_visible_ascii_characters(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var notice = Encoding.UTF8.GetBytes(Notices.Disposal(await host.AddVehicle()).ToJsonString());
        var before = await host.CountRows();
        foreach (var path in new[] { "/v1/keeper-changes", "/v1/submissions" })
        {
            var missing = await partner.Call(HttpMethod.Post, path, new ByteArrayContent(notice));
            Assert.Equal((400, "idempotency-key.missing"), (missing.Status, missing.String("code")));
            foreach (var key in new[] { "", "a b", new string('k', 256), "\"\"", "k\tk" })
            {
                var malformed = await partner.SendBody(notice, key: key, path: path);
                Assert.Equal((400, "idempotency-key.malformed"), (malformed.Status, malformed.String("code")));
            }
            var doubled = await partner.SendBody(
                notice,
                key: "one",
                path: path,
                adjust: request => request.Headers.Add("Idempotency-Key", "two")
            );
            Assert.Equal((400, "idempotency-key.malformed"), (doubled.Status, doubled.String("code")));
        }
        Assert.Equal(before, await host.CountRows());
        Assert.Equal(201, (await partner.SendBody(notice, key: new string('k', 255))).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_quotes_of_a_structured_field_are_no_part_of_the_key(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var notice = Notices.Disposal(await host.AddVehicle());
        var key = Partner.NewKey();

        var first = await partner.Send(notice, $"\"{key}\"");
        var again = await partner.Send(notice, key);

        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal(first.Text, again.Text);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C113_the_same_key_of_another_client_is_another_key(string database)
    {
        var host = await hosts.On(database);
        var key = Partner.NewKey();
        var first = await (await hosts.Partner(database)).Send(Notices.Disposal(await host.AddVehicle()), key);
        var notice = Notices.Disposal(await host.AddVehicle());

        foreach (var other in new[] { await hosts.Partner(database, "org_dealer2"), await host.Partner("org_dealer1") })
        {
            Assert.Equal(404, (await other.Get($"/v1/outcomes/{key}")).Status);
            var reply = await other.Send(notice.With("keeperConsent", false), key);
            Assert.Equal(422, reply.Status);
            Assert.Equal(["consent.keeper"], reply.Codes);
            Assert.NotEqual(first.String("id"), reply.String("id"));
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Two_calls_with_one_key_in_one_group_have_one_receipt(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var body = Notices.Disposal(await host.AddVehicle());
        var key = Partner.NewKey();
        Notice Call() => partner.ToNotice(body, host.Clock.GetUtcNow(), key);

        var answers = await host.Registers.Of("sandbox").Apply([Call(), Call()], mayRepeat: false);

        Assert.True(answers[1].Replayed);
        Assert.NotNull(answers[1].Decision!.LedgerPosition);
        Assert.Equal(answers[0].Decision!.LedgerPosition, answers[1].Decision!.LedgerPosition);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C109_fifty_calls_at_once_with_one_key_record_one_notice_with_one_leaf(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var notice = Notices.Disposal(await host.AddVehicle());
        var key = Partner.NewKey();

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => partner.Send(notice, key)));

        Assert.All(replies, reply => Assert.Equal(201, reply.Status));
        Assert.Single(replies.Select(reply => reply.Text).Distinct());
        Assert.Single(replies, reply => reply.Header("Idempotency-Replayed") is null);
        await AssertOneLeaf(host, notice);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C109_C110_the_same_holds_for_one_reference_under_many_keys(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var notice = Notices.Disposal(await host.AddVehicle());

        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => partner.Send(notice)));

        Assert.All(replies, reply => Assert.Equal(201, reply.Status));
        Assert.Single(replies.Select(reply => reply.Text).Distinct());
        await AssertOneLeaf(host, notice);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C112_a_call_that_did_nothing_leaves_its_key_to_the_mended_one(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database, "org_vendor");
        var notice = Notices.Disposal(await host.AddVehicle(), onBehalfOf: "org_dealer1");
        var text = notice.ToJsonString();
        (byte[] Body, string MediaType, int Status)[] wrong =
        [
            (Encoding.UTF8.GetBytes(text[..^1]), "application/json", 400),
            (Encoding.UTF8.GetBytes(text), "text/plain", 415),
            (Encoding.UTF8.GetBytes(text + new string(' ', 65536)), "application/json", 413),
            (Encoding.UTF8.GetBytes(notice.With("onBehalfOf", "org_dealer3").ToJsonString()), "application/json", 403),
        ];
        var key = Partner.NewKey();

        foreach (var (body, mediaType, status) in wrong)
        {
            Assert.Equal(status, (await partner.SendBody(body, mediaType, key)).Status);
            Assert.Equal(404, (await partner.Get($"/v1/outcomes/{key}")).Status);
        }

        var mended = await partner.Send(notice, key);
        Assert.Equal(201, mended.Status);
        Assert.Null(mended.Header("Idempotency-Replayed"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_key_belongs_to_one_operation(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var notice = Notices.Disposal(await host.AddVehicle());
        var (single, file) = (Partner.NewKey(), Partner.NewKey());
        Assert.Equal(201, (await partner.Send(notice, single)).Status);
        Assert.Equal(202, (await partner.SendFile(Notices.File(notice), key: file)).Status);

        var asFile = await partner.SendFile(Notices.File(notice), key: single);
        var asSingle = await partner.Send(notice, file);

        Assert.Equal((422, "idempotency-key.reused"), (asFile.Status, asFile.String("code")));
        Assert.Equal((422, "idempotency-key.reused"), (asSingle.Status, asSingle.String("code")));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_became_of_a_call_is_told_by_its_key(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var notice = Notices.Disposal(await host.AddVehicle());
        // Every visible character may stand in a key, so also those that part an address.
        foreach (
            var key in new[]
            {
                Partner.NewKey(),
                "2026/11/25 a?b#c%2Fd;=&+\"'<>".Replace(" ", "", StringComparison.Ordinal),
            }
        )
        {
            var sent = await partner.Send(notice, key);
            var outcome = await partner.Get($"/v1/outcomes/{Uri.EscapeDataString(key)}");
            Assert.Equal(200, outcome.Status);
            Assert.Equal(key, outcome.String("idempotencyKey"));
            Assert.Equal(("keeper-changes", "completed"), (outcome.String("operation"), outcome.String("state")));
            Assert.Equal(sent.Status, (int)outcome.Json["status"]!);
            Assert.Equal(sent.Text, outcome.Json["keeperChange"]!.ToJsonString(Plain));
        }

        var fileKey = Partner.NewKey();
        var file = await partner.SendFile(Notices.File(notice), key: fileKey);
        var ofFile = await partner.Get($"/v1/outcomes/{fileKey}");
        Assert.Equal(("submissions", 202), (ofFile.String("operation"), (int)ofFile.Json["status"]!));
        Assert.Equal(file.String("id"), ofFile.String("submissionId"));

        foreach (var unknown in new[] { "unknown", "%00", "%E2%82%AC", "a%20b", "%2e%2e", "%25" })
            Assert.Contains((await partner.Get("/v1/outcomes/" + unknown)).Status, new[] { 400, 404 });
    }

    static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    static async Task AssertOneLeaf(TradeApiHost host, JsonObject notice) =>
        Assert.Equal(
            (1, 1),
            (
                await host.QueryRegister<long>(
                    "select count(*) from keeper_change where client_reference = @Reference",
                    new { Reference = (string)notice["clientReference"]! }
                ),
                await host.QueryRegister<long>(
                    """
                    select h.size - count(*) + sum(case when k.client_reference = @Reference then 1 else 0 end)
                      from ledger_head h
                      join keeper_change k on k.ledger_page_id is not null
                     group by h.size
                    """,
                    new { Reference = (string)notice["clientReference"]! }
                )
            )
        );

    static string WithoutRequestId(Reply reply) => reply.Json.With("requestId", null).ToJsonString();
}
