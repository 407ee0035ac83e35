using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Web;
using static TradeApi.Client.Tests.Samples;
using static TradeApi.Client.Tests.Script;

namespace TradeApi.Client.Tests;

public sealed class Tokens
{
    static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task C069_A_hundred_calls_at_once_fetch_one_token()
    {
        var script = new Script(Answer(201, Decided()));
        using var client = script.Client();

        await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => client.SendAsync(Disposal(), cancellationToken: Cancel))
        );

        Assert.Single(script.TokenRequests);
        Assert.All(script.Calls, call => Assert.Equal("Bearer token-1", call.Headers["Authorization"]));
    }

    [Fact]
    public async Task A_token_is_fetched_anew_a_minute_before_it_ends()
    {
        var clock = new QuickClock();
        var script = new Script(Answer(201, Decided()));
        using var client = script.Client(new() { TimeProvider = clock });

        await client.SendAsync(Disposal(), cancellationToken: Cancel);
        clock.Advance(TimeSpan.FromSeconds(539));
        await client.SendAsync(Disposal(), cancellationToken: Cancel);
        Assert.Single(script.TokenRequests);

        clock.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => client.SendAsync(Disposal(), cancellationToken: Cancel))
        );
        Assert.Equal(2, script.TokenRequests.Count);
    }

    [Fact]
    public async Task A_token_that_is_still_good_is_used_when_no_new_one_is_to_be_had()
    {
        var clock = new QuickClock();
        var script = new Script(Answer(201, Decided()))
        {
            Token = number => number == 1 ? GoodToken(1) : Response(500, ""),
        };
        using var client = script.Client(new() { TimeProvider = clock });

        await client.SendAsync(Disposal(), cancellationToken: Cancel);
        clock.Advance(TimeSpan.FromSeconds(560));
        var result = await client.SendAsync(Disposal(), cancellationToken: Cancel);

        Assert.True(result.IsAccepted);
        Assert.Equal(2, script.TokenRequests.Count);
    }

    [Fact]
    public async Task A_token_that_lost_its_force_is_replaced_once()
    {
        var script = new Script(Answer(401, Problem(401, "token.invalid")), Answer(201, Decided()));
        using var client = script.Client();

        var result = await client.SendAsync(Disposal(), cancellationToken: Cancel);

        Assert.True(result.IsAccepted);
        Assert.Equal("Bearer token-2", script.Calls[1].Headers["Authorization"]);
        Assert.Equal(script.Calls[0].Headers["Idempotency-Key"], script.Calls[1].Headers["Idempotency-Key"]);
        Assert.Equal(script.Calls[0].Body, script.Calls[1].Body);
    }

    [Fact]
    public async Task A_partner_that_is_refused_is_not_asked_for_another_token()
    {
        var script = new Script(Answer(401, Problem(401, "partner.suspended")));
        using var client = script.Client();

        var failure = await Assert.ThrowsAsync<TradeApiException>(() =>
            client.SendAsync(Disposal(), cancellationToken: Cancel)
        );

        Assert.Equal("partner.suspended", failure.Code);
        Assert.Single(script.TokenRequests);
        Assert.Single(script.Calls);
    }

    [Fact]
    public async Task A_secret_in_the_header_is_form_encoded_first()
    {
        var script = new Script(Answer(201, Decided()));
        using var client = script.Client(credentials: ClientCredentials.FromSecret("a:b", "p+q%é r"));

        await client.SendAsync(Disposal(), cancellationToken: Cancel);

        var header = script.TokenRequests[0].Headers["Authorization"];
        Assert.StartsWith("Basic ", header, StringComparison.Ordinal);
        Assert.Equal(
            "a%3Ab:p%2Bq%25%C3%A9+r",
            Encoding.ASCII.GetString(Convert.FromBase64String(header["Basic ".Length..]))
        );
        Assert.Equal("grant_type=client_credentials", script.TokenRequests[0].Text);
    }

    [Fact]
    public async Task A_secret_in_the_form_is_encoded_by_the_form()
    {
        var script = new Script(Answer(201, Decided()));
        using var client = script.Client(
            new() { TimeProvider = new QuickClock(), Scope = "keeper-changes:write" },
            ClientCredentials.FromSecret("cli_1", "p+q&r", SecretPlacement.Form)
        );

        await client.SendAsync(Disposal(), cancellationToken: Cancel);

        var form = HttpUtility.ParseQueryString(script.TokenRequests[0].Text);
        Assert.Equal("cli_1", form["client_id"]);
        Assert.Equal("p+q&r", form["client_secret"]);
        Assert.Equal("keeper-changes:write", form["scope"]);
        Assert.False(script.TokenRequests[0].Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task An_assertion_is_made_anew_for_each_attempt()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var script = new Script(Answer(201, Decided()))
        {
            Token = number => number == 1 ? Response(503, "") : GoodToken(number),
        };
        using var client = script.Client(credentials: ClientCredentials.FromPrivateKey("cli_1", key, "key-1"));

        await client.SendAsync(Disposal(), cancellationToken: Cancel);

        var assertions = script.TokenRequests.Select(request => Read(request, key)).ToList();
        Assert.Equal(2, assertions.Count);
        Assert.NotEqual(
            assertions[0].Claims.GetProperty("jti").GetString(),
            assertions[1].Claims.GetProperty("jti").GetString()
        );
        foreach (var (header, claims) in assertions)
        {
            Assert.Equal("client-authentication+jwt", header.GetProperty("typ").GetString());
            Assert.Equal("ES256", header.GetProperty("alg").GetString());
            Assert.Equal("key-1", header.GetProperty("kid").GetString());
            Assert.Equal(Issuer, claims.GetProperty("aud").GetString());
            Assert.Equal("cli_1", claims.GetProperty("iss").GetString());
            Assert.Equal("cli_1", claims.GetProperty("sub").GetString());
            Assert.InRange(claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64(), 1, 300);
        }
    }

    [Fact]
    public void A_key_of_another_curve_is_refused_at_once()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<ArgumentException>(() => ClientCredentials.FromPrivateKey("cli_1", key));
    }

    [Fact]
    public async Task The_token_servers_refusal_is_told_with_its_error()
    {
        var script = new Script(Answer(201, Decided()))
        {
            Token = _ =>
                Response(401, """{"error":"invalid_client","error_description":"No such client or secret."}"""),
        };
        using var client = script.Client();

        var failure = await Assert.ThrowsAsync<TradeApiException>(() =>
            client.SendAsync(Disposal(), cancellationToken: Cancel)
        );

        Assert.Equal("invalid_client", failure.Code);
        Assert.Equal("No such client or secret.", failure.Detail);
        Assert.Empty(script.Calls);
    }

    static (JsonElement Header, JsonElement Claims) Read(Sent request, ECDsa key)
    {
        var form = HttpUtility.ParseQueryString(request.Text);
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", form["client_assertion_type"]);
        var parts = form["client_assertion"]!.Split('.');
        Assert.True(
            key.VerifyData(
                Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]),
                Decode(parts[2]),
                HashAlgorithmName.SHA256
            )
        );
        return (
            JsonSerializer.Deserialize<JsonElement>(Decode(parts[0])),
            JsonSerializer.Deserialize<JsonElement>(Decode(parts[1]))
        );
    }

    static byte[] Decode(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
