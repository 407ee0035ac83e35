using System.Globalization;
using System.Reflection;
using System.Text.Json;
using static TradeApi.Client.Tests.Samples;
using static TradeApi.Client.Tests.Script;

namespace TradeApi.Client.Tests;

/// <summary>What stands on the wire and what the SDK makes of answers, whatever a later service puts into them.</summary>
public sealed class Answers
{
    static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task C131_A_date_is_sent_as_a_date()
    {
        var script = new Script(Answer(201, Decided()));
        using var client = script.Client();

        await client.SendAsync(Disposal(), cancellationToken: Cancel);

        Assert.Contains("\"eventDate\":\"2026-06-30\"", script.Calls[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task C133_The_same_bytes_are_sent_in_every_culture()
    {
        var bodies = new List<string>();
        var before = CultureInfo.CurrentCulture;
        try
        {
            foreach (var culture in new[] { "en-US", "ar-SA", "cy-GB" })
            {
                CultureInfo.CurrentCulture = new CultureInfo(culture);
                var script = new Script(Answer(201, Decided()), Answer(200, """{"items":[]}"""));
                using var client = script.Client();
                await client.SendAsync(Disposal(), "key", Cancel);
                await client.Core.ListSubmissionsAsync(limit: 200, cancellationToken: Cancel);
                bodies.Add(script.Calls[0].Text + script.Calls[1].Address);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Single(bodies.Distinct());
        Assert.Contains("\"mileage\":41250", bodies[0], StringComparison.Ordinal);
        Assert.EndsWith("?limit=200", bodies[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_type_of_a_notice_stands_first_and_what_is_absent_is_left_out()
    {
        var script = new Script(Answer(201, Decided()));
        using var client = script.Client();

        await client.SendAsync(Disposal(), cancellationToken: Cancel);

        Assert.StartsWith("{\"type\":\"disposalToTrade\"", script.Calls[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("null", script.Calls[0].Text, StringComparison.Ordinal);
        Assert.Equal("application/json", script.Calls[0].Headers["Content-Type"]);
    }

    [Fact]
    public async Task Every_request_says_whose_software_sends_it()
    {
        var script = new Script(Answer(201, Decided()));
        using var client = script.Client(new() { TimeProvider = new QuickClock(), Product = "ExampleDms/4.2" });

        await client.SendAsync(Disposal(), cancellationToken: Cancel);

        Assert.All(
            script.Calls.Concat(script.TokenRequests),
            call => Assert.Equal("ExampleDms/4.2, TradeApi.Client/1.0.0", call.Headers["User-Agent"])
        );
        Assert.Throws<ArgumentException>(() => script.Client(new() { Product = "not a (product" }));
    }

    [Fact]
    public async Task C134_An_outcome_of_a_later_service_is_kept_as_text()
    {
        var script = new Script(
            Answer(
                201,
                Decided("someFutureOutcome").Replace("\"id\"", "\"later\":{\"a\":1},\"id\"", StringComparison.Ordinal)
            ),
            Answer(200, """{"rowNumber":1,"outcome":"someFutureOutcome","findings":[],"later":1}""" + "\n")
        );
        using var client = script.Client();

        var result = await client.SendAsync(Disposal(), cancellationToken: Cancel);
        var rows = await client.ReadResultsAsync("sub_1", cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal("someFutureOutcome", result.Outcome);
        Assert.False(result.IsAccepted || result.IsReferred || result.IsRefused);
        Assert.True(result.KeeperChange!.AdditionalProperties.ContainsKey("later"));
        Assert.Equal("someFutureOutcome", Assert.Single(rows).Outcome);
    }

    [Fact]
    public async Task C134_A_state_of_a_later_service_is_waited_out_while_the_service_asks_to_look_again()
    {
        var script = new Script(
            Answer(200, Submission("someFutureState"), ("Retry-After", "3")),
            Answer(200, Submission("processing"), ("Retry-After", "3")),
            Answer(200, Submission("anotherFutureState"))
        );
        var clock = new QuickClock();
        using var client = script.Client(new() { TimeProvider = clock });

        var ended = await client.WaitForCompletionAsync("sub_1", cancellationToken: Cancel);

        Assert.Equal("anotherFutureState", ended.State);
        Assert.Equal([TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3)], clock.Waits);
    }

    [Fact]
    public async Task C135_No_content_is_a_success()
    {
        var script = new Script(Answer(204));
        using var http = new HttpClient(script);
        var attempts = new TradeApi.Client.Transport.Attempts(http, new(), "tests");

        using var response = await attempts.Send(
            () =>
                ValueTask.FromResult(
                    new HttpRequestMessage(HttpMethod.Delete, "https://api.example.com/v1/webhooks/1")
                ),
            Cancel
        );

        Assert.Equal(204, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(200, "accepted")]
    [InlineData(201, "accepted")]
    [InlineData(202, "referred")]
    public async Task C136_Every_success_gives_the_result(int status, string outcome)
    {
        var script = new Script(Answer(status, Decided(outcome), ("Location", "/v1/keeper-changes/kc_1")));
        using var client = script.Client();

        var result = await client.SendAsync(Disposal(), cancellationToken: Cancel);

        Assert.Equal(outcome, result.Outcome);
        Assert.Equal("kc_1", result.KeeperChangeId);
        Assert.Equal("/v1/keeper-changes/kc_1", result.Location);
    }

    [Fact]
    public async Task C136_A_file_that_was_taken_says_where_it_is_and_when_to_look()
    {
        var script = new Script(
            Answer(202, Submission("processing"), ("Location", "/v1/submissions/sub_1"), ("Retry-After", "2"))
        );
        using var client = script.Client();

        var received = await client.SendFileAsync(new MemoryStream("a\n1\n"u8.ToArray()), FileFormat.Csv, null, Cancel);

        Assert.Equal("sub_1", received.Id);
        Assert.Equal("/v1/submissions/sub_1", received.Location);
        Assert.Equal(TimeSpan.FromSeconds(2), received.RetryAfter);
    }

    [Fact]
    public async Task C137_A_problem_is_told_whole_with_members_that_are_not_known()
    {
        const string more = """
            ,"findings":[{"code":"a.b","severity":"refuse","pointer":"/mileage","message":"M."},"not a finding"],
             "errors":{"mileage":["too high"]},"traceId":"00-abc","existing":"kc_9"
            """;
        var script = new Script(Answer(400, Problem(400, "body.unreadable", more: more)));
        using var client = script.Client();

        var failure = await Assert.ThrowsAsync<TradeApiException>(() => client.GetKeeperChangeAsync("kc_1", Cancel));

        Assert.Equal(400, failure.Status);
        Assert.Equal("body.unreadable", failure.Code);
        Assert.Equal("A detail.", failure.Detail);
        Assert.Equal("req_1", failure.RequestId);
        Assert.Equal("notApplied", failure.Outcome);
        Assert.Equal("kc_9", failure.Existing);
        Assert.Equal("/mileage", Assert.Single(failure.Findings).Pointer);
        Assert.Equal("00-abc", failure.Members["traceId"].GetString());
        Assert.Equal("too high", failure.Members["errors"].GetProperty("mileage")[0].GetString());
        Assert.Contains("400 body.unreadable: A detail.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "keeper-change.not-authorised")]
    [InlineData(409, "duplicate.reference-reused")]
    [InlineData(422, "keeper-change.refused")]
    public async Task A_refusal_by_the_rules_is_a_result(int status, string code)
    {
        const string more = """
            ,"instance":"/v1/keeper-changes/kc_5","findings":[{"code":"x.y","severity":"refuse","message":"Mend it."}]
            """;
        var script = new Script(Answer(status, Problem(status, code, more: more)));
        using var client = script.Client();

        var result = await client.SendAsync(Disposal(), "key-1", Cancel);

        Assert.True(result.IsRefused);
        Assert.Equal(code, result.Code);
        Assert.Equal("kc_5", result.KeeperChangeId);
        Assert.Equal("x.y", Assert.Single(result.Findings).Code);
        Assert.Equal("key-1", result.IdempotencyKey);
    }

    [Fact]
    public async Task A_key_used_for_another_notice_is_an_exception()
    {
        var script = new Script(Answer(422, Problem(422, "idempotency-key.reused")));
        using var client = script.Client();

        var failure = await Assert.ThrowsAsync<TradeApiException>(() => client.SendAsync(Disposal(), "key-1", Cancel));

        Assert.Equal("idempotency-key.reused", failure.Code);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"status":"400","code":7,"findings":{},"retryable":"yes"}""")]
    [InlineData("{\"code\":")]
    [InlineData("")]
    public async Task A_problem_of_another_shape_keeps_its_status(string body)
    {
        var script = new Script(Answer(400, body));
        using var client = script.Client();

        var failure = await Assert.ThrowsAsync<TradeApiException>(() => client.GetKeeperChangeAsync("kc_1", Cancel));

        Assert.Equal(400, failure.Status);
    }

    [Fact]
    public async Task An_answer_that_is_no_JSON_is_an_exception_with_its_status()
    {
        var script = new Script(Answer(201, "<html>"));
        using var client = script.Client();

        var failure = await Assert.ThrowsAsync<TradeApiException>(() =>
            client.SendAsync(Disposal(), cancellationToken: Cancel)
        );

        Assert.Equal(201, failure.Status);
        Assert.Equal("unknown", failure.Outcome);
        Assert.NotNull(failure.IdempotencyKey);
    }

    [Fact]
    public void C138_What_may_be_absent_is_nullable()
    {
        var nullability = new NullabilityInfoContext();
        using var contract = JsonDocument.Parse(File.ReadAllText(GeneratedCore.Contract));
        foreach (var schema in contract.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            var type = typeof(TradeApiCore).Assembly.GetType("TradeApi.Client." + schema.Name)!;
            var own = schema.Value.TryGetProperty("allOf", out var all) ? all[1] : schema.Value;
            var required = own.TryGetProperty("required", out var names)
                ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet()
                : [];
            foreach (
                var member in own.GetProperty("properties")
                    .EnumerateObject()
                    .Where(member => !required.Contains(member.Name))
            )
            {
                var property = type.GetProperty(
                    member.Name,
                    BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase
                )!;
                Assert.True(
                    nullability.Create(property).ReadState == NullabilityState.Nullable,
                    $"{type.Name}.{property.Name} may be absent and is not nullable"
                );
            }
        }
    }

    [Theory]
    [InlineData("https://api.example.com", "https://api.example.com/v1/keeper-changes")]
    [InlineData("https://api.example.com/", "https://api.example.com/v1/keeper-changes")]
    [InlineData("https://gw.example.com/trade", "https://gw.example.com/trade/v1/keeper-changes")]
    [InlineData("https://gw.example.com/trade/v1", "https://gw.example.com/trade/v1/keeper-changes")]
    [InlineData("https://gw.example.com/trade/v1/", "https://gw.example.com/trade/v1/keeper-changes")]
    public async Task C140_Every_way_to_write_the_base_address_reaches_the_same(string address, string expected)
    {
        var script = new Script(Answer(201, Decided()));
        using var client = script.Client(address: address);

        await client.SendAsync(Disposal(), cancellationToken: Cancel);

        Assert.Equal(expected, script.Calls[0].Address.AbsoluteUri);
    }
}
