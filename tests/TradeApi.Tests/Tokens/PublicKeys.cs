using System.Text.Json.Nodes;
using TradeApi.Tokens;

namespace TradeApi.Tests.Tokens;

public class PublicKeyReading
{
    [Fact]
    public void A_key_is_kept_with_its_public_members_only()
    {
        var given = AssertionKey.Es256().Public();
        given["x5u"] = "https://evil.example/";

        using var key = PublicKey.Read(given.ToJsonString());
        var kept = JsonNode.Parse(key.ToJwk())!.AsObject();

        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], kept.Select(member => member.Key).Order());
        Assert.Equal((string)given["x"]!, (string)kept["x"]!);
    }

    [Fact]
    public void A_JWKS_with_one_key_is_taken_like_the_key()
    {
        var jwks = new JsonObject { ["keys"] = new JsonArray(AssertionKey.Rsa("PS256").Public()) };

        using var key = PublicKey.Read(jwks.ToJsonString());

        Assert.Equal(["PS256"], key.Algorithms);
    }

    [Fact]
    public void B08_a_weak_RSA_key_is_refused() => Refused(AssertionKey.Rsa("RS256", bits: 1024).Public(), "1024 bits");

    [Fact]
    public void A_huge_RSA_key_is_refused()
    {
        var key = AssertionKey.Rsa("RS256").Public();
        key["n"] = new string('_', 1368);

        Refused(key, "bits");
    }

    [Fact]
    public void An_odd_exponent_is_refused()
    {
        var key = AssertionKey.Rsa("RS256").Public();
        key["e"] = "Aw";

        Refused(key, "exponent");
    }

    [Theory]
    [InlineData("d")]
    [InlineData("p")]
    [InlineData("k")]
    public void A_private_key_is_refused(string member)
    {
        var key = AssertionKey.Es256().Public();
        key[member] = "AAAA";

        Refused(key, "private");
    }

    [Theory]
    [InlineData("crv", "P-384", "P-256")]
    [InlineData("kty", "oct", "P-256")]
    [InlineData("alg", "RS256", "'alg'")]
    [InlineData("alg", "none", "'alg'")]
    [InlineData("use", "enc", "signatures")]
    [InlineData("x", "AAAA", "numbers")]
    [InlineData("x", "***", "numbers")]
    public void A_key_of_another_kind_is_refused(string member, string value, string message)
    {
        var key = AssertionKey.Es256().Public();
        key[member] = value;

        Refused(key, message);
    }

    [Fact]
    public void A_point_that_is_not_on_the_curve_is_refused()
    {
        var key = AssertionKey.Es256().Public();
        key["y"] = (string)key["x"]!;

        Refused(key, "numbers");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("-----BEGIN PUBLIC KEY-----")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"kty":1}""")]
    [InlineData("""{"kty":"EC","kty":"RSA"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256"}""")]
    [InlineData("""{"kty":"\ud800"}""")]
    public void What_is_no_key_is_refused_with_a_sentence(string json)
    {
        var refused = Assert.Throws<KeyRefusedException>(() => PublicKey.Read(json));
        Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
    }

    static void Refused(JsonObject key, string message)
    {
        var refused = Assert.Throws<KeyRefusedException>(() => PublicKey.Read(key.ToJsonString()));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }
}
