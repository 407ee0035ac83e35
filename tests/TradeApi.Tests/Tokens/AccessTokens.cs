using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TradeApi.Tokens;

namespace TradeApi.Tests.Tokens;

public class AccessTokens(SharedTokenHost shared) : IClassFixture<SharedTokenHost>
{
    [Fact]
    public async Task A_handler_is_told_who_calls()
    {
        var host = shared.Host;
        var partner = await host.WithSecret();

        var caller = await host.WhoAmI(await host.Token(partner, "events organisation"));

        Assert.Equal(HttpStatusCode.OK, caller.Status);
        Assert.Equal(partner.ClientId, caller.Text("clientId"));
        Assert.Equal(partner.Organisation, caller.Text("organisationId"));
        Assert.Equal("live", caller.Text("environment"));
        Assert.Equal(["events", "organisation"], caller.Json["scopes"]!.AsArray().Select(s => (string)s!).Order());
    }

    [Fact]
    public async Task Without_a_token_the_answer_asks_for_one_and_names_no_error()
    {
        var host = shared.Host;

        var answer = await host.WhoAmI(null);

        Assert.Equal((HttpStatusCode.Unauthorized, "token.invalid"), (answer.Status, answer.Text("code")));
        Assert.Equal("application/problem+json", answer.ContentType);
        Assert.Equal("Bearer realm=\"TradeApi\"", answer.Authenticate);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    public async Task A01_C073_an_unsigned_token_is_refused(string algorithm)
    {
        var host = shared.Host;
        var good = await Forgery.Good(host);
        good.Header["alg"] = algorithm;

        await Refusals.Refused(host, AssertionKey.Part(good.Header.ToJsonString()) + "." + good.Payload + ".");
        await Refusals.Refused(host, AssertionKey.Part(good.Header.ToJsonString()) + "." + good.Payload + ".AAAA");
    }

    [Fact]
    public async Task A02_C073_our_public_key_is_no_secret_to_sign_with()
    {
        var host = shared.Host;
        var good = await Forgery.Good(host);
        good.Header["alg"] = "HS256";
        var signed = AssertionKey.Part(good.Header.ToJsonString()) + "." + good.Payload;
        byte[][] secrets =
        [
            good.Key.ExportSubjectPublicKeyInfo(),
            Encoding.UTF8.GetBytes(good.Key.ExportSubjectPublicKeyInfoPem()),
        ];

        foreach (var secret in secrets)
            await Refusals.Refused(
                host,
                signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))
            );
    }

    [Fact]
    public async Task A03_a_token_with_one_bit_changed_is_refused()
    {
        var host = shared.Host;
        var token = (await Forgery.Good(host)).Sign();
        var parts = token.Split('.').Select(part => Base64Url.DecodeFromChars(part)).ToArray();
        var random = new Random(20261125);

        for (var i = 0; i < 1000; i++)
        {
            var changed = parts.Select(part => (byte[])part.Clone()).ToArray();
            var part = changed[random.Next(3)];
            part[random.Next(part.Length)] ^= (byte)(1 << random.Next(8));
            await Refusals.Refused(host, string.Join('.', changed.Select(bytes => Base64Url.EncodeToString(bytes))));
        }
        Assert.Equal(HttpStatusCode.OK, (await host.WhoAmI(token)).Status);
    }

    [Fact]
    public async Task A04_ten_seconds_after_its_end_a_token_is_refused()
    {
        var host = shared.Host;
        var token = await host.Token(await host.WithSecret());

        host.Clock.Advance(TimeSpan.FromSeconds(609));
        Assert.Equal(HttpStatusCode.OK, (await host.WhoAmI(token)).Status);
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        await Refusals.Refused(host, token, "expired");
    }

    [Theory]
    [InlineData("nbf")]
    [InlineData("iat")]
    public async Task A05_a_token_from_the_future_is_refused(string claim)
    {
        var host = shared.Host;
        var good = await Forgery.Good(host);

        good.Claims[claim] = host.Now.ToUnixTimeSeconds() + 60;
        await Refusals.Refused(host, good.Sign(), "not yet valid");
        good.Claims[claim] = host.Now.ToUnixTimeSeconds() + 9;
        Assert.Equal(HttpStatusCode.OK, (await host.WhoAmI(good.Sign())).Status);
    }

    [Theory]
    [InlineData("\"https://other.example/v1\"")]
    [InlineData("[\"https://trade.example/v1\", \"https://other.example/v1\"]")]
    [InlineData("\"https://trade.example/v1/\"")]
    [InlineData("\"https://trade.example/\"")]
    [InlineData(null)]
    public async Task A06_a_token_for_another_audience_is_refused(string? audience)
    {
        var host = shared.Host;
        var good = await Forgery.Good(host);
        good.Claims.Remove("aud");
        if (audience is not null)
            good.Claims["aud"] = JsonNode.Parse(audience);

        await Refusals.Refused(host, good.Sign());
    }

    [Theory]
    [InlineData("https://other.example/")]
    [InlineData("https://trade.example")]
    [InlineData("https://TRADE.example/")]
    [InlineData(null)]
    public async Task A07_a_token_of_another_issuer_is_refused(string? issuer)
    {
        var host = shared.Host;
        var good = await Forgery.Good(host);
        good.Claims.Remove("iss");
        if (issuer is not null)
            good.Claims["iss"] = issuer;

        await Refusals.Refused(host, good.Sign());
    }

    [Fact]
    public async Task A08_the_environment_of_a_token_is_that_of_its_client()
    {
        var host = shared.Host;
        var good = await Forgery.Good(host);
        good.Claims["env"] = "sandbox";

        await Refusals.Refused(host, good.Sign());
    }

    [Theory]
    [InlineData("org")]
    [InlineData("client_id")]
    [InlineData("cred")]
    [InlineData("env")]
    [InlineData("exp")]
    public async Task A_token_of_ours_that_lacks_a_claim_is_refused(string claim)
    {
        var host = shared.Host;
        var good = await Forgery.Good(host);
        good.Claims.Remove(claim);

        await Refusals.Refused(host, good.Sign());
    }

    [Theory]
    [InlineData("../../dev/null")]
    [InlineData("' or 1=1 --")]
    [InlineData("long")]
    [InlineData(null)]
    public async Task A09_a_foreign_key_is_refused_whatever_it_is_called(string? keyId)
    {
        var host = shared.Host;
        var good = await Forgery.Good(host);
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        good.Header["kid"] = keyId == "long" ? new string('k', 2000) : keyId;

        await Refusals.Refused(host, good.Sign(foreign));
    }

    [Theory]
    [InlineData("jku")]
    [InlineData("x5u")]
    [InlineData("jwk")]
    [InlineData("x5c")]
    public async Task A09_a_key_that_the_token_brings_along_is_not_used(string header)
    {
        var host = shared.Host;
        using var trap = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        trap.Start();
        var good = await Forgery.Good(host);
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = foreign.ExportParameters(false).Q;
        good.Header[header] = header switch
        {
            "jwk" => new JsonObject
            {
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["x"] = Base64Url.EncodeToString(point.X),
                ["y"] = Base64Url.EncodeToString(point.Y),
            },
            "x5c" => new JsonArray(Convert.ToBase64String(foreign.ExportSubjectPublicKeyInfo())),
            _ => $"http://{trap.LocalEndpoint}/keys",
        };

        await Refusals.Refused(host, good.Sign(foreign));
        Assert.False(trap.Pending());
    }

    [Fact]
    public async Task A10_a_client_assertion_is_no_access_token()
    {
        var host = shared.Host;
        var partner = await host.WithKey();

        await Refusals.Refused(host, host.Assertion(partner));
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("receipt+jwt")]
    [InlineData(null)]
    public async Task A10_another_type_of_token_is_refused_even_with_our_signature(string? type)
    {
        var host = shared.Host;
        var good = await Forgery.Good(host);
        good.Header.Remove("typ");
        if (type is not null)
            good.Header["typ"] = type;

        await Refusals.Refused(host, good.Sign());
    }

    [Fact]
    public async Task A10_a_receipt_key_signs_no_access_token()
    {
        var host = shared.Host;
        var good = await Forgery.Good(host);
        var receipt = (await host.Keys.Current()).Signing(KeyPurpose.Receipt, host.Now);
        good.Header["kid"] = receipt.KeyId;

        await Refusals.Refused(host, good.Sign(receipt.Pair));
    }
}
