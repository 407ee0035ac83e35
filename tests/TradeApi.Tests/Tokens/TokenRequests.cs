using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using TradeApi.Tokens;

namespace TradeApi.Tests.Tokens;

public class TokenRequests(SharedTokenHost shared) : IClassFixture<SharedTokenHost>
{
    [Fact]
    public async Task A_client_gets_an_access_token_of_ten_minutes_that_says_who_it_is_for()
    {
        var host = shared.Host;
        var partner = await host.WithSecret();

        var answer = await host.TokenBySecret(partner);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("Bearer", answer.Text("token_type"));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        var token = new JsonWebToken(answer.Text("access_token"));
        Assert.Equal("at+jwt", token.Typ);
        Assert.Equal("ES256", token.Alg);
        Assert.Equal(TokenHost.Issuer, token.Issuer);
        Assert.Equal(["https://trade.example/v1"], token.Audiences);
        Assert.Equal(TimeSpan.FromMinutes(10), token.ValidTo - token.IssuedAt);
        Assert.Equal(host.Now.UtcDateTime, token.IssuedAt);
        Assert.Equal(
            ["aud", "client_id", "cred", "env", "exp", "iat", "iss", "jti", "org", "scope", "sub"],
            token.Claims.Select(claim => claim.Type).Order(StringComparer.Ordinal)
        );
        Assert.Equal(partner.ClientId, token.GetClaim("client_id").Value);
        Assert.Equal(partner.Organisation, token.GetClaim("org").Value);
        Assert.Equal("live", token.GetClaim("env").Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public async Task C058_without_a_scope_the_client_gets_all_its_scopes_and_is_told_them(string? scope)
    {
        var host = shared.Host;
        var trader = await host.WithSecret();
        var insurer = await host.WithSecret(kind: "insurer");

        var answer = await host.TokenBySecret(trader, scope);

        Assert.Equal(
            "keeper-changes:write keeper-changes:read vehicles:read mandates events organisation",
            answer.Text("scope")
        );
        Assert.Equal(answer.Text("scope"), new JsonWebToken(answer.Text("access_token")).GetClaim("scope").Value);
        Assert.Contains("keepers:read", (await host.TokenBySecret(insurer)).Text("scope"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task C167_scopes_are_never_wider_than_what_the_client_may_have()
    {
        await using var host = await TokenHost.Start();
        var partner = await host.WithSecret();
        await host.Ask<int>("update client set scopes = 'keeper-changes:read nonsense'");

        Assert.Equal("keeper-changes:read", (await host.TokenBySecret(partner)).Text("scope"));
        Assert.Equal("invalid_scope", (await host.TokenBySecret(partner, "keeper-changes:write")).Error);
        Assert.Equal("invalid_scope", (await host.TokenBySecret(partner, "keepers:read")).Error);
        var both = await host.TokenBySecret(partner, "keeper-changes:read keeper-changes:write");
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_scope"), (both.Status, both.Error));
    }

    [Fact]
    public async Task A_narrower_scope_is_given_as_asked()
    {
        var host = shared.Host;
        var partner = await host.WithSecret();

        var answer = await host.TokenBySecret(partner, "events organisation events");

        Assert.Equal("events organisation", answer.Text("scope"));
    }

    [Fact]
    public async Task C060_a_scope_in_brackets_is_no_scope_and_widens_nothing()
    {
        var host = shared.Host;
        var partner = await host.WithSecret();

        var answer = await host.Post(TokenHost.Form(("scope[0]", "admin")), partner.Basic);

        Assert.Equal((await host.TokenBySecret(partner)).Text("scope"), answer.Text("scope"));
    }

    [Theory]
    [InlineData("scope", "events")]
    [InlineData("grant_type", "client_credentials")]
    [InlineData("client_id", "other")]
    [InlineData("anything", "else")]
    public async Task B11_C061_a_parameter_sent_twice_is_refused(string name, string value)
    {
        var host = shared.Host;
        var partner = await host.WithSecret();
        var form = TokenHost.Form(
            ("client_id", partner.ClientId),
            ("client_secret", partner.Secret!),
            ("scope", "events"),
            ("anything", "one"),
            (name, value)
        );

        var answer = await host.Post(form);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task B10_C062_two_methods_of_authentication_at_once_give_nothing_to_anyone()
    {
        var host = shared.Host;
        var a = await host.WithSecret();
        var b = await host.WithKey();

        List<Answer> answers =
        [
            await host.Post(TokenHost.Form(("client_id", a.ClientId), ("client_secret", a.Secret!)), a.Basic),
            await host.Post(TokenHost.AssertionForm(host.Assertion(b)), a.Basic),
            await host.Post([.. TokenHost.AssertionForm(host.Assertion(b)), new("client_secret", a.Secret!)]),
            await host.Post(TokenHost.Form(("client_id", b.ClientId)), a.Basic),
        ];

        Assert.All(
            answers,
            answer => Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Error))
        );
    }

    [Fact]
    public async Task The_client_id_may_stand_in_the_body_beside_Basic_when_it_is_the_same()
    {
        var host = shared.Host;
        var partner = await host.WithSecret();

        var answer = await host.Post(TokenHost.Form(("client_id", partner.ClientId)), partner.Basic);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [InlineData("?client_secret={0}")]
    [InlineData("?client_assertion={0}")]
    [InlineData("?access_token={0}")]
    [InlineData("?scope=events")]
    public async Task B09_nothing_is_taken_from_the_address(string query)
    {
        await using var host = await TokenHost.Start();
        var partner = await host.WithSecret();

        var answer = await host.Post(
            TokenHost.Form(("client_id", partner.ClientId)),
            query: string.Format(null, query, partner.Secret)
        );

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Error));
        Assert.Equal(
            query.Contains("client_", StringComparison.Ordinal),
            host.Log.Everything.Contains("credential.exposed", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task B15_C063_a_body_that_is_no_form_is_refused_with_the_type_it_should_have(string? type)
    {
        var host = shared.Host;
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/token")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"grant_type":"client_credentials"}""")),
        };
        if (type is not null)
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        var answer = await host.Send(request);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Error));
        Assert.Contains(
            "application/x-www-form-urlencoded",
            answer.Text("error_description"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("PUT")]
    public async Task B15_C150_another_method_is_answered_with_the_one_that_is_taken(string method)
    {
        var host = shared.Host;
        using var request = new HttpRequestMessage(new HttpMethod(method), "oauth2/token");

        var answer = await host.Send(request);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (answer.Status, answer.Allow));
        Assert.Equal("method.not-allowed", answer.Text("code"));
    }

    [Theory]
    [InlineData("password", "unsupported_grant_type")]
    [InlineData("authorization_code", "unsupported_grant_type")]
    [InlineData("Client_Credentials", "unsupported_grant_type")]
    [InlineData("", "invalid_request")]
    public async Task B13_no_other_grant_is_given(string grant, string error)
    {
        var host = shared.Host;
        var partner = await host.WithSecret();

        var answer = await host.Post([new("grant_type", grant)], partner.Basic);

        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_has_too_many_parameters_is_refused()
    {
        var host = shared.Host;

        var large = await host.Post(TokenHost.Form(("filler", new string('x', 70_000))));
        var many = await host.Post(Enumerable.Range(0, 2000).Select(i => KeyValuePair.Create("p" + i, "")));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (large.Status, large.Error));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (many.Status, many.Error));
    }

    [Theory]
    [InlineData("Bearer abc")]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Basic bm9jb2xvbg==")]
    [InlineData(null)]
    public async Task A_request_without_readable_authentication_is_an_invalid_client(string? authorization)
    {
        var host = shared.Host;

        var answer = await host.Post(TokenHost.Form(), authorization);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Error));
        Assert.StartsWith("Basic ", answer.Authenticate, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("suspended")]
    [InlineData("closed")]
    [InlineData("registered")]
    public async Task An_organisation_that_is_not_in_force_gets_no_token(string state)
    {
        var host = shared.Host;
        var live = await host.WithSecret();
        var sandbox = await host.WithSecret("sandbox");
        await host.SetState(live.Organisation, state);
        await host.SetState(sandbox.Organisation, state);

        Assert.Equal("invalid_client", (await host.TokenBySecret(live)).Error);
        Assert.Equal("invalid_client", (await host.TokenBySecret(sandbox)).Error);
    }

    [Fact]
    public async Task The_credential_decides_the_environment()
    {
        var host = shared.Host;
        var early = await host.WithSecret("live", state: "underReview");
        var sandbox = await host.WithSecret("sandbox", state: "underReview");

        Assert.Equal("invalid_client", (await host.TokenBySecret(early)).Error);
        Assert.Equal("sandbox", (await host.WhoAmI(await host.Token(sandbox))).Text("environment"));
    }

    [Theory]
    [InlineData(".well-known/oauth-authorization-server")]
    [InlineData(".well-known/openid-configuration")]
    public async Task The_metadata_names_the_issuer_whatever_host_was_asked(string path)
    {
        var host = shared.Host;
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = "evil.example";

        var metadata = await host.Send(request);

        Assert.Equal(TokenHost.Issuer, metadata.Text("issuer"));
        Assert.Equal("https://trade.example/oauth2/token", metadata.Text("token_endpoint"));
        Assert.Equal("https://trade.example/oauth2/jwks", metadata.Text("jwks_uri"));
        Assert.Equal(Scopes.All, metadata.Json["scopes_supported"]!.AsArray().Select(scope => (string)scope!));
        Assert.Equal(
            ["client_secret_basic", "client_secret_post", "private_key_jwt"],
            metadata.Json["token_endpoint_auth_methods_supported"]!.AsArray().Select(method => (string)method!).Order()
        );
        Assert.DoesNotContain("evil", metadata.Body, StringComparison.Ordinal);
    }
}
