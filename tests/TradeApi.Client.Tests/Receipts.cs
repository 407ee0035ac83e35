using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TradeApi.Client.Tests;

public sealed class Receipts(RunningHost host)
{
    static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_receipt_of_the_host_is_genuine_online_and_offline()
    {
        using var client = host.Client();
        var sent = await client.SendAsync(host.Disposal(), cancellationToken: Cancel);
        using var http = new HttpClient { BaseAddress = host.Address };

        var receipt = await client.GetReceiptAsync(sent.KeeperChangeId!, Cancel);
        var online = await client.VerifyReceiptAsync(receipt, Cancel);
        var keys = await http.GetStringAsync(new Uri("oauth2/jwks", UriKind.Relative), Cancel);
        var offline = ReceiptVerifier.Verify(receipt, keys, host.Address.AbsoluteUri);

        Assert.True(online.IsGenuine, online.Failure);
        Assert.True(offline.IsGenuine, offline.Failure);
        var statement = online.Statement!;
        Assert.Equal(sent.KeeperChangeId, statement.KeeperChangeId);
        Assert.Equal(sent.Receipt!.Reference, statement.Reference);
        Assert.Equal(sent.Receipt.LedgerPosition, statement.LedgerPosition);
        Assert.Equal(sent.KeeperChange!.DecidedAt, statement.DecidedAt);
        Assert.Equal("sandbox", statement.Environment);
        Assert.Equal(RunningHost.EventDate, statement.EventDate);
    }

    [Fact]
    public async Task A_refused_notice_has_no_receipt()
    {
        using var client = host.Client();
        var notice = host.Disposal();
        notice.MarkRightsConsent = false;
        var sent = await client.SendAsync(notice, cancellationToken: Cancel);

        var failure = await Assert.ThrowsAsync<TradeApiException>(() =>
            client.GetReceiptAsync(sent.KeeperChangeId!, Cancel)
        );

        Assert.Equal(404, failure.Status);
    }

    [Fact]
    public async Task A_changed_receipt_is_not_genuine()
    {
        using var client = host.Client();
        var sent = await client.SendAsync(host.Disposal(), cancellationToken: Cancel);
        var parts = (await client.GetReceiptAsync(sent.KeeperChangeId!, Cancel)).Split('.');
        var statement = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
        var changed = statement.Replace("org_dealer1", "org_dealer2", StringComparison.Ordinal);

        var check = await client.VerifyReceiptAsync(
            $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(changed))}.{parts[2]}",
            Cancel
        );

        Assert.False(check.IsGenuine);
        Assert.Null(check.Statement);
        Assert.Contains("signature", check.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("!.!.!")]
    [InlineData("e30.e30.e30")]
    [InlineData("bm8.bm8.bm8")]
    public async Task Anything_else_is_not_genuine(string text)
    {
        using var client = host.Client();

        Assert.False((await client.VerifyReceiptAsync(text, Cancel)).IsGenuine);
    }

    [Fact]
    public void A_receipt_signed_as_it_should_be_is_genuine() => Assert.True(Check(_ => { }, _ => { }).IsGenuine);

    [Theory]
    [InlineData("typ", "at+jwt")]
    [InlineData("typ", null)]
    [InlineData("alg", "none")]
    [InlineData("alg", "HS256")]
    [InlineData("kid", "another")]
    [InlineData("kid", null)]
    [InlineData("crit", "exp")]
    public void A_header_that_is_no_receipts_is_refused(string member, string? value) =>
        Assert.False(Check(header => header[member] = value, _ => { }).IsGenuine);

    [Theory]
    [InlineData("iss", "https://evil.example.com/")]
    [InlineData("digest", "ff")]
    [InlineData("onBehalfOf", "org_other")]
    [InlineData("decidedAt", "2026-11-26T12:00:00.000Z")]
    [InlineData("leafHash", null)]
    public void A_statement_that_does_not_fit_its_leaf_or_issuer_is_refused(string member, string? value) =>
        Assert.False(Check(_ => { }, statement => statement[member] = value).IsGenuine);

    /// <summary>Signs a receipt with a key of our own, changed as the test asks, and checks it.</summary>
    static ReceiptCheck Check(Action<JsonObject> changeHeader, Action<JsonObject> changeStatement)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var keys = JsonSerializer.Serialize(
            new
            {
                keys = new[]
                {
                    new
                    {
                        kty = "EC",
                        crv = "P-256",
                        kid = "key-1",
                        x = Base64Url.EncodeToString(point.X),
                        y = Base64Url.EncodeToString(point.Y),
                    },
                },
            }
        );
        const string leaf =
            "tradeapi-leaf-v1\nkeeperChange=kc_1\ntype=disposalToTrade\noutcome=accepted\nonBehalfOf=org_1\nsubmittedBy=org_1\n"
            + "receivedAt=2026-11-25T12:00:00.000Z\ndecidedAt=2026-11-25T12:00:00.001Z\ndigest=00ff\n";
        var header = new JsonObject
        {
            ["alg"] = "ES256",
            ["typ"] = "receipt+jwt",
            ["kid"] = "key-1",
        };
        var statement = new JsonObject
        {
            ["iss"] = Script.Issuer,
            ["reference"] = "S-0000000001",
            ["keeperChange"] = "kc_1",
            ["environment"] = "sandbox",
            ["type"] = "disposalToTrade",
            ["outcome"] = "accepted",
            ["onBehalfOf"] = "org_1",
            ["submittedBy"] = "org_1",
            ["receivedAt"] = "2026-11-25T12:00:00.000Z",
            ["decidedAt"] = "2026-11-25T12:00:00.001Z",
            ["digest"] = "00ff",
            ["ledgerPosition"] = 1,
            ["leafHash"] = Convert.ToHexStringLower(SHA256.HashData([0, .. Encoding.UTF8.GetBytes(leaf)])),
            ["laterMember"] = true,
        };
        changeHeader(header);
        changeStatement(statement);
        var signed =
            Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()))
            + "."
            + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(statement.ToJsonString()));
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return ReceiptVerifier.Verify(signed + "." + Base64Url.EncodeToString(signature), keys, Script.Issuer);
    }
}
