using static TradeApi.Client.Tests.Samples;
using static TradeApi.Client.Tests.Script;

namespace TradeApi.Client.Tests;

public sealed class Retries
{
    static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task C146_Without_Retry_After_the_waits_grow_and_are_spread(int status)
    {
        var clock = new QuickClock();
        var script = new Script(
            Answer(status, "too many"),
            Answer(status, "too many"),
            Answer(status, "too many"),
            Answer(201, Decided())
        );
        using var client = script.Client(new() { TimeProvider = clock });

        var result = await client.SendAsync(Disposal(), cancellationToken: Cancel);

        Assert.True(result.IsAccepted);
        Assert.Equal(3, clock.Waits.Count);
        Assert.InRange(clock.Waits[0].TotalMilliseconds, 250, 500);
        Assert.InRange(clock.Waits[1].TotalMilliseconds, 500, 1000);
        Assert.InRange(clock.Waits[2].TotalMilliseconds, 1000, 2000);
    }

    [Fact]
    public async Task The_wait_that_the_service_asks_for_is_kept()
    {
        var clock = new QuickClock();
        var script = new Script(
            Answer(429, Problem(429, "limit.exceeded", true), ("Retry-After", "7")),
            Answer(503, Problem(503, "register.unavailable", true), ("Retry-After", "Wed, 25 Nov 2026 12:01:00 GMT")),
            Answer(201, Decided())
        );
        using var client = script.Client(new() { TimeProvider = clock });

        await client.SendAsync(Disposal(), cancellationToken: Cancel);

        Assert.InRange(clock.Waits[0].TotalSeconds, 7, 7.5);
        Assert.InRange(clock.Waits[1].TotalSeconds, 60 - 7.5, 60 - 7 + 0.5);
    }

    [Fact]
    public async Task A_wait_longer_than_allowed_is_left_to_the_caller()
    {
        var script = new Script(Answer(503, Problem(503, "register.unavailable", true), ("Retry-After", "3600")));
        using var client = script.Client();

        var failure = await Assert.ThrowsAsync<TradeApiException>(() => client.SendAsync(Disposal(), "key-1", Cancel));

        Assert.Single(script.Calls);
        Assert.Equal(TimeSpan.FromHours(1), failure.RetryAfter);
        Assert.Equal("key-1", failure.IdempotencyKey);
    }

    [Fact]
    public async Task Attempts_are_bounded()
    {
        var script = new Script(Answer(503, ""));
        using var client = script.Client(new() { TimeProvider = new QuickClock(), MaxRetries = 2 });

        var failure = await Assert.ThrowsAsync<TradeApiException>(() => client.GetKeeperChangeAsync("kc_1", Cancel));

        Assert.Equal(503, failure.Status);
        Assert.Equal("unknown", failure.Outcome);
        Assert.Equal(3, script.Calls.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(502)]
    public async Task Other_errors_are_not_repeated(int status)
    {
        var script = new Script(Answer(status, "<html>no</html>"));
        using var client = script.Client();

        var failure = await Assert.ThrowsAsync<TradeApiException>(() =>
            client.SendAsync(Disposal(), cancellationToken: Cancel)
        );

        Assert.Equal(status, failure.Status);
        Assert.Equal("<html>no</html>", failure.Body);
        Assert.Single(script.Calls);
    }

    [Fact]
    public async Task C115_A_repeat_carries_the_same_key_and_the_same_bytes()
    {
        var script = new Script(
            Broken(),
            Answer(503, ""),
            Answer(409, Problem(409, "idempotency-key.in-progress", true), ("Retry-After", "1")),
            Answer(201, Decided(), ("Idempotency-Replayed", "true"))
        );
        using var client = script.Client();

        var result = await client.SendAsync(Disposal(), cancellationToken: Cancel);

        Assert.True(result.Replayed);
        Assert.Equal(4, script.Calls.Count);
        Assert.Single(script.Calls.Select(call => call.Headers["Idempotency-Key"]).Distinct());
        Assert.Equal(result.IdempotencyKey, script.Calls[0].Headers["Idempotency-Key"]);
        Assert.All(script.Calls, call => Assert.Equal(script.Calls[0].Body, call.Body));
    }

    [Fact]
    public async Task Each_call_has_a_key_of_its_own()
    {
        var script = new Script(Answer(201, Decided()));
        using var client = script.Client();

        await client.SendAsync(Disposal(), cancellationToken: Cancel);
        await client.SendAsync(Disposal(), cancellationToken: Cancel);

        Assert.Equal(2, script.Calls.Select(call => call.Headers["Idempotency-Key"]).Distinct().Count());
    }

    [Fact]
    public async Task C144_A_time_out_is_a_time_out_and_its_repeats_keep_the_key()
    {
        var script = new Script(Silent());
        using var client = script.Client(
            new()
            {
                TimeProvider = new QuickClock(),
                Timeout = TimeSpan.FromMilliseconds(60),
                MaxRetries = 1,
            }
        );

        var failure = await Assert.ThrowsAsync<TradeApiException>(() =>
            client.SendAsync(Disposal(), cancellationToken: Cancel)
        );

        Assert.True(failure.IsTimeout);
        Assert.Null(failure.Status);
        Assert.Equal("unknown", failure.Outcome);
        Assert.Equal(2, script.Calls.Count);
        Assert.All(script.Calls, call => Assert.Equal(failure.IdempotencyKey, call.Headers["Idempotency-Key"]));
    }

    [Fact]
    public async Task C144_The_time_out_of_the_callers_own_client_is_a_time_out_too()
    {
        var script = new Script(Silent());
        using var http = new HttpClient(script)
        {
            BaseAddress = new Uri("https://api.example.com"),
            Timeout = TimeSpan.FromMilliseconds(200),
        };
        using var client = new TradeApiClient(
            http,
            ClientCredentials.FromSecret("cli_1", "secret"),
            new() { MaxRetries = 0 }
        );

        var failure = await Assert.ThrowsAsync<TradeApiException>(() =>
            client.SendAsync(Disposal(), cancellationToken: Cancel)
        );

        Assert.True(failure.IsTimeout);
    }

    [Fact]
    public async Task C144_The_callers_cancellation_is_never_repeated()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var script = new Script(
            async (_, cancel) =>
            {
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancel);
                throw new InvalidOperationException();
            }
        );
        using var client = script.Client();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            client.SendAsync(Disposal(), cancellationToken: stop.Token)
        );

        Assert.Single(script.Calls);
    }

    [Fact]
    public async Task C144_A_cancellation_during_a_wait_ends_the_call()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var script = new Script(
            (_, _) =>
            {
                stop.CancelAfter(50);
                return Task.FromResult(Response(503, "", ("Retry-After", "30")));
            }
        );
        using var client = script.Client(new());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            client.SendAsync(Disposal(), cancellationToken: stop.Token)
        );

        Assert.Single(script.Calls);
    }
}
