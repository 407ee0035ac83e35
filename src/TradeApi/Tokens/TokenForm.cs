using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace TradeApi.Tokens;

/// <summary>An OAuth error (RFC 6749, 5.2), as the caller reads it: plain ASCII, and nothing that was sent.</summary>
sealed record TokenError(string Error, string Description, TimeSpan? RetryAfter = null)
{
    public static TokenError InvalidRequest(string description) => new("invalid_request", description);

    public static TokenError InvalidClient(string description) => new("invalid_client", description);

    public static TokenError InvalidScope(string description) => new("invalid_scope", description);
}

/// <summary>How a client proves itself: exactly one of a secret and an assertion.</summary>
sealed record ClientProof(string ClientId, string? Secret, string? Assertion);

/// <summary>A token request as it was sent, after the rules that need no look at who the client is.</summary>
sealed class TokenForm
{
    const int LargestBody = 64 * 1024;
    const int LongestClientId = 200;
    const string ClientCredentials = "client_credentials";
    const string FormType = "application/x-www-form-urlencoded";
    const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public required string GrantType { get; init; }
    public required string? Scope { get; init; }
    public required ClientProof Proof { get; init; }

    /// <summary>Reads the form, or says which rule it breaks.</summary>
    public static async Task<(TokenForm? Form, TokenError? Error)> Read(HttpRequest request)
    {
        if (request.QueryString.HasValue && request.QueryString.Value!.Length > 1)
            return Refused(
                TokenError.InvalidRequest(
                    "Parameters belong in the body. What stood in the address may have been logged on its way: "
                        + "if it held a secret or an assertion, replace that credential."
                )
            );
        if (
            !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals(FormType, StringComparison.OrdinalIgnoreCase)
        )
            return Refused(
                TokenError.InvalidRequest($"The body must be a form: send it with the Content-Type {FormType}.")
            );
        if (request.Headers.Authorization.Count > 1)
            return Refused(TokenError.InvalidRequest("The header Authorization is sent more than once."));

        Dictionary<string, StringValues> fields;
        try
        {
            if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                limit.MaxRequestBodySize = LargestBody;
            fields = (await request.ReadFormAsync()).ToDictionary(
                field => field.Key,
                field => field.Value,
                StringComparer.Ordinal
            );
        }
        catch (Exception unreadable) when (unreadable is BadHttpRequestException or InvalidDataException)
        {
            return Refused(TokenError.InvalidRequest("The body cannot be read as a form, or is too large."));
        }
        if (fields.Any(field => field.Value.Count > 1))
            return Refused(TokenError.InvalidRequest("A parameter is sent more than once."));

        if (Text("grant_type") is not { } grantType)
            return Refused(TokenError.InvalidRequest("The parameter grant_type is missing."));
        if (grantType != ClientCredentials)
            return Refused(new TokenError("unsupported_grant_type", "The only grant_type here is client_credentials."));

        var (proof, error) = ReadProof(request.Headers.Authorization.ToString(), Text);
        return proof is null
            ? Refused(error!)
            : (
                new TokenForm
                {
                    GrantType = grantType,
                    Scope = Text("scope"),
                    Proof = proof,
                },
                null
            );

        // A parameter without a value counts as not sent (RFC 6749, 3.2).
        string? Text(string name) =>
            fields.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;
    }

    static (ClientProof? Proof, TokenError? Error) ReadProof(string authorization, Func<string, string?> text)
    {
        var clientId = text("client_id");
        var secret = text("client_secret");
        var assertion = text("client_assertion");
        var methods = (authorization.Length > 0 ? 1 : 0) + (secret is null ? 0 : 1) + (assertion is null ? 0 : 1);
        if (methods > 1)
            return (null, TokenError.InvalidRequest("The client authenticates in more than one way at once."));
        if (methods == 0)
            return (null, TokenError.InvalidClient("The request holds no client authentication."));

        if (assertion is not null)
        {
            if (text("client_assertion_type") != AssertionType)
                return (null, TokenError.InvalidRequest($"client_assertion_type must be {AssertionType}."));
            var subject = ClientAssertion.SubjectOf(assertion);
            if (subject is null)
                return (null, TokenError.InvalidClient("The assertion is not a signed JWT with 'iss' and 'sub'."));
            return clientId is not null && clientId != subject
                ? (null, TokenError.InvalidClient("The assertion's 'sub' is not the client_id of the request."))
                : Proved(new ClientProof(subject, null, assertion));
        }
        if (secret is not null)
            return clientId is null
                ? (null, TokenError.InvalidClient("client_secret is sent without client_id."))
                : Proved(new ClientProof(clientId, secret, null));

        if (BasicCredentials(authorization) is not { } basic)
            return (null, TokenError.InvalidClient("The header Authorization does not hold Basic credentials."));
        return clientId is not null && clientId != basic.ClientId
            ? (null, TokenError.InvalidRequest("client_id in the body differs from the one in the header."))
            : Proved(basic);
    }

    /// <summary>Reads Basic credentials: split at the first colon, then form-decoded (RFC 6749, 2.3.1).</summary>
    public static ClientProof? BasicCredentials(string authorization)
    {
        const string scheme = "Basic ";
        if (!authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var buffer = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization[scheme.Length..].Trim(), buffer, out var length))
            return null;
        var pair = Encoding.UTF8.GetString(buffer, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon <= 0
            ? null
            : new ClientProof(
                WebUtility.UrlDecode(pair[..colon]),
                WebUtility.UrlDecode(pair[(colon + 1)..]),
                Assertion: null
            );
    }

    static (ClientProof?, TokenError?) Proved(ClientProof proof) =>
        proof.ClientId.Length > LongestClientId || proof.ClientId.Contains('\0', StringComparison.Ordinal)
            ? (null, TokenError.InvalidClient(ClientAuthentication.NotProved))
            : (proof, null);

    static (TokenForm?, TokenError?) Refused(TokenError error) => (null, error);
}
