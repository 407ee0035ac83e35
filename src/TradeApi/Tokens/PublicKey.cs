using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace TradeApi.Tokens;

/// <summary>A key that a partner may not use, with the reason in a sentence for the partner.</summary>
sealed class KeyRefusedException(string message) : Exception(message);

/// <summary>
/// The public half of a partner's key: EC P-256 (ES256), or RSA of 2048 bits and more (PS256, RS256). The key decides
/// which algorithms may be used with it; what an assertion claims of itself decides nothing.
/// </summary>
sealed class PublicKey : IDisposable
{
    // A key of 16384 bits would make each check cost us what an attacker does not pay.
    const int SmallestRsa = 2048;
    const int LargestRsa = 4096;

    static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    readonly ECDsa? curve;
    readonly RSA? rsa;

    PublicKey(string? keyId, string[] algorithms, ECDsa? curve, RSA? rsa)
    {
        KeyId = keyId;
        Algorithms = algorithms;
        this.curve = curve;
        this.rsa = rsa;
    }

    public string? KeyId { get; }

    public IReadOnlyList<string> Algorithms { get; }

    /// <summary>Reads a JWK, or a JWKS that holds one key.</summary>
    /// <exception cref="KeyRefusedException">The key is private, weak, or of a kind that is not taken.</exception>
    public static PublicKey Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(document.RootElement);
        }
        // Half of a surrogate pair passes as JSON and is refused only when it is read as text.
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            throw new KeyRefusedException("The key is not a JSON Web Key (RFC 7517): it is not readable as JSON.");
        }
    }

    /// <summary>The key as a JWK with its public members only.</summary>
    public string ToJwk() =>
        JsonSerializer.Serialize(
            Members()
                .Where(member => member.Value is not null)
                .ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal)
        );

    public bool Verifies(string algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        if (!Algorithms.Contains(algorithm, StringComparer.Ordinal))
            return false;
        return algorithm switch
        {
            "ES256" => curve!.VerifyData(signed, signature, HashAlgorithmName.SHA256),
            "PS256" => rsa!.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            "RS256" => rsa!.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            _ => false,
        };
    }

    public void Dispose()
    {
        curve?.Dispose();
        rsa?.Dispose();
    }

    static PublicKey Read(JsonElement jwk)
    {
        if (jwk.ValueKind == JsonValueKind.Object && jwk.TryGetProperty("keys", out var keys))
        {
            if (keys.ValueKind != JsonValueKind.Array || keys.GetArrayLength() != 1)
                throw new KeyRefusedException("A JWKS must hold exactly one key here: add each key as a credential.");
            jwk = keys[0];
        }
        if (jwk.ValueKind != JsonValueKind.Object)
            throw new KeyRefusedException("The key is not a JSON Web Key (RFC 7517): it must be a JSON object.");
        if (PrivateMembers.FirstOrDefault(name => jwk.TryGetProperty(name, out _)) is { } secret)
            throw new KeyRefusedException(
                $"The key holds the private member '{secret}'. Never send a private key: make a new pair, "
                    + "and send only the public half."
            );
        if (Text(jwk, "use") is { } use and not "sig")
            throw new KeyRefusedException($"The key is for '{Shown(use)}'; it must be for signatures ('use': 'sig').");
        var keyId = Text(jwk, "kid");
        if (keyId?.Length > 200)
            throw new KeyRefusedException("The member 'kid' may have at most 200 characters.");
        try
        {
            return Text(jwk, "kty") switch
            {
                "EC" => ReadCurve(jwk, keyId),
                "RSA" => ReadRsa(jwk, keyId),
                _ => throw new KeyRefusedException("The key must be EC with the curve P-256, or RSA ('kty')."),
            };
        }
        catch (Exception broken) when (broken is CryptographicException or FormatException)
        {
            throw new KeyRefusedException("The key's numbers are not those of a public key of its kind.");
        }
    }

    static PublicKey ReadCurve(JsonElement jwk, string? keyId)
    {
        if (Text(jwk, "crv") != "P-256")
            throw new KeyRefusedException("An EC key must be on the curve P-256 ('crv').");
        var pair = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = Number(jwk, "x"), Y = Number(jwk, "y") },
            }
        );
        return new PublicKey(keyId, Allowed(jwk, "ES256"), pair, null);
    }

    static PublicKey ReadRsa(JsonElement jwk, string? keyId)
    {
        var numbers = RSA.Create(new RSAParameters { Modulus = Number(jwk, "n"), Exponent = Number(jwk, "e") });
        if (numbers.KeySize is < SmallestRsa or > LargestRsa)
            throw new KeyRefusedException(
                $"The RSA key has {numbers.KeySize} bits; it must have {SmallestRsa} to {LargestRsa}."
            );
        var exponent = numbers.ExportParameters(false).Exponent!;
        if (exponent is not [1, 0, 1])
            throw new KeyRefusedException("The RSA key's exponent ('e') must be 65537 (AQAB).");
        return new PublicKey(keyId, Allowed(jwk, "PS256", "RS256"), null, numbers);
    }

    static string[] Allowed(JsonElement jwk, params string[] possible)
    {
        if (Text(jwk, "alg") is not { } algorithm)
            return possible;
        return possible.Contains(algorithm)
            ? [algorithm]
            : throw new KeyRefusedException($"The member 'alg' of this key must be {string.Join(" or ", possible)}.");
    }

    IEnumerable<(string Name, string? Value)> Members()
    {
        if (curve is not null)
        {
            var point = curve.ExportParameters(false).Q;
            yield return ("kty", "EC");
            yield return ("crv", "P-256");
            yield return ("x", Base64Url.EncodeToString(point.X));
            yield return ("y", Base64Url.EncodeToString(point.Y));
        }
        else
        {
            var numbers = rsa!.ExportParameters(false);
            yield return ("kty", "RSA");
            yield return ("n", Base64Url.EncodeToString(numbers.Modulus));
            yield return ("e", Base64Url.EncodeToString(numbers.Exponent));
        }
        yield return ("use", "sig");
        yield return ("alg", Algorithms.Count == 1 ? Algorithms[0] : null);
        yield return ("kid", KeyId);
    }

    static string? Text(JsonElement jwk, string name) =>
        !jwk.TryGetProperty(name, out var member) ? null
        : member.ValueKind == JsonValueKind.String ? member.GetString()
        : throw new KeyRefusedException($"The member '{name}' of the key must be a string.");

    static byte[] Number(JsonElement jwk, string name) =>
        Base64Url.DecodeFromChars(
            Text(jwk, name) ?? throw new KeyRefusedException($"The key lacks the member '{name}'.")
        );

    static string Shown(string value) => value.Length <= 20 && value.All(char.IsAsciiLetterOrDigit) ? value : "…";
}
