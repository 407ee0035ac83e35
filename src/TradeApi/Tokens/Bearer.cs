using System.Buffers;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using TradeApi.Http;

namespace TradeApi.Tokens;

/// <summary>A token that is refused, with the answer for its sender and the word for our log.</summary>
sealed class TokenRefusedException(string reason, Problem problem) : Exception(reason)
{
    public Problem Problem => problem;
}

/// <summary>
/// Checks the token of every call: first what the token says, with our own keys and without any outbound call, or that
/// this has been done; then, in the control store, that the client, the credential and the organisation are in force at
/// this moment. A route may put that off, for a caller who was in force before, and ask with what it asks anyway.
/// </summary>
static class Bearer
{
    public const string Scheme = JwtBearerDefaults.AuthenticationScheme;

    const int Longest = 4096;
    const string Realm = "Bearer realm=\"TradeApi\"";

    // That somebody has called, for the authorization that comes next; who it was, it asks the Caller.
    static readonly ClaimsPrincipal Somebody = new(new ClaimsIdentity(Scheme));
    static readonly TimeSpan Skew = TimeSpan.FromSeconds(10);
    static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    );

    public static void AddBearer(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddScoped(provider =>
            provider.GetRequiredService<IHttpContextAccessor>().HttpContext?.Features.Get<Caller>()
            ?? throw new InvalidOperationException("There is no caller here: the route lacks RequireScope.")
        );
        services.AddAuthorization();
        services.AddAuthentication().AddJwtBearer();
        services
            .AddOptions<JwtBearerOptions>(Scheme)
            .Configure<Settings, SigningKeys, TokenMemory, TimeProvider>(
                (options, settings, keys, memory, clock) =>
                {
                    options.MapInboundClaims = false;
                    options.SaveToken = false;
                    options.TokenValidationParameters = Rules(settings, keys, clock);
                    options.Events = new JwtBearerEvents
                    {
                        OnMessageReceived = context => Receive(context, keys, memory, clock),
                        OnTokenValidated = context => Remember(context, memory, clock),
                        OnChallenge = Challenge,
                        OnForbidden = Forbid,
                    };
                }
            );
    }

    static TokenValidationParameters Rules(Settings settings, SigningKeys keys, TimeProvider clock)
    {
        var audience = TokenServer.Audience(settings);
        return new TokenValidationParameters
        {
            ValidTypes = ["at+jwt"],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidIssuer = settings.Issuer.AbsoluteUri,
            IssuerSigningKeyResolver = (_, _, keyId, _) => keys.LastRead.TokenKey(keyId),
            AudienceValidator = (audiences, _, _) => audiences.SequenceEqual([audience], StringComparer.Ordinal),
            // The library's own check reads the machine's clock.
            LifetimeValidator = (from, until, _, _) =>
            {
                var now = clock.GetUtcNow();
                if (until is null || until <= (now - Skew).UtcDateTime)
                    throw new SecurityTokenExpiredException();
                if (from > (now + Skew).UtcDateTime)
                    throw new SecurityTokenNotYetValidException();
                return true;
            },
        };
    }

    /// <summary>Takes the token from the one header, and from nowhere else.</summary>
    static async Task Receive(MessageReceivedContext context, SigningKeys keys, TokenMemory memory, TimeProvider clock)
    {
        var header = context.Request.Headers.Authorization;
        if (context.Request.Query.ContainsKey("access_token"))
            context.Fail(
                Refused("query", "A token in the address is logged on its way: send it in the header Authorization.")
            );
        else if (header.Count > 1)
            context.Fail(Refused("ambiguous", "The header Authorization is sent more than once."));
        else if (header.Count == 0)
            context.NoResult();
        else if (ReadHeader(header.ToString()) is not { } token)
            context.Fail(
                Refused("malformed", "The header Authorization must be 'Bearer' and an access token of ours.")
            );
        else
        {
            context.Token = token;
            // Reads the keys anew when it is time to; what the token names has no part in it.
            var current = await keys.Current(context.HttpContext.RequestAborted);
            if (memory.Find(token, current, clock.GetUtcNow().UtcDateTime, Skew) is not { } known)
                return;
            if (Presume(context.HttpContext, known))
                LetIn(context);
            else
                await CheckInForce(context, known);
        }
    }

    // Where the scope is lacking it is asked now: it may have been given back.
    static bool Presume(HttpContext http, CheckedToken token)
    {
        if (
            http.GetEndpoint()?.Metadata.GetMetadata<ScopeNeeded>() is not { Presumes: true } needed
            || token.LastInForce is not { } client
            || !token.ScopesOf(client).Contains(needed.Scope)
        )
            return false;
        http.Features.Set(CallerBy(token, client) with { Presumed = new Presumed(token, client) });
        return true;
    }

    static string? ReadHeader(string header)
    {
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || header.Length == Scheme.Length)
            return null;
        var token = header.AsSpan(Scheme.Length);
        if (token[0] is not (' ' or '\t'))
            return null;
        token = token.Trim(" \t");
        // Signed tokens have three parts; encrypted ones have five and are none of ours.
        return
            token.Length is > 0 and <= Longest && token.Count('.') == 2 && token.IndexOfAnyExcept(TokenCharacters) < 0
            ? token.ToString()
            : null;
    }

    static async Task Remember(TokenValidatedContext context, TokenMemory memory, TimeProvider clock)
    {
        var token = (JsonWebToken)context.SecurityToken;
        var now = clock.GetUtcNow().UtcDateTime;
        if (token.IssuedAt > now + Skew)
        {
            context.Fail(Refused("not-yet-valid", "The token is not yet valid."));
            return;
        }
        if (!Guid.TryParse(Claim(token, TokenClaims.Credential), out var credentialId))
        {
            context.Fail(Unknown());
            return;
        }
        var said = new CheckedToken
        {
            ClientId = Claim(token, "client_id"),
            CredentialId = credentialId,
            OrganisationId = Claim(token, TokenClaims.Organisation),
            Environment = Claim(token, TokenClaims.Environment),
            Scopes = Scopes.Split(Claim(token, "scope")),
            From = token.ValidFrom > token.IssuedAt ? token.ValidFrom : token.IssuedAt,
            Until = token.ValidTo,
            SignedWith = token.SigningKey,
        };
        memory.Keep(token.EncodedToken, said, now, Skew);
        await CheckInForce(context, said);
    }

    static async Task CheckInForce(ResultContext<JwtBearerOptions> context, CheckedToken token)
    {
        if (await Ask(context.HttpContext, token) is { } refused)
            context.Fail(refused);
        else
            LetIn(context);
    }

    static void LetIn(ResultContext<JwtBearerOptions> context)
    {
        context.Principal = Somebody;
        context.Success();
    }

    /// <summary>
    /// Asks now about a caller that was presumed to be in force. What comes back, if anything, is the answer to the call: the
    /// one that it would have had if it had been asked about at once.
    /// </summary>
    public static async Task<IResult?> AskNow(HttpContext http, Caller caller)
    {
        if (caller.Presumed is not { } presumed)
            return null;
        if (await Ask(http, presumed.Token) is { } refused)
            return Refuse(http, refused).AsResult();
        return RequiredScope.Missing(http) is { } scope ? Forbid(http, scope).AsResult() : null;
    }

    /// <summary>Asks the control store about the token's client: it is the caller, or what comes back says why not.</summary>
    static async Task<TokenRefusedException?> Ask(HttpContext http, CheckedToken token)
    {
        var client = await http
            .RequestServices.GetRequiredService<ClientsInForce>()
            .Find(token.ClientId, token.CredentialId);
        var refused = WhyRefused(token, client);
        token.LastInForce = refused is null ? client : null;
        if (refused is null)
            http.Features.Set(CallerBy(token, client!));
        return refused;
    }

    static TokenRefusedException? WhyRefused(CheckedToken token, Client? client)
    {
        if (client is null || client.OrganisationId != token.OrganisationId || client.Environment != token.Environment)
            return Unknown();
        if (client.InForce)
            return null;
        return new TokenRefusedException(
            "suspended",
            Problems.PartnerSuspended.Because(
                client.RemovedAt is not null
                    ? "The client or the credential of this token has been removed or has expired."
                    : "The organisation is not in force in this environment."
            )
        );
    }

    static Caller CallerBy(CheckedToken token, Client client) =>
        new(client.ClientId, client.OrganisationId, client.Environment, token.ScopesOf(client));

    static Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        var response = context.Response;
        if (context.AuthenticateFailure is not { } failure)
        {
            // Without a token there is no error to name (RFC 6750, 3.1).
            response.Headers.WWWAuthenticate = Realm;
            return ProblemResult.Write(
                context.HttpContext,
                Problems.TokenInvalid.Because("Send an access token in the header Authorization: Bearer.")
            );
        }
        var refused = failure as TokenRefusedException ?? Reason(failure);
        var problem = Refuse(context.HttpContext, refused);
        if (refused.Message == "query")
            Log(context.HttpContext).LogWarning("credential.exposed: an access token came in the address of a call");
        return ProblemResult.Write(context.HttpContext, problem);
    }

    static Problem Refuse(HttpContext http, TokenRefusedException refused)
    {
        Log(http).LogInformation("token.rejected {Reason}", refused.Message);
        http.Response.Headers.WWWAuthenticate = Realm + ", error=\"invalid_token\"";
        return refused.Problem;
    }

    static Task Forbid(ForbiddenContext context) =>
        ProblemResult.Write(
            context.HttpContext,
            Forbid(context.HttpContext, RequiredScope.Missing(context.HttpContext))
        );

    static Problem Forbid(HttpContext http, string? scope)
    {
        Log(http).LogInformation("authz.denied {Scope} {Client}", scope, http.Features.Get<Caller>()?.ClientId);
        http.Response.Headers.WWWAuthenticate = Realm + $", error=\"insufficient_scope\", scope=\"{scope}\"";
        return Problems.ScopeMissing.Because($"This operation needs the scope '{scope}'.");
    }

    static TokenRefusedException Reason(Exception failure) =>
        failure switch
        {
            SecurityTokenExpiredException => Refused("expired", "The token has expired: get a new one."),
            SecurityTokenNotYetValidException => Refused("not-yet-valid", "The token is not yet valid."),
            SecurityTokenInvalidAudienceException => Refused("audience", "The token is for another service."),
            SecurityTokenInvalidIssuerException => Refused("issuer", "The token is of another issuer."),
            SecurityTokenInvalidTypeException => Refused("type", "This is not an access token (typ at+jwt)."),
            SecurityTokenInvalidAlgorithmException => Refused("alg", "The token is not signed with ES256."),
            SecurityTokenSignatureKeyNotFoundException => Refused("key", "The token is signed with no key of ours."),
            _ => Refused("signature", "The token cannot be read, or its signature is not right."),
        };

    static TokenRefusedException Unknown() => Refused("unknown", "The token names a client that is not known here.");

    static TokenRefusedException Refused(string reason, string detail) =>
        new(reason, Problems.TokenInvalid.Because(detail));

    static string Claim(JsonWebToken token, string name) =>
        token.TryGetPayloadValue<object>(name, out var value) && value is string text ? text : "";

    static ILogger Log(HttpContext http) =>
        http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("TradeApi.Tokens.Bearer");
}
