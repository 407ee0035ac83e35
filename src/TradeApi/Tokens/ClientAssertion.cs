using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TradeApi.Tokens;

/// <summary>
/// A client assertion (RFC 7523 with the audience and type of RFC 10070): who says it, for whom, how long and once.
/// Every claim is checked before anything is looked up; the signature is checked with the client's own keys only.
/// </summary>
sealed record ClientAssertion
{
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(5);

    const int Longest = 8 * 1024;
    const int LongestJti = 255;
    static readonly string[] Types = ["client-authentication+jwt", "JWT"];
    public static readonly string[] Algorithms = ["ES256", "PS256", "RS256"];
    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public required string Subject { get; init; }
    public required string Jti { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public required string Algorithm { get; init; }
    public required string? KeyId { get; init; }
    public required byte[] Signed { get; init; }
    public required byte[] Signature { get; init; }

    /// <summary>Whom an assertion claims to be of, unproved: enough to know whose keys to try.</summary>
    public static string? SubjectOf(string assertion)
    {
        using var parts = Parts.Of(assertion);
        return parts is null ? null : parts.Text("sub");
    }

    /// <summary>Checks everything but the signature and single use; the error names the failing check.</summary>
    public static (ClientAssertion? Assertion, string? Error) Check(string assertion, string issuer, DateTimeOffset now)
    {
        using var parts = Parts.Of(assertion);
        if (parts is null)
            return Failed("it is not a signed JWT of at most 8 kB with JSON objects as header and claims");
        if (!Types.Contains(parts.Header("typ"), StringComparer.OrdinalIgnoreCase))
            return Failed("the header 'typ' must be client-authentication+jwt or JWT");
        if (parts.Header("alg") is not { } algorithm || !Algorithms.Contains(algorithm))
            return Failed("the header 'alg' must be ES256, PS256 or RS256");
        if (parts.Has("crit"))
            return Failed("the header 'crit' names extensions, and none is known here");
        if (parts.Text("sub") is not { } subject || parts.Text("iss") != subject)
            return Failed("'iss' and 'sub' must both be the client_id");
        if (parts.OnlyAudience != issuer)
            return Failed($"'aud' must be the issuer {issuer} and nothing else");
        if (parts.Instant("iat") is not { } issuedAt)
            return Failed("'iat' is missing or is no NumericDate");
        if (parts.Instant("exp") is not { } expiresAt)
            return Failed("'exp' is missing or is no NumericDate");
        var offset = Offset(issuedAt - now);
        if (issuedAt > now + Skew)
            return Failed($"'iat' lies in the future; {offset}");
        if (expiresAt <= now - Skew)
            return Failed($"'exp' has passed; {offset}");
        if (expiresAt - issuedAt > LongestLife)
            return Failed("'exp' must be at most 5 minutes after 'iat'");
        if (expiresAt > now + LongestLife + Skew)
            return Failed($"'exp' must be at most 5 minutes ahead; {offset}");
        if (parts.HasClaim("nbf") && (parts.Instant("nbf") is not { } notBefore || notBefore > now + Skew))
            return Failed($"'nbf' lies in the future or is no NumericDate; {offset}");
        if (
            parts.Text("jti") is not { Length: > 0 and <= LongestJti } jti
            || jti.Contains('\0', StringComparison.Ordinal)
        )
            return Failed("'jti' must be a string of 1 to 255 characters");
        return (
            new ClientAssertion
            {
                Subject = subject,
                Jti = jti,
                ExpiresAt = expiresAt,
                Algorithm = algorithm,
                KeyId = parts.Header("kid"),
                Signed = parts.Signed,
                Signature = parts.Signature,
            },
            null
        );
    }

    /// <summary>The credential whose key made the signature. A 'kid' only spares us trying the other key.</summary>
    public Credential? SignedBy(Client client)
    {
        Credential? signer = null;
        foreach (var (owner, jwk) in PublicKeys.Candidates(client))
        {
            using var key = PublicKey.Read(jwk);
            if (KeyId is not null && key.KeyId is not null && KeyId != key.KeyId)
                continue;
            if (key.Verifies(Algorithm, Signed, Signature))
                signer = owner;
        }
        return signer;
    }

    static string Offset(TimeSpan ahead) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"measured by 'iat', your clock is {Math.Abs(ahead.TotalSeconds):0} s "
        ) + (ahead > TimeSpan.Zero ? "ahead of ours, and 60 s are allowed" : "behind ours, and 60 s are allowed");

    static (ClientAssertion?, string?) Failed(string check) => (null, "The assertion is refused: " + check + ".");

    /// <summary>The three parts of a signed JWT, decoded.</summary>
    sealed class Parts(JsonDocument header, JsonDocument claims, byte[] signed, byte[] signature) : IDisposable
    {
        public byte[] Signed => signed;

        public byte[] Signature => signature;

        public static Parts? Of(string token)
        {
            if (token.Length > Longest || token.Split('.') is not [var header, var claims, var signature])
                return null;
            JsonDocument? first = null;
            JsonDocument? second = null;
            try
            {
                first = JsonDocument.Parse(Base64Url.DecodeFromChars(header), Strict);
                second = JsonDocument.Parse(Base64Url.DecodeFromChars(claims), Strict);
                if (
                    first.RootElement.ValueKind == JsonValueKind.Object
                    && second.RootElement.ValueKind == JsonValueKind.Object
                )
                    return new Parts(
                        first,
                        second,
                        Encoding.ASCII.GetBytes(header + "." + claims),
                        Base64Url.DecodeFromChars(signature)
                    );
            }
            catch (Exception unreadable)
                when (unreadable is JsonException or FormatException or InvalidOperationException)
            {
                // Not a JWT: said below, as for every other text. Half of a surrogate pair as a name is the last kind.
            }
            first?.Dispose();
            second?.Dispose();
            return null;
        }

        public bool Has(string name) => header.RootElement.TryGetProperty(name, out _);

        public string? Header(string name) => Text(header.RootElement, name);

        public bool HasClaim(string name) => claims.RootElement.TryGetProperty(name, out _);

        public string? Text(string name) => Text(claims.RootElement, name);

        /// <summary>The audience, when there is exactly one: as a string, or as an array of one.</summary>
        public string? OnlyAudience =>
            !claims.RootElement.TryGetProperty("aud", out var audience) ? null
            : audience is { ValueKind: JsonValueKind.Array } && audience.GetArrayLength() == 1 ? Text(audience[0])
            : Text(audience);

        // Seconds since 1970, also with a fraction; beyond the year 9999 it is no date.
        public DateTimeOffset? Instant(string name) =>
            claims.RootElement.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var seconds)
            && seconds is > 0 and < 253402300799
                ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
                : null;

        public void Dispose()
        {
            header.Dispose();
            claims.Dispose();
        }

        static string? Text(JsonElement parent, string name) =>
            parent.TryGetProperty(name, out var value) ? Text(value) : null;

        static string? Text(JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.String)
                return null;
            try
            {
                return value.GetString();
            }
            catch (InvalidOperationException)
            {
                // Half of a surrogate pair is JSON, but no text.
                return null;
            }
        }
    }
}

/// <summary>The keys to try. A client without keys, or none at all, is tried with a key that nobody has.</summary>
static class PublicKeys
{
    static readonly string Nobodys = MakeNobodys();

    public static IReadOnlyList<(Credential? Owner, string Jwk)> Candidates(Client client)
    {
        var keys = client
            .Credentials.Where(credential => credential.PublicKey is not null)
            .Select(credential => ((Credential?)credential, credential.PublicKey!))
            .ToList();
        return keys.Count > 0 ? keys : [(null, Nobodys)];
    }

    static string MakeNobodys()
    {
        using var pair = System.Security.Cryptography.ECDsa.Create(
            System.Security.Cryptography.ECCurve.NamedCurves.nistP256
        );
        var point = pair.ExportParameters(false).Q;
        return JsonSerializer.Serialize(
            new
            {
                kty = "EC",
                crv = "P-256",
                x = Base64Url.EncodeToString(point.X),
                y = Base64Url.EncodeToString(point.Y),
            }
        );
    }
}
