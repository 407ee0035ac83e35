using System.Net;
using System.Text.Json.Nodes;

namespace TradeApi.Tests.Tokens;

public class Secrecy
{
    [Fact]
    public async Task C168_no_secret_token_or_assertion_reaches_any_log_at_any_level()
    {
        await using var host = await TokenHost.Start();
        var bySecret = await host.WithSecret();
        var byKey = await host.WithKey();
        var secrets = new List<string> { bySecret.Secret!, bySecret.Basic["Basic ".Length..] };
        string Kept(string secret)
        {
            secrets.Add(secret);
            return secret;
        }

        var good = await host.TokenBySecret(bySecret);
        var token = Kept(good.Text("access_token"));
        await host.Post(TokenHost.Form(), bySecret.Basic);
        await host.TokenByAssertion(Kept(host.Assertion(byKey)));
        await host.TokenByAssertion(secrets[^1]);
        await host.TokenBySecret(bySecret, secret: Kept("wrong-secret-0001"));
        await host.TokenBySecret(bySecret, "unknown:scope");
        await host.TokenBySecret(bySecret with { ClientId = bySecret.Secret! });
        await host.Post(TokenHost.Form(), "Basic " + Kept("wrong-secret-0002"));
        await host.Post(TokenHost.Form(), "Bearer " + Kept("wrong-secret-0003"));
        await host.Post(TokenHost.Form(("clientSecret", Kept("wrong-secret-0004")), ("client_id", bySecret.ClientId)));
        await host.Post(TokenHost.Form(("client_secret", bySecret.Secret!)), bySecret.Basic);
        await host.Post(TokenHost.Form(), query: "?client_secret=" + bySecret.Secret);
        await host.TokenByAssertion(Kept(host.Assertion(byKey, claims => claims["aud"] = "https://other.example")));
        await host.TokenByAssertion(Kept(host.Assertion(byKey, header: new JsonObject { ["alg"] = "none" })));

        Assert.Equal(HttpStatusCode.OK, (await host.WhoAmI(token)).Status);
        await host.WhoAmI(Kept(token[..^6] + "AAAAAA"));
        await host.WhoAmI(Kept("wrong-secret-0005"));
        await host.WhoAmI(token, "Basic ");
        using var query = new HttpRequestMessage(HttpMethod.Get, "test/whoami?access_token=" + token);
        await host.Send(query);
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.WhoAmI(token);
        await host.SetState(bySecret.Organisation, "suspended");
        await host.TokenBySecret(bySecret);

        var log = host.Log.Everything;
        Assert.Contains("client.rejected", log, StringComparison.Ordinal);
        Assert.Contains("token.rejected", log, StringComparison.Ordinal);
        Assert.Contains("Trace", log, StringComparison.Ordinal);
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
            // The parts of a token say as much as the whole.
            foreach (var part in secret.Split('.').Where(part => part.Length > 40).Skip(1))
                Assert.DoesNotContain(part, log, StringComparison.Ordinal);
        }
    }
}
