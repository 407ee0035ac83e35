using System.Globalization;
using System.Net;
using TradeApi.Tokens;

namespace TradeApi.Tests.Tokens;

public class ClientSecrets
{
    [Fact]
    public async Task C055_both_parts_of_Basic_credentials_are_form_decoded()
    {
        var proof = TokenForm.BasicCredentials(TestClient.BasicOf("partner-1", "a%2Bb%2Fc%3D"))!;

        Assert.Equal(("partner-1", "a+b/c="), (proof.ClientId, proof.Secret));
        Assert.Equal("a b", TokenForm.BasicCredentials(TestClient.BasicOf("id", "a+b"))!.Secret);

        await using var host = await TokenHost.Start();
        var partner = await host.WithSecret();
        var encoded = TestClient.BasicOf(Uri.EscapeDataString(partner.ClientId), Uri.EscapeDataString(partner.Secret!));
        Assert.Equal(HttpStatusCode.OK, (await host.Post(TokenHost.Form(), encoded)).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.Post(TokenHost.Form(), partner.Basic)).Status);
    }

    [Theory]
    [InlineData("aa%3Abb%3Acc")]
    [InlineData("aa:bb:cc")]
    public void C056_Basic_credentials_are_split_at_the_first_colon(string secret)
    {
        var proof = TokenForm.BasicCredentials(TestClient.BasicOf("id", secret))!;

        Assert.Equal(("id", "aa:bb:cc"), (proof.ClientId, proof.Secret));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_secret_is_256_random_bits_in_characters_that_nobody_encodes_and_is_kept_as_a_hash(
        string database
    )
    {
        await using var host = await TokenHost.Start(database);
        var partner = await host.WithSecret();

        Assert.Matches("^[A-Za-z0-9_-]{43}$", partner.Secret!);
        Assert.Matches("^cli_[0-9a-f]{32}$", partner.ClientId);
        Assert.Equal(Secrets.Hash(partner.Secret!), await host.Ask<byte[]>("select secret_hash from credential"));
        Assert.Equal("client.added", await host.Ask<string>("select action from audit_entry"));
        Assert.Equal(partner.ClientId, await host.Ask<string>("select subject from audit_entry"));
    }

    [Fact]
    public async Task B01_from_the_fifth_wrong_secret_on_only_that_address_must_wait()
    {
        await using var host = await TokenHost.Start();
        var partner = await host.WithSecret();

        var answers = new List<Answer>();
        for (var i = 0; i < 20; i++)
            answers.Add(await host.TokenBySecret(partner, secret: "wrong", address: "192.0.2.1"));

        Assert.All(answers.Take(4), answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.Status));
        Assert.All(answers.Skip(4), answer => Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status));
        Assert.All(
            answers.Skip(4),
            answer =>
                Assert.InRange(
                    int.Parse(answer.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture),
                    1,
                    60
                )
        );
        var shutOut = await host.TokenBySecret(partner, address: "192.0.2.1");
        Assert.Equal(HttpStatusCode.TooManyRequests, shutOut.Status);
        Assert.Equal(HttpStatusCode.OK, (await host.TokenBySecret(partner, address: "198.51.100.7")).Status);
        Assert.Contains("client.throttled", host.Log.Everything, StringComparison.Ordinal);

        host.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(HttpStatusCode.OK, (await host.TokenBySecret(partner, address: "192.0.2.1")).Status);
    }

    [Fact]
    public async Task B01_fifty_addresses_do_not_shut_the_client_out()
    {
        await using var host = await TokenHost.Start();
        var partner = await host.WithSecret();

        for (var i = 0; i < 250; i++)
            await host.TokenBySecret(partner, secret: "wrong", address: $"192.0.2.{i % 50}");

        Assert.Equal(HttpStatusCode.OK, (await host.TokenBySecret(partner, address: "198.51.100.7")).Status);
    }

    [Fact]
    public async Task B01_unknown_clients_are_throttled_like_known_ones()
    {
        await using var host = await TokenHost.Start();
        var unknown = new TestClient("", "cli_" + new string('0', 32), default, "wrong", null);

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 6; i++)
            answers.Add((await host.TokenBySecret(unknown)).Status);

        Assert.Equal(4, answers.Count(status => status == HttpStatusCode.Unauthorized));
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
    }

    [Fact]
    public async Task B02_an_unknown_client_and_a_wrong_secret_get_the_same_answer()
    {
        await using var host = await TokenHost.Start();
        var partner = await host.WithSecret();
        var removed = await host.WithSecret();
        await host.Clients.RemoveCredential(removed.Organisation, removed.ClientId, removed.CredentialId, "test");
        var unknown = partner with { ClientId = "cli_" + new string('0', 32) };

        var answers = new[]
        {
            await host.TokenBySecret(partner, secret: "wrong"),
            await host.TokenBySecret(unknown),
            await host.TokenBySecret(removed),
        };

        Assert.Single(answers.Select(answer => (answer.Status, answer.Body, answer.Authenticate)).Distinct());
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answers[0].Status, answers[0].Error));
    }

    [Fact]
    public void B02_every_client_known_or_not_is_compared_with_two_hashes()
    {
        var one = new Credential { SecretHash = Secrets.Hash("one") };
        var two = new Credential { SecretHash = Secrets.Hash("two") };
        Client[] clients =
        [
            Client.Unknown,
            new() { Credentials = [one] },
            new() { Credentials = [one, two] },
            new() { Credentials = [new Credential { PublicKey = "{}" }] },
        ];

        Assert.All(clients, client => Assert.Equal(2, Secrets.Candidates(client).Length));
        Assert.All(clients, client => Assert.Null(Secrets.Matching(client, "three")));
        Assert.Same(two, Secrets.Matching(clients[2], "two"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task B12_C170_both_secrets_work_during_a_change_and_only_the_new_one_after_it(string database)
    {
        await using var host = await TokenHost.Start(database);
        var partner = await host.WithSecret();
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var made = await host.Clients.AddCredential(partner.Organisation, partner.ClientId, null, null, "test");

        Assert.Equal(HttpStatusCode.OK, (await host.TokenBySecret(partner, secret: made.Secret)).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.TokenBySecret(partner)).Status);
        Assert.Equal(
            1,
            await host.Ask<int>(
                "select count(*) from audit_entry where action = 'credential.old-used' and subject = @Id",
                new { Id = partner.CredentialId.ToString() }
            )
        );
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            host.Clients.AddCredential(partner.Organisation, partner.ClientId, null, null, "test")
        );

        Assert.True(
            await host.Clients.RemoveCredential(partner.Organisation, partner.ClientId, partner.CredentialId, "test")
        );
        Assert.Equal("invalid_client", (await host.TokenBySecret(partner)).Error);
        Assert.Equal(HttpStatusCode.OK, (await host.TokenBySecret(partner, secret: made.Secret)).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task B12_a_credential_that_has_expired_gives_no_token(string database)
    {
        await using var host = await TokenHost.Start(database);
        var partner = await host.WithSecret();
        var ends = host.Now.AddMinutes(5);
        var made = await host.Clients.AddCredential(partner.Organisation, partner.ClientId, null, ends, "test");
        var token = (await host.TokenBySecret(partner, secret: made.Secret)).Text("access_token");

        host.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("invalid_client", (await host.TokenBySecret(partner, secret: made.Secret)).Error);
        Assert.Equal("partner.suspended", (await host.WhoAmI(token)).Text("code"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Another_organisation_cannot_add_to_or_remove_from_a_client(string database)
    {
        await using var host = await TokenHost.Start(database);
        var partner = await host.WithSecret();
        var stranger = await host.Organisation();

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            host.Clients.AddCredential(stranger, partner.ClientId, null, null, "test")
        );
        Assert.False(await host.Clients.RemoveCredential(stranger, partner.ClientId, partner.CredentialId, "test"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_last_use_is_noted_at_most_once_an_hour(string database)
    {
        await using var host = await TokenHost.Start(database);
        var partner = await host.WithSecret();
        var first = host.Now;

        await host.TokenBySecret(partner);
        host.Clock.Advance(TimeSpan.FromMinutes(59));
        await host.TokenBySecret(partner);
        Assert.Equal(first, (await host.Clients.Find(partner.ClientId))!.Credentials[0].LastUsedAt);

        host.Clock.Advance(TimeSpan.FromMinutes(2));
        await host.TokenBySecret(partner);
        Assert.Equal(host.Now, (await host.Clients.Find(partner.ClientId))!.Credentials[0].LastUsedAt);
    }
}
