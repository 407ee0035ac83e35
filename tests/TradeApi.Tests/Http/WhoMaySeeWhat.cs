using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using TradeApi.Register;
using TradeApi.Tokens;

namespace TradeApi.Tests.Http;

/// <summary>To everybody but its own, a notice or a file does not exist.</summary>
public class WhoMaySeeWhat(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C161_C162_a_foreign_id_answers_as_an_unknown_one_on_every_route(string database)
    {
        var host = await hosts.On(database);
        var owner = await hosts.Partner(database);
        var stranger = await hosts.Partner(database, "org_dealer2");
        var notice = (await owner.Send(Notices.Disposal(await host.AddVehicle()))).String("id")!;
        var refused = Notices.Disposal(await host.AddVehicle()).With("keeperConsent", false);
        var file = (await owner.SendFile(Notices.File(refused))).String("id")!;
        await owner.Send(refused, "a-key-of-another");
        var stock = await host.AddVehicle("inTrade", "org_dealer1");
        await (await hosts.Partner(database, "org_dealer3")).Send(
            Notices.Acquisition(stock).With("confirmations", new JsonArray("trade.held-by-another"))
        );
        var dispute = (
            await owner.Post(
                "/v1/disputes",
                new JsonObject { ["registrationNumber"] = stock.Mark, ["reason"] = "It stands in our yard." }
            )
        ).String("id")!;

        var routes = host
            .Routes.Where(route => route.RoutePattern.Parameters.Count > 0)
            .Where(route => route.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal))
            // What takes a notice back comes last: the other routes need it as it is.
            .OrderBy(route => route.RoutePattern.RawText!.EndsWith("/reversal", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(11, routes.Count);
        foreach (var route in routes)
        {
            var template = route.RoutePattern.RawText!;
            var method = new HttpMethod(route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]);
            var own =
                template.Contains("submissions", StringComparison.Ordinal) ? file
                : template.Contains("disputes", StringComparison.Ordinal) ? dispute
                : notice;
            string[] ids =
            [
                own,
                own[..^1] + (own[^1] == '0' ? '1' : '0'),
                own == file ? notice : file,
                "kc_",
                "sub_nonsense",
                "%E2%82%AC",
                "'%20or%201=1%20--",
                Guid.CreateVersion7().ToString(),
            ];
            string Path(string id) =>
                template
                    .Replace("{id}", id, StringComparison.Ordinal)
                    .Replace("{idempotencyKey}", id == own ? "a-key-of-another" : id, StringComparison.Ordinal);

            var answers = new HashSet<string>(StringComparer.Ordinal);
            foreach (var id in ids)
            {
                var reply = await stranger.Call(method, Path(id), Body(template), Partner.NewKey());
                Assert.Equal(404, reply.Status);
                answers.Add(reply.Json.With("requestId", null).ToJsonString());
            }
            Assert.Single(answers);
            var answered = await owner.Call(method, Path(own), Body(template), Partner.NewKey());
            Assert.InRange(answered.Status, 200, 201);
        }

        static StringContent? Body(string template) =>
            template.EndsWith("/correction", StringComparison.Ordinal)
                ? new StringContent("""{"mileage": 1000}""", Encoding.UTF8, "application/json")
                : null;
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Sandbox_and_live_never_meet(string database)
    {
        var host = await hosts.On(database);
        await host.ImportOrganisations(
            """{"organisations":[{"id":"org_both","name":"Both Motors","kind":"motorTrader"}],"mandates":[]}""",
            live: true
        );
        var sandbox = await host.Partner("org_both");
        var live = await host.Partner("org_both", "live");
        var (trial, real) = (await host.AddVehicle(), await host.AddVehicle(live: true));
        var (inTrial, inReal) = (Notices.Disposal(trial, "MINE"), Notices.Disposal(real, "MINE"));
        var key = Partner.NewKey();

        Assert.Equal(["vehicle.not-matched"], (await live.Send(inTrial)).Codes);
        Assert.Equal(["vehicle.not-matched"], (await sandbox.Send(inReal)).Codes);
        var first = await sandbox.Send(inTrial, key);
        var second = await live.Send(inReal, key);

        Assert.Equal((201, "sandbox"), (first.Status, first.String("environment")));
        Assert.Equal((201, "live"), (second.Status, second.String("environment")));
        Assert.Matches("^S-", (string)first.Json["receipt"]!["reference"]!);
        Assert.Matches("^L-", (string)second.Json["receipt"]!["reference"]!);
        Assert.Equal(404, (await live.Get(first.Header("Location")!)).Status);
        Assert.Equal(404, (await sandbox.Get(second.Header("Location")!)).Status);
        var file = await live.SendFile(Notices.File(inReal));
        Assert.Equal(1, (int)file.Json["rows"]!["duplicate"]!);
        Assert.Equal(404, (await sandbox.Get(file.Header("Location")!)).Status);
        Assert.Empty((await sandbox.Get("/v1/submissions")).Json["items"]!.AsArray());
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_is_read_comes_from_the_own_register_alone(string database)
    {
        var host = await hosts.On(database);
        await host.ImportOrganisations(
            """{"organisations":[{"id":"org_reads","name":"Reading Mutual","kind":"insurer"},{"id":"org_sells","name":"Both Cars","kind":"motorTrader"}],"mandates":[]}""",
            live: true
        );
        var (trial, real) = (await host.AddVehicle(), await host.AddVehicle(live: true));
        var (sandbox, live) = (await host.Partner("org_sells"), await host.Partner("org_sells", "live"));
        Assert.Equal(201, (await sandbox.Send(Notices.Disposal(trial, "READ"))).Status);
        Assert.Equal(201, (await live.Send(Notices.Disposal(real, "READ"))).Status);

        foreach (var (partner, own, other) in new[] { (sandbox, trial, real), (live, real, trial) })
        {
            Assert.Single(await Items(partner, "/v1/vehicles/history", own));
            Assert.Empty(await Items(partner, "/v1/vehicles/history", other));
            Assert.Single(await Items(partner, "/v1/keeper-changes/search", own));
            Assert.Empty(await Items(partner, "/v1/keeper-changes/search", other));
            var found = (await partner.Ask("/v1/keeper-changes/search", """{"clientReference":"READ"}""")).Json[
                "items"
            ]!;
            Assert.Equal(own.Mark, (string?)Assert.Single(found.AsArray())!["registrationNumber"]);
        }
        foreach (var (environment, own, other) in new[] { ("sandbox", trial, real), ("live", real, trial) })
        {
            var insurer = await host.Partner("org_reads", environment);
            Assert.Equal(200, (await insurer.Ask("/v1/vehicles/keeper-at-date", Look(own))).Status);
            Assert.Equal(404, (await insurer.Ask("/v1/vehicles/keeper-at-date", Look(other))).Status);
        }
        Assert.Equal(
            2,
            await host.QueryRegister<long>("select count(*) from keeper_enquiry where organisation_id = 'org_reads'")
        );

        async Task<JsonArray> Items(Partner partner, string path, TestVehicle vehicle) =>
            (await partner.Ask(path, new JsonObject { ["registrationNumber"] = vehicle.Mark })).Json[
                "items"
            ]!.AsArray();

        JsonObject Look(TestVehicle vehicle) =>
            new()
            {
                ["registrationNumber"] = vehicle.Mark,
                ["date"] = "2026-11-01",
                ["purpose"] = "Claim",
                ["caseReference"] = "CLAIM-1",
            };
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task No_header_or_parameter_changes_the_register(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var notice = Notices.Disposal(await host.AddVehicle());

        var asked = await partner.SendBody(
            Encoding.UTF8.GetBytes(notice.ToJsonString()),
            path: "/v1/keeper-changes?environment=live&env=live",
            adjust: request => request.Headers.Add("Environment", "live")
        );
        var inBody = await partner.Send(Notices.Disposal(await host.AddVehicle()).With("environment", "live"));

        Assert.Equal((201, "sandbox"), (asked.Status, asked.String("environment")));
        Assert.Equal(["field.unknown"], inBody.Codes);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C165_a_suspended_organisation_is_refused_at_once_whatever_its_token_says(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database, "org_dealer3");
        var notice = Notices.Disposal(await host.AddVehicle());
        await Suspend(host, "org_dealer3", "suspended");
        try
        {
            Reply[] replies =
            [
                await partner.Send(notice),
                await partner.Validate(notice),
                await partner.SendFile(Notices.File(notice)),
                await partner.Get("/v1/submissions"),
            ];
            Assert.All(replies, reply => Assert.Equal(401, reply.Status));
            Assert.All(replies, reply => Assert.Equal("partner.suspended", reply.String("code")));

            // Suspended after the token was checked and before the decision.
            await Assert.ThrowsAsync<SenderNotInForceException>(() =>
                host.Registers.Queue("sandbox").Post(partner.ToNotice(notice, host.Clock.Now()))
            );
        }
        finally
        {
            await Suspend(host, "org_dealer3", "sandbox");
        }
        Assert.Equal(201, (await partner.Send(notice)).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Nobody_acts_for_a_suspended_organisation(string database)
    {
        var host = await hosts.On(database);
        var vendor = await hosts.Partner(database, "org_vendor");
        var notice = Notices.Disposal(await host.AddVehicle(), onBehalfOf: "org_dealer2");
        await Suspend(host, "org_dealer2", "suspended");

        var reply = await vendor.Send(notice);

        await Suspend(host, "org_dealer2", "sandbox");
        Assert.Equal(403, reply.Status);
        Assert.Equal(201, (await vendor.Send(notice)).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Every_operation_asks_for_a_token_with_its_scope(string database)
    {
        var host = await hosts.On(database);
        var reader = await host.Partner("org_dealer1", scope: "keeper-changes:read");
        var writer = await host.Partner("org_dealer1", scope: "keeper-changes:write");
        using var nobody = new HttpClient { BaseAddress = host.Address };
        var routes = host.Routes.Where(route =>
            route.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal)
        );
        foreach (var route in routes)
        {
            var path = route
                .RoutePattern.RawText!.Replace("{", "", StringComparison.Ordinal)
                .Replace("}", "", StringComparison.Ordinal);
            var method = new HttpMethod(route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]);
            var lacking = route.Metadata.GetMetadata<ScopeNeeded>()!.Scope == "keeper-changes:write" ? reader : writer;

            var reply = await lacking.Call(method, path);
            Assert.Equal((403, "scope.missing"), (reply.Status, reply.String("code")));

            using var request = new HttpRequestMessage(method, path);
            using var response = await nobody.SendAsync(request);
            Assert.Equal(401, (int)response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C150_another_method_answers_405_with_those_allowed(string database)
    {
        var partner = await hosts.Partner(database);
        (string Method, string Path, string Allow)[] wrong =
        [
            ("DELETE", "/v1/keeper-changes", "POST"),
            ("GET", "/v1/keeper-changes", "POST"),
            ("PATCH", "/v1/keeper-changes/validate", "GET, POST"),
            ("PUT", "/v1/submissions", "GET, POST"),
            ("DELETE", "/v1/submissions/sub_1", "GET"),
            ("GET", "/v1/submissions/sub_1/cancel", "POST"),
            ("POST", "/v1/outcomes/key", "GET"),
        ];
        foreach (var (method, path, allow) in wrong)
        {
            var reply = await partner.Call(new HttpMethod(method), path);
            Assert.Equal((405, "method.not-allowed"), (reply.Status, reply.String("code")));
            Assert.Equal(allow.Split(", "), reply.Header("Allow")!.Split(", ").Order(StringComparer.Ordinal));
            Assert.Equal("application/problem+json", reply.ContentHeaders.ContentType!.MediaType);
        }
        var unknown = await partner.Get("/v1/nothing");
        Assert.Equal((404, "not-found"), (unknown.Status, unknown.String("code")));
        Assert.Null(unknown.Header("Allow"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C159_a_slash_at_the_end_changes_nothing(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var notice = Notices.Disposal(await host.AddVehicle());

        var sent = await partner.SendBody(Encoding.UTF8.GetBytes(notice.ToJsonString()), path: "/v1/keeper-changes/");
        var file = await partner.SendBody(Notices.File(notice), "application/x-ndjson", path: "/v1/submissions/");

        Assert.Equal((201, 202), (sent.Status, file.Status));
        Assert.Equal(200, (await partner.Get("/v1/submissions/")).Status);
        Assert.Equal(200, (await partner.Get(sent.Header("Location") + "/")).Status);
        Assert.Equal(200, (await partner.Get(file.Header("Location") + "/results/")).Status);
        using var nobody = new HttpClient { BaseAddress = host.Address };
        Assert.Equal(401, (int)(await nobody.GetAsync("/v1/submissions/")).StatusCode);
    }

    static Task Suspend(TradeApiHost host, string organisation, string state) =>
        host.ExecuteControl(
            "update organisation set state = @State where organisation_id = @Organisation",
            new { State = state, Organisation = organisation }
        );
}
