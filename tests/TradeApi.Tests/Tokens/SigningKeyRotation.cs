using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using TradeApi.Tokens;

namespace TradeApi.Tests.Tokens;

public class SigningKeyRotation
{
    [Fact]
    public async Task The_key_that_signs_and_the_next_are_published_for_tokens_and_for_receipts()
    {
        await using var host = await TokenHost.Start();

        var keys = await Published(host);

        Assert.Equal(4, keys.Count);
        Assert.All(
            keys,
            key =>
                Assert.Equal(
                    ("EC", "P-256", "sig", "ES256"),
                    ((string)key["kty"]!, (string)key["crv"]!, (string)key["use"]!, (string)key["alg"]!)
                )
        );
        Assert.All(keys, key => Assert.False(key.ContainsKey("d")));
        Assert.Equal(4, keys.Select(key => (string)key["kid"]!).Distinct().Count());
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Two_nodes_that_start_at_once_make_one_set_of_keys(string database)
    {
        await using var first = await TokenHost.Start(database);
        await using var second = await first.StartAnother();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? first : second).Keys.Current().AsTask()));

        Assert.Equal(4, await first.Ask<int>("select count(*) from signing_key"));
        Assert.Equal(Ids(first.Keys.LastRead), Ids(second.Keys.LastRead));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_next_key_signs_when_its_time_comes_and_another_is_published_by_then(string database)
    {
        await using var host = await TokenHost.Start(database);
        var partner = await host.WithSecret();
        var first = new JsonWebToken(await host.Token(partner)).Kid;
        var before = (await Published(host)).Select(key => (string)key["kid"]!).ToHashSet();

        host.Clock.Advance(TimeSpan.FromDays(90));
        var old = await host.Token(partner);
        var second = new JsonWebToken(old).Kid;
        var after = (await Published(host)).Select(key => (string)key["kid"]!).ToHashSet();

        Assert.NotEqual(first, second);
        Assert.Contains(second, before);
        Assert.Contains(first, after);
        Assert.Equal(6, after.Count);

        host.Clock.Advance(TimeSpan.FromHours(1));
        var later = (await Published(host)).Select(key => (string)key["kid"]!).ToHashSet();
        Assert.DoesNotContain(first, later);
        Assert.Equal(5, later.Count);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_key_made_by_another_node_is_noticed_within_a_minute(string database)
    {
        await using var first = await TokenHost.Start(database);
        await using var second = await first.StartAnother();
        await second.Keys.Current();
        await first.Keys.Revoke((await first.Keys.Current()).Signing(KeyPurpose.Token, first.Now).KeyId, "test");
        var partner = await first.WithSecret();

        first.Clock.Advance(TimeSpan.FromSeconds(59));

        Assert.Equal(System.Net.HttpStatusCode.OK, (await second.WhoAmI(await first.Token(partner))).Status);
        Assert.Equal(Ids(await first.Keys.Current()), Ids(await second.Keys.Current()));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_revoked_receipt_key_is_replaced_and_the_revocation_is_audited(string database)
    {
        await using var host = await TokenHost.Start(database);
        var key = (await host.Keys.Current()).Signing(KeyPurpose.Receipt, host.Now);

        Assert.True(await host.Keys.Revoke(key.KeyId, "ops"));
        Assert.False(await host.Keys.Revoke(key.KeyId, "ops"));

        var keys = await host.Keys.Current();
        Assert.DoesNotContain(key.KeyId, Ids(keys));
        Assert.Equal(4, keys.Keys.Count);
        Assert.NotEqual(key.KeyId, keys.Signing(KeyPurpose.Receipt, host.Now).KeyId);
        Assert.Equal(
            key.KeyId,
            await host.Ask<string>("select subject from audit_entry where action = 'signing-key.revoked'")
        );
    }

    [Fact]
    public async Task While_the_store_does_not_answer_the_known_keys_are_used()
    {
        await using var host = await TokenHost.Start();
        var before = await host.Keys.Current();
        await host.Ask<int>("alter table signing_key rename to hidden");

        host.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(Ids(before), Ids(await host.Keys.Current()));
    }

    static IEnumerable<string> Ids(SigningKeySet keys) => keys.Keys.Select(key => key.KeyId).Order();

    static async Task<List<JsonObject>> Published(TokenHost host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "oauth2/jwks");
        return [.. (await host.Send(request)).Json["keys"]!.AsArray().Select(key => key!.AsObject())];
    }
}
