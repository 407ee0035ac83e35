using System.Net;
using System.Text.Json.Nodes;
using TradeApi.Tokens;

namespace TradeApi.Tests.Tokens;

public class ClientAssertions(SharedTokenHost shared) : IClassFixture<SharedTokenHost>
{
    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    [InlineData("RS256")]
    public async Task A_client_proves_itself_with_its_own_key(string algorithm)
    {
        var host = shared.Host;
        var partner = await host.WithKey(algorithm == "ES256" ? AssertionKey.Es256() : AssertionKey.Rsa(algorithm));

        var answer = await host.TokenByAssertion(host.Assertion(partner));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(partner.ClientId, (await host.WhoAmI(answer.Text("access_token"))).Text("clientId"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("k1")]
    [InlineData("k2")]
    public async Task The_kid_is_optional_on_either_side_and_must_fit_when_both_have_one(string? keyId)
    {
        var host = shared.Host;
        var named = await host.WithKey();
        var nameless = await host.WithKey(AssertionKey.Es256(keyId: null));
        JsonObject Header() =>
            new()
            {
                ["alg"] = "ES256",
                ["typ"] = "JWT",
                ["kid"] = keyId,
            };

        var ofNamed = await host.TokenByAssertion(host.Assertion(named, header: Header()));
        var ofNameless = await host.TokenByAssertion(host.Assertion(nameless, header: Header()));

        Assert.Equal(keyId == "k2" ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, ofNamed.Status);
        Assert.Equal(HttpStatusCode.OK, ofNameless.Status);
    }

    [Fact]
    public async Task B03_a_replayed_assertion_gets_no_second_token()
    {
        var host = shared.Host;
        var assertion = host.Assertion(await host.WithKey());

        Assert.Equal(HttpStatusCode.OK, (await host.TokenByAssertion(assertion)).Status);
        await Refused(host, assertion, "'jti' was used before");
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task B03_fifty_replays_at_once_on_two_nodes_get_one_token_in_all(string database)
    {
        await using var first = await TokenHost.Start(database);
        await using var second = await first.StartAnother();
        var assertion = first.Assertion(await first.WithKey());

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(i => (i % 2 == 0 ? first : second).TokenByAssertion(assertion, address: $"192.0.2.{i}"))
        );

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(49, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task Two_clients_may_use_the_same_jti()
    {
        var host = shared.Host;

        var one = await host.TokenByAssertion(host.Assertion(await host.WithKey(), claims => claims["jti"] = "1"));
        var two = await host.TokenByAssertion(host.Assertion(await host.WithKey(), claims => claims["jti"] = "1"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (one.Status, two.Status));
    }

    [Theory]
    [InlineData("jti")]
    [InlineData("exp")]
    [InlineData("iat")]
    [InlineData("aud")]
    [InlineData("iss")]
    public async Task B04_a_missing_claim_is_named(string claim)
    {
        var host = shared.Host;
        var partner = await host.WithKey();

        await Refused(host, host.Assertion(partner, claims => claims.Remove(claim)), $"'{claim}'");
    }

    [Theory]
    [InlineData("jti", "")]
    [InlineData("jti", "long")]
    [InlineData("exp", "soon")]
    [InlineData("iat", "now")]
    public async Task B04_a_claim_of_the_wrong_kind_is_named(string claim, string value)
    {
        var host = shared.Host;
        var partner = await host.WithKey();

        var assertion = host.Assertion(
            partner,
            claims => claims[claim] = value == "long" ? new string('x', 256) : value
        );

        await Refused(host, assertion, $"'{claim}'");
    }

    [Fact]
    public async Task B05_an_assertion_lives_at_most_five_minutes_and_leaves_no_trace_when_refused()
    {
        await using var host = await TokenHost.Start();
        var partner = await host.WithKey();
        var now = host.Now.ToUnixTimeSeconds();

        await Refused(host, host.Assertion(partner, claims => claims["exp"] = now + 301), "5 minutes");
        await Refused(host, host.Assertion(partner, claims => claims["exp"] = now + 315_360_000), "5 minutes");
        Assert.Equal(0, await host.Ask<int>("select count(*) from client_assertion"));
        var longest = host.Assertion(partner, claims => claims["exp"] = now + 300);
        Assert.Equal(HttpStatusCode.OK, (await host.TokenByAssertion(longest)).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task B05_used_jtis_are_forgotten_once_their_assertions_have_expired(string database)
    {
        await using var host = await TokenHost.Start(database);
        var partner = await host.WithKey();
        for (var i = 0; i < 5; i++)
            await host.TokenByAssertion(host.Assertion(partner));

        host.Clock.Advance(TimeSpan.FromMinutes(10));
        await host.TokenByAssertion(host.Assertion(partner));

        Assert.Equal(1, await host.Ask<int>("select count(*) from client_assertion"));
    }

    [Theory]
    [InlineData("\"https://trade.example/oauth2/token\"")]
    [InlineData("\"https://trade.example\"")]
    [InlineData("\"https://TRADE.example/\"")]
    [InlineData("\"https://sandbox.trade.example/\"")]
    [InlineData("\"https://other.example.com\"")]
    [InlineData("[\"https://trade.example/\", \"https://other.example.com\"]")]
    [InlineData("[\"https://trade.example/\", \"https://trade.example/\"]")]
    [InlineData("[]")]
    [InlineData("[[\"https://trade.example/\"]]")]
    public async Task B06_C064_only_the_issuer_is_an_audience(string audience)
    {
        var host = shared.Host;
        var partner = await host.WithKey();

        await Refused(host, host.Assertion(partner, claims => claims["aud"] = JsonNode.Parse(audience)), "'aud'");
    }

    [Theory]
    [InlineData("\"https://trade.example/\"")]
    [InlineData("[\"https://trade.example/\"]")]
    public async Task C064_the_issuer_is_taken_as_a_string_or_as_the_only_member(string audience)
    {
        var host = shared.Host;
        var partner = await host.WithKey();
        var assertion = host.Assertion(partner, claims => claims["aud"] = JsonNode.Parse(audience));

        Assert.Equal(HttpStatusCode.OK, (await host.TokenByAssertion(assertion)).Status);
    }

    [Fact]
    public async Task B07_an_assertion_of_another_partner_proves_nothing()
    {
        var host = shared.Host;
        var partner = await host.WithKey();
        var other = await host.WithKey();
        var forged = other with { ClientId = partner.ClientId };
        var unknown = other with { ClientId = "cli_" + new string('0', 32) };
        var bySecret = (await host.WithSecret()) with { Key = other.Key };

        await Refused(host, host.Assertion(forged), ClientAuthentication.NotProved);
        await Refused(host, host.Assertion(unknown), ClientAuthentication.NotProved);
        await Refused(host, host.Assertion(bySecret), ClientAuthentication.NotProved);
        await Refused(host, host.Assertion(partner, claims => claims["iss"] = other.ClientId), "'iss' and 'sub'");

        var mixed = await host.Post([
            .. TokenHost.AssertionForm(host.Assertion(partner)),
            new("client_id", other.ClientId),
        ]);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (mixed.Status, mixed.Error));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("ES384")]
    [InlineData("RS512")]
    [InlineData("EdDSA")]
    public async Task B08_another_algorithm_is_refused(string algorithm)
    {
        var host = shared.Host;
        var partner = await host.WithKey();
        var header = new JsonObject { ["alg"] = algorithm, ["typ"] = "client-authentication+jwt" };

        await Refused(host, host.Assertion(partner, header: header), "'alg'");
    }

    [Theory]
    [InlineData("PS256", "RS256")]
    [InlineData("RS256", "PS256")]
    [InlineData("PS256", "ES256")]
    [InlineData("ES256", "RS256")]
    public async Task B08_the_key_decides_the_algorithm(string registered, string claimed)
    {
        var host = shared.Host;
        var key = registered == "ES256" ? AssertionKey.Es256() : AssertionKey.Rsa(registered);
        var partner = await host.WithKey(key);
        var header = new JsonObject { ["alg"] = claimed, ["typ"] = "JWT" };

        await Refused(host, host.Assertion(partner, header: header), ClientAuthentication.NotProved);
    }

    [Theory]
    [InlineData("client-authentication+jwt", true)]
    [InlineData("JWT", true)]
    [InlineData("at+jwt", false)]
    [InlineData("dpop+jwt", false)]
    [InlineData(null, false)]
    public async Task B14_the_type_says_that_it_is_an_assertion(string? type, bool taken)
    {
        var host = shared.Host;
        var partner = await host.WithKey();
        var header = new JsonObject { ["alg"] = "ES256" };
        if (type is not null)
            header["typ"] = type;
        var assertion = host.Assertion(partner, header: header);

        if (taken)
            Assert.Equal(HttpStatusCode.OK, (await host.TokenByAssertion(assertion)).Status);
        else
            await Refused(host, assertion, "'typ'");
    }

    [Theory]
    [InlineData(30, 90, null)]
    [InlineData(59, 90, null)]
    [InlineData(180, 300, "your clock is 180 s ahead of ours")]
    [InlineData(-130, -10, null)]
    [InlineData(-300, -180, "your clock is 300 s behind ours")]
    public async Task C066_clocks_may_differ_by_a_minute_and_the_error_says_by_how_much_they_do(
        int issued,
        int expires,
        string? error
    )
    {
        var host = shared.Host;
        var partner = await host.WithKey();
        var now = host.Now.ToUnixTimeSeconds();
        var assertion = host.Assertion(
            partner,
            claims =>
            {
                claims["iat"] = now + issued;
                claims["exp"] = now + expires;
            }
        );

        if (error is null)
            Assert.Equal(HttpStatusCode.OK, (await host.TokenByAssertion(assertion)).Status);
        else
            await Refused(host, assertion, error);
    }

    [Fact]
    public async Task C066_nbf_has_the_same_minute()
    {
        var host = shared.Host;
        var partner = await host.WithKey();
        var now = host.Now.ToUnixTimeSeconds();

        var soon = host.Assertion(partner, claims => claims["nbf"] = now + 59);
        Assert.Equal(HttpStatusCode.OK, (await host.TokenByAssertion(soon)).Status);
        await Refused(host, host.Assertion(partner, claims => claims["nbf"] = now + 61), "'nbf'");
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d.e")]
    [InlineData("e30.e30.e30")]
    [InlineData("bnVsbA.bnVsbA.bnVsbA")]
    [InlineData("💥.💥.💥")]
    public async Task What_is_no_signed_JWT_is_an_invalid_client(string assertion)
    {
        var host = shared.Host;

        var answer = await host.TokenByAssertion(assertion);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Error));
    }

    [Theory]
    [InlineData("""{"alg":"ES256","typ":"JWT"}""", """{"sub":"\ud800","iss":"\ud800"}""")]
    [InlineData("""{"alg":"ES256","typ":"JWT"}""", """{"sub":"cli_x","iss":"cli_x","aud":"\ud800"}""")]
    [InlineData("""{"alg":"ES256","typ":"JWT"}""", """{"sub":"cli_x","iss":"cli_x","aud":["\ud800"]}""")]
    [InlineData("""{"alg":"ES256","typ":"JWT","\ud800":1}""", """{"sub":"a","iss":"a"}""")]
    [InlineData("""{"alg":"\ud800","typ":"JWT"}""", """{"sub":"a","iss":"a"}""")]
    [InlineData("""{"alg":"ES256","alg":"none","typ":"JWT"}""", """{"sub":"a","iss":"a"}""")]
    [InlineData("""{"alg":"ES256","typ":"JWT"}""", """{"sub":"a\u0000","iss":"a\u0000"}""")]
    [InlineData(
        """{"alg":"ES256","typ":"JWT"}""",
        """{"sub":"a","iss":"a","aud":"https://trade.example/","iat":1e400}"""
    )]
    public async Task Odd_JSON_is_an_invalid_client_and_never_our_failure(string header, string claims)
    {
        var host = shared.Host;

        var answer = await host.TokenByAssertion(AssertionKey.Part(header) + "." + AssertionKey.Part(claims) + ".AAAA");

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task A_critical_extension_is_refused()
    {
        var host = shared.Host;
        var partner = await host.WithKey();
        var header = new JsonObject
        {
            ["alg"] = "ES256",
            ["typ"] = "JWT",
            ["crit"] = new JsonArray("b64"),
        };

        await Refused(host, host.Assertion(partner, header: header), "'crit'");
    }

    [Fact]
    public async Task Another_type_of_assertion_is_refused_with_the_one_that_is_taken()
    {
        var host = shared.Host;
        var partner = await host.WithKey();

        var answer = await host.Post(TokenHost.Form(("client_assertion", host.Assertion(partner))));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Error));
        Assert.Contains("jwt-bearer", answer.Text("error_description"), StringComparison.Ordinal);
    }

    static async Task Refused(TokenHost host, string assertion, string because)
    {
        var answer = await host.TokenByAssertion(assertion);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Error));
        Assert.Contains(because, answer.Text("error_description"), StringComparison.Ordinal);
    }
}
