using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using TradeApi.Http;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace TradeApi.Tokens;

/// <summary>The claims of our access tokens that no standard names.</summary>
static class TokenClaims
{
    public const string Organisation = "org";
    public const string Environment = "env";
    public const string Credential = "cred";
}

/// <summary>
/// What we do at each step of a token request; OpenIddict walks the steps, writes the token and the answer. It is told
/// the grant, the scope and the client's id only: it never holds a secret or an assertion.
/// </summary>
static class TokenEndpoint
{
    /// <summary>Step 1: the rules for the form.</summary>
    public sealed class ReadForm(ILogger<ReadForm> log) : IOpenIddictServerHandler<ExtractTokenRequestContext>
    {
        public async ValueTask HandleAsync(ExtractTokenRequestContext context)
        {
            var request = context.Transaction.GetHttpRequest()!;
            if (!HttpMethods.IsPost(request.Method))
            {
                request.HttpContext.Response.Headers.Allow = HttpMethods.Post;
                await ProblemResult.Write(request.HttpContext, Problems.MethodNotAllowed);
                context.HandleRequest();
                return;
            }

            var (form, error) = await TokenForm.Read(request);
            if (request.Query.ContainsKey("client_secret") || request.Query.ContainsKey("client_assertion"))
                log.LogWarning("credential.exposed: a credential came in the address of a token request");
            if (form is null)
            {
                Refuse(context, error!);
                return;
            }
            context.Transaction.SetProperty(nameof(ClientProof), form.Proof);
            context.Request = new OpenIddictRequest
            {
                GrantType = form.GrantType,
                Scope = form.Scope,
                ClientId = form.Proof.ClientId,
            };
        }
    }

    /// <summary>Step 2, once the grant is known to be client_credentials: the client proves itself.</summary>
    public sealed class ProveClient(ClientAuthentication authentication)
        : IOpenIddictServerHandler<ValidateTokenRequestContext>
    {
        public async ValueTask HandleAsync(ValidateTokenRequestContext context)
        {
            var request = context.Transaction.GetHttpRequest()!;
            var proof = context.Transaction.GetProperty<ClientProof>(nameof(ClientProof))!;
            var (proved, error) = await authentication.Check(
                proof,
                request.HttpContext.Connection.RemoteIpAddress,
                request.HttpContext.RequestAborted
            );
            if (proved is null)
                Refuse(context, error!);
            else
                context.Transaction.SetProperty(nameof(ProvedClient), proved);
        }
    }

    /// <summary>Step 3: the scopes asked for, within those granted, and what the token says.</summary>
    public sealed class Grant(Settings settings) : IOpenIddictServerHandler<HandleTokenRequestContext>
    {
        public ValueTask HandleAsync(HandleTokenRequestContext context)
        {
            var proved = context.Transaction.GetProperty<ProvedClient>(nameof(ProvedClient))!;
            var granted = proved.Client.GrantedScopes;
            var asked = Scopes.Split(context.Request.Scope ?? "");
            if (asked.Length > 0 && asked.Except(granted, StringComparer.Ordinal).Any())
            {
                context.Reject(
                    Errors.InvalidScope,
                    "A scope asked for is not known or not granted to this client. Granted: "
                        + string.Join(' ', granted)
                        + "."
                );
                return default;
            }
            var scopes = asked.Length == 0 ? granted : [.. granted.Where(asked.Contains)];

            var identity = new ClaimsIdentity("Client");
            identity
                .SetClaim(Claims.Subject, proved.Client.ClientId)
                .SetClaim(TokenClaims.Organisation, proved.Client.OrganisationId)
                .SetClaim(TokenClaims.Environment, proved.Client.Environment)
                .SetClaim(TokenClaims.Credential, proved.Credential.CredentialId.ToString())
                .SetScopes(scopes)
                .SetResources(TokenServer.Audience(settings))
                .SetDestinations(static _ => [Destinations.AccessToken]);
            context.Parameters[Parameters.Scope] = string.Join(' ', scopes);
            context.SignIn(new ClaimsPrincipal(identity));
            return default;
        }
    }

    /// <summary>Step 4: the key of the store signs, not the one that OpenIddict was started with.</summary>
    public sealed class Sign(SigningKeys keys, TimeProvider clock) : IOpenIddictServerHandler<GenerateTokenContext>
    {
        public async ValueTask HandleAsync(GenerateTokenContext context)
        {
            var current = await keys.Current(context.Transaction.GetHttpRequest()!.HttpContext.RequestAborted);
            context.SigningCredentials = current.Signing(KeyPurpose.Token, clock.GetUtcNow()).Credentials;
            // Which client presents the token is said by client_id; the library's own copy is of no use to anyone.
            context.Principal.SetPresenters();
        }
    }

    /// <summary>Step 5, when a step refused: what the status and headers must say beside the error.</summary>
    public sealed class AnswerRetryAfter : IOpenIddictServerHandler<ApplyTokenResponseContext>
    {
        public ValueTask HandleAsync(ApplyTokenResponseContext context)
        {
            if (context.Transaction.GetProperty<TokenError>(nameof(TokenError)) is not { RetryAfter: { } wait })
                return default;
            var response = context.Transaction.GetHttpRequest()!.HttpContext.Response;
            response.StatusCode = StatusCodes.Status429TooManyRequests;
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return default;
        }
    }

    /// <summary>The keys of the store, those that sign and those that will.</summary>
    public sealed class PublishKeys(SigningKeys keys) : IOpenIddictServerHandler<HandleJsonWebKeySetRequestContext>
    {
        public async ValueTask HandleAsync(HandleJsonWebKeySetRequestContext context)
        {
            var request = context.Transaction.GetHttpRequest()!;
            var current = await keys.Current(request.HttpContext.RequestAborted);
            foreach (var key in current.Keys)
            {
                var point = key.Pair.ExportParameters(includePrivateParameters: false).Q;
                context.Keys.Add(
                    new JsonWebKey
                    {
                        Kid = key.KeyId,
                        Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
                        Use = JsonWebKeyUseNames.Sig,
                        Alg = SecurityAlgorithms.EcdsaSha256,
                        Crv = JsonWebKeyECTypes.P256,
                        X = Base64UrlEncoder.Encode(point.X),
                        Y = Base64UrlEncoder.Encode(point.Y),
                    }
                );
            }
            request.HttpContext.Response.Headers.CacheControl = "public, max-age=60";
        }
    }

    /// <summary>The metadata, with addresses made from the issuer, not from the request's Host header.</summary>
    public sealed class DescribeServer(Settings settings) : IOpenIddictServerHandler<HandleConfigurationRequestContext>
    {
        public ValueTask HandleAsync(HandleConfigurationRequestContext context)
        {
            context.TokenEndpoint = new Uri(settings.Issuer, TokenServer.TokenPath);
            context.JsonWebKeySetEndpoint = new Uri(settings.Issuer, TokenServer.KeysPath);
            context.Scopes.Clear();
            context.Scopes.UnionWith(Scopes.All);
            context.Claims.Clear();
            context.PromptValues.Clear();
            context.IdTokenSigningAlgorithms.Clear();
            context.Metadata["token_endpoint_auth_signing_alg_values_supported"] = new OpenIddictParameter([
                .. ClientAssertion.Algorithms,
            ]);
            return default;
        }
    }

    static void Refuse(BaseValidatingContext context, TokenError error)
    {
        context.Transaction.SetProperty(nameof(TokenError), error);
        context.Reject(error.Error, error.Description);
    }
}
