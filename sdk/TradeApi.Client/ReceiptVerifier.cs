using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TradeApi.Client.Transport;

namespace TradeApi.Client;

/// <summary>
/// Checks receipts without asking anyone. Keep the published keys (<c>/oauth2/jwks</c>) beside your receipts, and they
/// can be proved for as long as you keep both.
/// </summary>
public static class ReceiptVerifier
{
    // The members of a ledger leaf, in its order; the text of the leaf is made of them and hashed.
    static readonly string[] LeafMembers =
    [
        "keeperChange",
        "type",
        "outcome",
        "onBehalfOf",
        "submittedBy",
        "receivedAt",
        "decidedAt",
        "digest",
    ];

    /// <summary>Checks the signature, the type, the issuer and the ledger leaf of a receipt.</summary>
    /// <param name="receipt">The receipt: a JWS in compact form.</param>
    /// <param name="keys">The published keys, as the text of a JWK set.</param>
    /// <param name="issuer">The issuer that must have signed it: the address of the service.</param>
    public static ReceiptCheck Verify(string receipt, string keys, string issuer)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentException.ThrowIfNullOrEmpty(issuer);
        try
        {
            return Check(receipt, keys, issuer);
        }
        catch (JsonException)
        {
            return ReceiptCheck.Failed("The receipt or the keys are no JSON of the kind expected.");
        }
    }

    /// <summary>The <c>kid</c> of a receipt, when it has one: the key to look for.</summary>
    internal static string? KeyIdOf(string receipt)
    {
        try
        {
            return Base64Url.TryDecode(receipt.Split('.')[0]) is { } header
                ? Text(JsonSerializer.Deserialize<JsonElement>(header), "kid")
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether a key of that name is in a JWK set.</summary>
    internal static bool HasKey(string keys, string? keyId)
    {
        try
        {
            return Key(keys, keyId) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static ReceiptCheck Check(string receipt, string keys, string issuer)
    {
        if (
            receipt.Trim().Split('.') is not [var headerText, var statementText, var signatureText]
            || Base64Url.TryDecode(headerText) is not { } headerBytes
            || Base64Url.TryDecode(statementText) is not { } statementBytes
            || Base64Url.TryDecode(signatureText) is not { } signature
        )
            return ReceiptCheck.Failed("This is no signed statement: it needs three parts in base64url.");

        var header = JsonSerializer.Deserialize<JsonElement>(headerBytes);
        // The type keeps an access token, signed by the same service, from passing as a receipt.
        if (!"receipt+jwt".Equals(Text(header, "typ"), StringComparison.OrdinalIgnoreCase))
            return ReceiptCheck.Failed("The header 'typ' is not receipt+jwt.");
        if (Text(header, "alg") != "ES256" || header.TryGetProperty("crit", out _))
            return ReceiptCheck.Failed("The receipt must be signed with ES256 and without extensions.");
        if (Key(keys, Text(header, "kid")) is not { } jwk)
            return ReceiptCheck.Failed("None of the keys has the receipt's 'kid'.");
        using var key = Read(jwk);
        if (key is null)
            return ReceiptCheck.Failed("The receipt's key is no valid key of the curve P-256.");
        var signed = Encoding.ASCII.GetBytes(headerText + "." + statementText);
        if (!key.VerifyData(signed, signature, HashAlgorithmName.SHA256))
            return ReceiptCheck.Failed(
                "The signature does not fit: the receipt was changed, or another key signed it."
            );

        var members = JsonSerializer.Deserialize<JsonElement>(statementBytes);
        if (Text(members, "iss") != issuer)
            return ReceiptCheck.Failed($"The receipt's issuer is not {issuer}.");
        if (LeafHash(members) is not { } hash || hash != Text(members, "leafHash"))
            return ReceiptCheck.Failed("The ledger leaf does not follow from the receipt's members.");
        return ReceiptCheck.Genuine(JsonSerializer.Deserialize<ReceiptStatement>(statementBytes)!);
    }

    // RFC 9162, 2.1.1: a zero byte, then the leaf's text: a line that names the form, then one member a line.
    static string? LeafHash(JsonElement members)
    {
        var text = new StringBuilder("tradeapi-leaf-v1\n");
        foreach (var name in LeafMembers)
        {
            if (Text(members, name) is not { } value)
                return null;
            text.Append(name).Append('=').Append(value).Append('\n');
        }
#pragma warning disable CA1308 // Hexadecimal digits in receipts are lower case
        return Convert.ToHexString(SHA256.HashData([0, .. Encoding.UTF8.GetBytes(text.ToString())])).ToLowerInvariant();
#pragma warning restore CA1308
    }

    static JsonElement? Key(string keys, string? keyId)
    {
        var set = JsonSerializer.Deserialize<JsonElement>(keys);
        if (
            keyId is not null
            && set.ValueKind == JsonValueKind.Object
            && set.TryGetProperty("keys", out var items)
            && items.ValueKind == JsonValueKind.Array
        )
            foreach (var item in items.EnumerateArray())
                if (Text(item, "kid") == keyId)
                    return item;
        return null;
    }

    static ECDsa? Read(JsonElement jwk)
    {
        if (
            Text(jwk, "kty") != "EC"
            || Text(jwk, "crv") != "P-256"
            || Base64Url.TryDecode(Text(jwk, "x") ?? "") is not { Length: 32 } x
            || Base64Url.TryDecode(Text(jwk, "y") ?? "") is not { Length: 32 } y
        )
            return null;
        try
        {
            return ECDsa.Create(
                new ECParameters
                {
                    Curve = ECCurve.NamedCurves.nistP256,
                    Q = new ECPoint { X = x, Y = y },
                }
            );
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
