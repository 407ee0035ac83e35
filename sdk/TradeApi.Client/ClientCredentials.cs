using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TradeApi.Client.Transport;

namespace TradeApi.Client;

/// <summary>Where a client secret stands in a token request.</summary>
public enum SecretPlacement
{
    /// <summary>In the header Authorization (<c>client_secret_basic</c>).</summary>
    Header,

    /// <summary>In the form (<c>client_secret_post</c>).</summary>
    Form,
}

/// <summary>How your software proves to the token server that it is your client: by a secret or by a private key.</summary>
public abstract class ClientCredentials
{
    const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    static readonly TimeSpan AssertionLife = TimeSpan.FromMinutes(2);

    // Closed: these are the ways that the token server knows.
    private protected ClientCredentials(string clientId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(clientId);
        ClientId = clientId;
    }

    /// <summary>The id of the client, such as <c>cli_…</c>.</summary>
    public string ClientId { get; }

    /// <summary>The secret that was shown once when the client was added.</summary>
    /// <param name="clientId">The id of the client.</param>
    /// <param name="clientSecret">Its secret.</param>
    /// <param name="placement">Where the secret stands in the token request.</param>
    public static ClientCredentials FromSecret(
        string clientId,
        string clientSecret,
        SecretPlacement placement = SecretPlacement.Header
    ) => new Secret(clientId, clientSecret, placement);

    /// <summary>
    /// A private key of the curve P-256, whose public half the register knows (<c>private_key_jwt</c>, ES256). The key
    /// stays yours: dispose it after the client.
    /// </summary>
    /// <param name="clientId">The id of the client.</param>
    /// <param name="privateKey">The key.</param>
    /// <param name="keyId">The key's <c>kid</c>, when you gave it one.</param>
    public static ClientCredentials FromPrivateKey(string clientId, ECDsa privateKey, string? keyId = null) =>
        new PrivateKey(clientId, privateKey, keyId);

    /// <summary>A private key as a PEM text, for instance the content of a key file.</summary>
    /// <param name="clientId">The id of the client.</param>
    /// <param name="pem">The private key in PEM.</param>
    /// <param name="keyId">The key's <c>kid</c>, when you gave it one.</param>
    public static ClientCredentials FromPrivateKeyPem(string clientId, string pem, string? keyId = null)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return new PrivateKey(clientId, key, keyId);
    }

    /// <summary>Adds the proof to a token request. Called anew for each attempt: an assertion counts once only.</summary>
    internal abstract void Prove(
        HttpRequestMessage request,
        Dictionary<string, string> form,
        string issuer,
        DateTimeOffset now
    );

    sealed class Secret : ClientCredentials
    {
        readonly string secret;
        readonly SecretPlacement placement;

        public Secret(string clientId, string secret, SecretPlacement placement)
            : base(clientId)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(secret);
            this.secret = secret;
            this.placement = placement;
        }

        internal override void Prove(
            HttpRequestMessage request,
            Dictionary<string, string> form,
            string issuer,
            DateTimeOffset now
        )
        {
            if (placement == SecretPlacement.Form)
            {
                form["client_id"] = ClientId;
                form["client_secret"] = secret;
                return;
            }
            // Both halves are form-encoded first (RFC 6749, 2.3.1), or a colon or a plus would change their meaning.
            var pair = WebUtility.UrlEncode(ClientId) + ":" + WebUtility.UrlEncode(secret);
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.ASCII.GetBytes(pair))
            );
        }
    }

    sealed class PrivateKey : ClientCredentials
    {
        readonly ECDsa key;
        readonly string? keyId;

        public PrivateKey(string clientId, ECDsa key, string? keyId)
            : base(clientId)
        {
            ArgumentNullException.ThrowIfNull(key);
            if (key.KeySize != 256)
                throw new ArgumentException("ES256 needs a key of the curve P-256.", nameof(key));
            this.key = key;
            this.keyId = keyId;
        }

        internal override void Prove(
            HttpRequestMessage request,
            Dictionary<string, string> form,
            string issuer,
            DateTimeOffset now
        )
        {
            var header = new Dictionary<string, object> { ["alg"] = "ES256", ["typ"] = "client-authentication+jwt" };
            if (keyId is not null)
                header["kid"] = keyId;
            var claims = new Dictionary<string, object>
            {
                ["iss"] = ClientId,
                ["sub"] = ClientId,
                ["aud"] = issuer,
                ["jti"] = RandomNumberGenerator.GetHexString(32, lowercase: true),
                ["iat"] = now.ToUnixTimeSeconds(),
                ["exp"] = (now + AssertionLife).ToUnixTimeSeconds(),
            };
            var signed =
                Base64Url.Encode(JsonSerializer.SerializeToUtf8Bytes(header))
                + "."
                + Base64Url.Encode(JsonSerializer.SerializeToUtf8Bytes(claims));
            var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);

            form["client_id"] = ClientId;
            form["client_assertion_type"] = AssertionType;
            form["client_assertion"] = signed + "." + Base64Url.Encode(signature);
        }
    }
}
