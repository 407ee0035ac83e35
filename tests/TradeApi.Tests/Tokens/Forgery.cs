using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TradeApi.Tokens;

namespace TradeApi.Tests.Tokens;

/// <summary>A token in parts, signed with our own key, so that one change alone is what spoils it.</summary>
sealed record Forgery(JsonObject Header, JsonObject Claims, ECDsa Key)
{
    public string Payload => AssertionKey.Part(Claims.ToJsonString());

    public string Sign(ECDsa? key = null)
    {
        var signed = AssertionKey.Part(Header.ToJsonString()) + "." + Payload;
        var signature = (key ?? Key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return signed + "." + Base64Url.EncodeToString(signature);
    }

    /// <summary>A token of a new client as we would make it; it is accepted.</summary>
    public static async Task<Forgery> Good(TokenHost host)
    {
        var partner = await host.WithSecret();
        var key = (await host.Keys.Current()).Signing(KeyPurpose.Token, host.Now);
        var now = host.Now.ToUnixTimeSeconds();
        var good = new Forgery(
            new JsonObject
            {
                ["alg"] = "ES256",
                ["kid"] = key.KeyId,
                ["typ"] = "at+jwt",
            },
            new JsonObject
            {
                ["iss"] = TokenHost.Issuer,
                ["aud"] = "https://trade.example/v1",
                ["sub"] = partner.ClientId,
                ["client_id"] = partner.ClientId,
                ["org"] = partner.Organisation,
                ["env"] = "live",
                ["cred"] = partner.CredentialId.ToString(),
                ["scope"] = "organisation",
                ["iat"] = now,
                ["exp"] = now + 600,
            },
            key.Pair
        );
        Assert.Equal(HttpStatusCode.OK, (await host.WhoAmI(good.Sign())).Status);
        return good;
    }
}

static class Refusals
{
    public static async Task Refused(
        TokenHost host,
        string token,
        string? detail = null,
        string code = "token.invalid",
        string scheme = "Bearer "
    )
    {
        var answer = await host.WhoAmI(token, scheme);
        Assert.Equal((HttpStatusCode.Unauthorized, code), (answer.Status, answer.Text("code")));
        Assert.Equal("Bearer realm=\"TradeApi\", error=\"invalid_token\"", answer.Authenticate);
        if (detail is not null)
            Assert.Contains(detail, answer.Text("detail"), StringComparison.Ordinal);
    }
}
