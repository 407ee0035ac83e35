using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace TradeApi.Tests.Tokens;

/// <summary>A client as its owner knows it.</summary>
sealed record TestClient(string Organisation, string ClientId, Guid CredentialId, string? Secret, AssertionKey? Key)
{
    public string Basic => BasicOf(ClientId, Secret!);

    public static string BasicOf(string id, string secret) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(id + ":" + secret));
}

/// <summary>What came back, read once.</summary>
sealed record Answer(
    HttpStatusCode Status,
    HttpResponseHeaders Headers,
    string? ContentType,
    string? Allow,
    string Body
)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public string Error => Text("error");

    public string Text(string member) => (string)Json[member]!;

    public string Authenticate => string.Join(", ", Headers.WwwAuthenticate);

    public static async Task<Answer> Read(HttpResponseMessage response) =>
        new(
            response.StatusCode,
            response.Headers,
            response.Content.Headers.ContentType?.MediaType,
            response.Content.Headers.Allow.FirstOrDefault(),
            await response.Content.ReadAsStringAsync()
        );
}

/// <summary>A partner's own key pair, which can also sign what it should not.</summary>
sealed class AssertionKey(string algorithm, ECDsa? curve, RSA? rsa, string? keyId)
{
    public static AssertionKey Es256(string? keyId = "k1") =>
        new("ES256", ECDsa.Create(ECCurve.NamedCurves.nistP256), null, keyId);

    public static AssertionKey Rsa(string algorithm, int bits = 2048) => new(algorithm, null, RSA.Create(bits), "k1");

    public string Jwk() => Public().ToJsonString();

    public JsonObject Public()
    {
        var jwk = new JsonObject { ["alg"] = algorithm };
        if (keyId is not null)
            jwk["kid"] = keyId;
        if (curve is not null)
        {
            var point = curve.ExportParameters(false).Q;
            jwk["kty"] = "EC";
            jwk["crv"] = "P-256";
            jwk["x"] = Base64Url.EncodeToString(point.X);
            jwk["y"] = Base64Url.EncodeToString(point.Y);
        }
        else
        {
            var numbers = rsa!.ExportParameters(false);
            jwk["kty"] = "RSA";
            jwk["n"] = Base64Url.EncodeToString(numbers.Modulus);
            jwk["e"] = Base64Url.EncodeToString(numbers.Exponent);
        }
        return jwk;
    }

    public string Sign(JsonObject claims, JsonObject? header = null)
    {
        header ??= new JsonObject { ["alg"] = algorithm, ["typ"] = "client-authentication+jwt" };
        var signed = Part(header.ToJsonString()) + "." + Part(claims.ToJsonString());
        return signed + "." + Base64Url.EncodeToString(Signature(Encoding.ASCII.GetBytes(signed)));
    }

    public static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    byte[] Signature(byte[] signed) =>
        curve is not null
            ? curve.SignData(signed, HashAlgorithmName.SHA256)
            : rsa!.SignData(
                signed,
                HashAlgorithmName.SHA256,
                algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1
            );
}
