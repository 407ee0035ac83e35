using System.Net;
using System.Text;
using TradeApi.Tokens;

namespace TradeApi.Tests.Tokens;

public class AccessTokensInForce
{
    [Theory]
    [InlineData("suspended")]
    [InlineData("closed")]
    public async Task A11_C165_an_organisation_is_refused_from_the_moment_it_is_suspended_on_every_node(string state)
    {
        await using var host = await TokenHost.Start();
        await using var other = await host.StartAnother();
        var partner = await host.WithSecret();
        var token = await host.Token(partner);
        Assert.Equal(HttpStatusCode.OK, (await other.WhoAmI(token)).Status);

        await host.SetState(partner.Organisation, state);

        await Refusals.Refused(host, token, code: "partner.suspended");
        await Refusals.Refused(other, token, code: "partner.suspended");
        await host.SetState(partner.Organisation, "live");
        Assert.Equal(HttpStatusCode.OK, (await host.WhoAmI(token)).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A11_a_removed_credential_or_client_is_refused_whatever_its_token_says(string database)
    {
        await using var host = await TokenHost.Start(database);
        var partner = await host.WithSecret();
        var other = await host.WithSecret();
        var token = await host.Token(partner);
        var ofOther = await host.Token(other);

        await host.Clients.RemoveCredential(partner.Organisation, partner.ClientId, partner.CredentialId, "test");
        await host.Ask<int>(
            "update client set removed_at = @Now where client_id = @ClientId",
            new { host.Now, other.ClientId }
        );

        await Refusals.Refused(host, token, code: "partner.suspended");
        await Refusals.Refused(host, ofOther, code: "partner.suspended");
    }

    [Fact]
    public async Task A11_a_live_client_is_refused_when_its_organisation_is_no_longer_live()
    {
        await using var host = await TokenHost.Start();
        var partner = await host.WithSecret();
        var token = await host.Token(partner);

        await host.SetState(partner.Organisation, "sandbox");

        await Refusals.Refused(host, token, code: "partner.suspended");
    }

    [Fact]
    public async Task A12_a_token_in_the_address_is_never_accepted()
    {
        await using var host = await TokenHost.Start();
        var token = await host.Token(await host.WithSecret());

        foreach (var authorization in new[] { null, "Bearer " + token })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "test/whoami?access_token=" + token);
            var answer = await host.Send(request, authorization);
            Assert.Equal((HttpStatusCode.Unauthorized, "token.invalid"), (answer.Status, answer.Text("code")));
        }
        Assert.Contains("credential.exposed", host.Log.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A12_a_token_in_a_form_is_never_accepted()
    {
        await using var host = await TokenHost.Start();
        var token = await host.Token(await host.WithSecret());
        using var request = new HttpRequestMessage(HttpMethod.Post, "test/whoami")
        {
            Content = new FormUrlEncodedContent([new("access_token", token)]),
        };

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Send(request)).Status);
    }

    [Fact]
    public async Task A13_a_token_without_the_scope_is_told_which_one_is_missing_before_the_body_is_read()
    {
        await using var host = await TokenHost.Start();
        var token = await host.Token(await host.WithSecret(), "organisation");
        using var request = new HttpRequestMessage(HttpMethod.Post, "test/write")
        {
            Content = new StringContent("{ no JSON", Encoding.UTF8, "application/json"),
        };

        var answer = await host.Send(request, "Bearer " + token);

        Assert.Equal((HttpStatusCode.Forbidden, "scope.missing"), (answer.Status, answer.Text("code")));
        Assert.Contains("keeper-changes:write", answer.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(
            "Bearer realm=\"TradeApi\", error=\"insufficient_scope\", scope=\"keeper-changes:write\"",
            answer.Authenticate
        );
        Assert.Contains("authz.denied", host.Log.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A13_a_scope_that_the_client_has_lost_is_missing_from_tokens_it_already_has()
    {
        await using var host = await TokenHost.Start();
        var token = await host.Token(await host.WithSecret());

        await host.Ask<int>("update client set scopes = 'events'");

        Assert.Equal("scope.missing", (await host.WhoAmI(token)).Text("code"));
    }

    [Fact]
    public async Task A15_two_Authorization_headers_are_refused()
    {
        await using var host = await TokenHost.Start();
        var token = await host.Token(await host.WithSecret());
        var address = host.Http.BaseAddress!;
        using var connection = new System.Net.Sockets.TcpClient();
        await connection.ConnectAsync(address.Host, address.Port);
        var line = $"Authorization: Bearer {token}\r\n";

        await connection
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"GET /test/whoami HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{line}{line}\r\n"
                )
            );
        using var reader = new StreamReader(connection.GetStream());

        Assert.StartsWith("HTTP/1.1 401 ", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bearer ", true)]
    [InlineData("BEARER ", true)]
    [InlineData("bEaReR ", true)]
    [InlineData("Bearer  ", true)]
    [InlineData("Bearer\t", true)]
    [InlineData("Bearer", false)]
    [InlineData("Bear ", false)]
    [InlineData("Basic ", false)]
    [InlineData("", false)]
    public async Task A15_C068_the_scheme_is_read_without_regard_to_case(string scheme, bool taken)
    {
        await using var host = await TokenHost.Start();
        var token = await host.Token(await host.WithSecret());

        var answer = await host.WhoAmI(token, scheme);

        Assert.Equal(taken ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, answer.Status);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer a.b.c, Bearer a.b.c")]
    [InlineData("Bearer a.b.c.d.e")]
    [InlineData("Bearer ..")]
    public async Task C068_a_header_without_a_token_of_ours_is_refused(string header)
    {
        await using var host = await TokenHost.Start();

        await Refusals.Refused(host, "", scheme: header);
    }

    [Fact]
    public async Task A16_a_token_that_is_far_too_long_is_refused_unread()
    {
        await using var host = await TokenHost.Start();

        await Refusals.Refused(host, $"{new string('a', 6000)}.{new string('b', 6000)}.c");
    }

    [Fact]
    public async Task A17_what_a_revoked_key_signed_is_refused_on_every_node_within_a_minute()
    {
        await using var host = await TokenHost.Start();
        await using var other = await host.StartAnother();
        var partner = await host.WithSecret();
        var token = await host.Token(partner);
        Assert.Equal(HttpStatusCode.OK, (await other.WhoAmI(token)).Status);

        Assert.True(
            await host.Keys.Revoke((await host.Keys.Current()).Signing(KeyPurpose.Token, host.Now).KeyId, "test")
        );
        host.Clock.Advance(TimeSpan.FromSeconds(31));

        await Refusals.Refused(host, token);
        await Refusals.Refused(other, token);
        Assert.Equal(HttpStatusCode.OK, (await other.WhoAmI(await host.Token(partner))).Status);
    }

    [Fact]
    public async Task A18_a_token_of_one_node_is_good_on_another_that_started_later()
    {
        await using var host = await TokenHost.Start();
        var token = await host.Token(await host.WithSecret());
        await using var other = await host.StartAnother();

        Assert.Equal(HttpStatusCode.OK, (await other.WhoAmI(token)).Status);
    }

    [Fact]
    public async Task C071_a_thousand_made_up_key_names_cause_no_reading_of_keys()
    {
        await using var host = await TokenHost.Start();
        var good = await Forgery.Good(host);
        var token = good.Sign();
        var before = await host.Keys.Current();

        for (var i = 0; i < 1000; i++)
        {
            good.Header["kid"] = Guid.CreateVersion7().ToString("N");
            await Refusals.Refused(host, good.Sign());
        }

        Assert.Same(before, host.Keys.LastRead);
        Assert.Equal(HttpStatusCode.OK, (await host.WhoAmI(token)).Status);
    }
}
