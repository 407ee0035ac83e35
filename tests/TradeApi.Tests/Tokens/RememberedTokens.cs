using System.Net;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using TradeApi.Tokens;

namespace TradeApi.Tests.Tokens;

/// <summary>That a token was checked before spares the check of its signature, and nothing else.</summary>
public class RememberedTokens
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_client_that_is_no_longer_in_force_is_refused_at_the_very_next_call(string database)
    {
        await using var host = await TokenHost.Start(database);
        foreach (var lost in new[] { "organisation", "client", "credential" })
        {
            var partner = await host.WithSecret();
            var token = await host.Token(partner);
            Assert.Equal(HttpStatusCode.OK, (await host.WhoAmI(token)).Status);
            Assert.Equal(HttpStatusCode.OK, (await host.WhoAmI(token)).Status);

            await host.Ask<int>(
                lost switch
                {
                    "organisation" =>
                        "update organisation set state = 'suspended' where organisation_id = @Organisation",
                    "client" => "update client set removed_at = @Now where client_id = @ClientId",
                    _ => "update credential set removed_at = @Now where client_id = @ClientId",
                },
                new
                {
                    host.Now,
                    partner.Organisation,
                    partner.ClientId,
                }
            );

            await Refusals.Refused(host, token, code: "partner.suspended");
        }
        Assert.Equal(3, host.Memory.Count);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Of_callers_at_once_each_is_told_of_its_own_client(string database)
    {
        await using var host = await TokenHost.Start(database);
        var partners = new List<(TestClient Partner, string Token, bool InForce)>();
        for (var i = 0; i < 10; i++)
        {
            var partner = await host.WithSecret();
            partners.Add((partner, await host.Token(partner), i % 3 != 0));
            if (i % 3 == 0)
                await host.SetState(partner.Organisation, "suspended");
        }

        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .SelectMany(_ => partners)
                .Select(async one =>
                {
                    var answer = await host.WhoAmI(one.Token);
                    if (one.InForce)
                        Assert.Equal(one.Partner.ClientId, answer.Text("clientId"));
                    else
                        Assert.Equal("partner.suspended", answer.Text("code"));
                })
        );
    }

    [Fact]
    public async Task An_expired_token_is_refused_and_forgotten()
    {
        await using var host = await TokenHost.Start();
        var token = await host.Token(await host.WithSecret());
        Assert.Equal(HttpStatusCode.OK, (await host.WhoAmI(token)).Status);
        Assert.Equal(1, host.Memory.Count);

        host.Clock.Advance(TimeSpan.FromSeconds(611));

        await Refusals.Refused(host, token, "expired");
        Assert.Equal(0, host.Memory.Count);
        await Refusals.Refused(host, token, "expired");
    }

    [Fact]
    public async Task What_a_removed_key_signed_is_forgotten_with_it()
    {
        await using var host = await TokenHost.Start();
        await using var other = await host.StartAnother();
        var token = await host.Token(await host.WithSecret());
        Assert.Equal(HttpStatusCode.OK, (await host.WhoAmI(token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await other.WhoAmI(token)).Status);

        await host.Keys.Revoke((await host.Keys.Current()).Signing(KeyPurpose.Token, host.Now).KeyId, "test");

        await Refusals.Refused(host, token);
        host.Clock.Advance(TimeSpan.FromSeconds(31));
        await Refusals.Refused(other, token);
        Assert.Equal((0, 0), (host.Memory.Count, other.Memory.Count));
    }

    [Fact]
    public async Task A_token_with_one_character_changed_is_not_the_remembered_one()
    {
        await using var host = await TokenHost.Start();
        var token = await host.Token(await host.WithSecret());
        Assert.Equal(HttpStatusCode.OK, (await host.WhoAmI(token)).Status);

        for (var i = 0; i < token.Length; i++)
            await Refusals.Refused(host, token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..]);

        Assert.Equal(HttpStatusCode.OK, (await host.WhoAmI(token)).Status);
        Assert.Equal(1, host.Memory.Count);
    }

    [Fact]
    public async Task A_scope_that_the_client_has_lost_is_missing_at_the_very_next_call()
    {
        await using var host = await TokenHost.Start();
        var token = await host.Token(await host.WithSecret());
        Assert.Equal(HttpStatusCode.OK, (await host.WhoAmI(token)).Status);

        await host.Ask<int>("update client set scopes = 'events'");

        Assert.Equal("scope.missing", (await host.WhoAmI(token)).Text("code"));
    }

    [Fact]
    public async Task No_more_tokens_are_remembered_than_a_bound_and_those_in_date_rather_than_others()
    {
        await using var host = await TokenHost.Start();
        var keys = await host.Keys.Current();
        var signing = keys.Signing(KeyPurpose.Token, host.Now).SecurityKey;
        var memory = new TokenMemory();
        var now = host.Now.UtcDateTime;
        for (var i = 0; i < TokenMemory.Most; i++)
            memory.Keep($"old{i}", Said(signing, now.AddSeconds(i < 10 ? 60 : 10)), now, TimeSpan.Zero);
        Assert.Equal(TokenMemory.Most, memory.Count);

        now = now.AddSeconds(30);
        memory.Keep("new", Said(signing, now.AddSeconds(60)), now, TimeSpan.Zero);

        Assert.Equal(11, memory.Count);
        Assert.NotNull(memory.Find("old9", keys, now, TimeSpan.Zero));
        for (var i = 0; i < 3 * TokenMemory.Most; i++)
        {
            memory.Keep($"more{i}", Said(signing, now.AddSeconds(60)), now, TimeSpan.Zero);
            Assert.InRange(memory.Count, 1, TokenMemory.Most);
        }
    }

    [Fact]
    public async Task A_key_of_the_same_name_is_not_the_key()
    {
        await using var host = await TokenHost.Start();
        var keys = await host.Keys.Current();
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var namesake = new ECDsaSecurityKey(pair) { KeyId = keys.Signing(KeyPurpose.Token, host.Now).KeyId };
        var memory = new TokenMemory();

        memory.Keep("token", Said(namesake, host.Now.UtcDateTime.AddSeconds(60)), host.Now.UtcDateTime, TimeSpan.Zero);

        Assert.Null(memory.Find("token", keys, host.Now.UtcDateTime, TimeSpan.Zero));
    }

    static CheckedToken Said(SecurityKey key, DateTime until) =>
        new()
        {
            ClientId = "cli_1",
            CredentialId = Guid.CreateVersion7(),
            OrganisationId = "org_1",
            Environment = "live",
            Scopes = [],
            From = until.AddSeconds(-600),
            Until = until,
            SignedWith = key,
        };
}
