using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace TradeApi.Tests.Ledger;

/// <summary>A receipt proves, with the published keys and the notice alone, what was notified and when.</summary>
public class Receipts(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C180_a_receipt_is_signed_with_a_published_key_and_says_what_was_decided(string database)
    {
        var host = await hosts.On(database);
        var vendor = await hosts.Partner(database, "org_vendor");
        var vehicle = await host.AddVehicle();
        var notice = Notices.Disposal(vehicle, onBehalfOf: "org_dealer1").With("mileage", 41250);
        var sent = await vendor.Send(notice);

        var (header, statement) = await Open(vendor, sent);

        Assert.Equal(("ES256", "receipt+jwt"), ((string)header["alg"]!, (string)header["typ"]!));
        Assert.Equal("http://tradeapi.test/", (string)statement["iss"]!);
        Assert.Equal(sent.String("id"), (string)statement["keeperChange"]!);
        Assert.Equal((string)sent.Json["receipt"]!["reference"]!, (string)statement["reference"]!);
        Assert.Equal((long)sent.Json["receipt"]!["ledgerPosition"]!, (long)statement["ledgerPosition"]!);
        foreach (
            var member in new[]
            {
                "environment",
                "type",
                "outcome",
                "onBehalfOf",
                "submittedBy",
                "clientReference",
                "eventDate",
            }
        )
            Assert.Equal(sent.String(member), (string?)statement[member]);
        foreach (var member in new[] { "receivedAt", "decidedAt" })
            Assert.Equal(
                DateTimeOffset.Parse(sent.String(member)!, null),
                DateTimeOffset.Parse((string)statement[member]!, null)
            );
        foreach (var personal in new[] { vehicle.Mark, vehicle.Document, "Sample" })
            Assert.DoesNotContain(personal, statement.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_digest_of_a_receipt_is_made_anew_from_the_notice_and_the_salt(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();
        var sent = await partner.Send(
            Notices.Disposal(vehicle).With("registrationNumber", vehicle.Mark.ToLowerInvariant())
        );

        var (_, statement) = await Open(partner, sent);

        // One line a fact, the type first and the others by the names of their members.
        var content =
            $"type=disposalToTrade\ndocumentReferenceNumber={vehicle.Document}\neventDate=2026-11-20\n"
            + $"keeperConsent=true\nmarkRightsConsent=true\nregistrationNumber={vehicle.Mark}\n";
        var salt = Convert.FromHexString((string)statement["salt"]!);
        Assert.Equal(16, salt.Length);
        Assert.Equal(
            (string)statement["digest"]!,
            Convert.ToHexStringLower(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(content)]))
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_leaf_is_made_anew_from_the_receipt_alone(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        foreach (var stolen in new[] { false, true })
        {
            var sent = await partner.Send(Notices.Disposal(await host.AddVehicle(stolen: stolen)));

            var (_, statement) = await Open(partner, sent);

            var leaf = $"""
                tradeapi-leaf-v1
                keeperChange={statement["keeperChange"]}
                type={statement["type"]}
                outcome={statement["outcome"]}
                onBehalfOf={statement["onBehalfOf"]}
                submittedBy={statement["submittedBy"]}
                receivedAt={statement["receivedAt"]}
                decidedAt={statement["decidedAt"]}
                digest={statement["digest"]}

                """;
            var hash = SHA256.HashData([0, .. Encoding.UTF8.GetBytes(leaf)]);
            Assert.Equal((string)statement["leafHash"]!, Convert.ToHexStringLower(hash));
            Assert.Equal(
                hash,
                await host.QueryRegister<byte[]>(
                    """
                    select substr(leaf_hashes, cast(32 * (@Position - first_position) + 1 as integer), 32)
                      from ledger_page
                     where @Position between first_position and last_position
                    """,
                    new { Position = (long)statement["ledgerPosition"]! }
                )
            );
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_row_of_a_file_has_a_receipt_too_and_still_has_it_after_fourteen_months(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var file = await partner.SendFile(Notices.File(Notices.Disposal(await host.AddVehicle())));
        var row = Assert.Single(await partner.Results(file.String("id")!));

        host.Clock.Advance(TimeSpan.FromDays(425));
        partner = await host.Partner("org_dealer1");
        var notice = await partner.Get($"/v1/keeper-changes/{row["keeperChangeId"]}");
        var (_, statement) = await Open(partner, notice);

        Assert.Equal((string)row["receiptReference"]!, (string)statement["reference"]!);
        Assert.StartsWith("2026-11-25T12:", (string)statement["receivedAt"]!, StringComparison.Ordinal);
    }

    // Takes a receipt apart with nothing but what is published: the signature must be right.
    static async Task<(JsonObject Header, JsonObject Statement)> Open(Partner partner, Reply notice)
    {
        var reply = await partner.Get((string)notice.Json["receipt"]!["href"]!);
        Assert.Equal(200, reply.Status);
        Assert.Equal("application/jose", reply.ContentHeaders.ContentType!.MediaType);
        var parts = reply.Text.Split('.');
        Assert.Equal(3, parts.Length);
        var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!.AsObject();
        var keys = (await partner.Get("/oauth2/jwks")).Json["keys"]!.AsArray();
        var key = Assert.Single(keys, key => (string)key!["kid"]! == (string)header["kid"]!)!;
        using var ecdsa = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint
                {
                    X = Base64Url.DecodeFromChars((string)key["x"]!),
                    Y = Base64Url.DecodeFromChars((string)key["y"]!),
                },
            }
        );
        Assert.True(
            ecdsa.VerifyData(
                Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]),
                Base64Url.DecodeFromChars(parts[2]),
                HashAlgorithmName.SHA256
            )
        );
        return (header, JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject());
    }
}
