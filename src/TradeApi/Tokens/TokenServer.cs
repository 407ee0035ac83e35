using System.Security.Cryptography;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace TradeApi.Tokens;

/// <summary>The token server and what checks its tokens. The decisions behind it: <c>src/decisions/0003</c>.</summary>
static class TokenServer
{
    public const string TokenPath = "oauth2/token";
    public const string KeysPath = "oauth2/jwks";
    static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(10);

    // These categories write whole requests, with what stands in the address: a secret sent there would be kept.
    static readonly string[] CategoriesThatWriteRequests =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        "Microsoft.AspNetCore.HttpLogging",
        "Microsoft.AspNetCore.Server.Kestrel.Core.Internal.LoggingConnectionMiddleware",
        "OpenIddict",
    ];

    /// <summary>Whom our tokens are for: version 1 of this service.</summary>
    public static string Audience(Settings settings) => new Uri(settings.Issuer, "v1").AbsoluteUri;

    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddSingleton<ClientStore>();
        services.AddSingleton<ClientsInForce>();
        services.AddSingleton<TokenMemory>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton(provider => new FailureThrottle(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ClientAuthentication>();
        services.AddOpenIddict().AddServer(AddServer);
        services
            .AddOptions<OpenIddictServerOptions>()
            .Configure<Settings>((options, settings) => options.Issuer = settings.Issuer);
        services.AddBearer();
        services.PostConfigure<LoggerFilterOptions>(KeepRequestsOutOfLogs);
        return services;
    }

    /// <summary>
    /// Answers the token endpoint and checks bearer tokens. Call it after the exception handler and before whatever
    /// wants to know the caller, such as the rate limiter.
    /// </summary>
    public static WebApplication MapTokens(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        return app;
    }

    static void AddServer(OpenIddictServerBuilder server)
    {
        server
            .EnableDegradedMode()
            .SetTokenEndpointUris(TokenPath)
            .SetJsonWebKeySetEndpointUris(KeysPath)
            .AllowClientCredentialsFlow()
            .SetAccessTokenLifetime(TokenLife)
            .DisableAccessTokenEncryption()
            .DisableScopeValidation()
            .DisableResourceValidation()
            .DisableAudienceValidation();

        // Both are demanded at start-up. The first never signs: Sign puts the store's key in its place, and PublishKeys
        // publishes only those. The second never encrypts.
        server.AddSigningKey(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)));
        server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));

        // TLS may end in front of us, and the issuer says https there.
        server.UseAspNetCore().DisableTransportSecurityRequirement().SetRealm("TradeApi");

        server.AddEventHandler<ProcessRequestContext>(step =>
            step.UseInlineHandler(LeaveTheApi).SetOrder(int.MinValue)
        );
        server.RemoveEventHandler(
            OpenIddictServerAspNetCoreHandlers.ExtractPostRequest<ExtractTokenRequestContext>.Descriptor
        );
        server.RemoveEventHandler(
            OpenIddictServerAspNetCoreHandlers.ValidateClientAuthenticationMethod<ExtractTokenRequestContext>.Descriptor
        );
        server.RemoveEventHandler(
            OpenIddictServerAspNetCoreHandlers.ExtractClientCertificate<ExtractTokenRequestContext>.Descriptor
        );
        server.RemoveEventHandler(
            OpenIddictServerAspNetCoreHandlers
                .ExtractBasicAuthenticationCredentials<ExtractTokenRequestContext>
                .Descriptor
        );
        server.RemoveEventHandler(OpenIddictServerHandlers.Exchange.ValidateClientCredentialsParameters.Descriptor);
        server.RemoveEventHandler(OpenIddictServerHandlers.Discovery.AttachSigningKeys.Descriptor);

        server.AddEventHandler<ExtractTokenRequestContext>(step => step.UseSingletonHandler<TokenEndpoint.ReadForm>());
        server.AddEventHandler<ValidateTokenRequestContext>(step =>
            step.UseSingletonHandler<TokenEndpoint.ProveClient>()
        );
        server.AddEventHandler<HandleTokenRequestContext>(step => step.UseSingletonHandler<TokenEndpoint.Grant>());
        server.AddEventHandler<GenerateTokenContext>(step =>
            step.UseSingletonHandler<TokenEndpoint.Sign>()
                .SetOrder(OpenIddictServerHandlers.Protection.AttachSecurityCredentials.Descriptor.Order + 1)
        );
        server.AddEventHandler<ApplyTokenResponseContext>(step =>
            step.UseSingletonHandler<TokenEndpoint.AnswerRetryAfter>()
                .SetOrder(
                    OpenIddictServerAspNetCoreHandlers
                        .AttachHttpResponseCode<ApplyTokenResponseContext>
                        .Descriptor
                        .Order + 1
                )
        );
        server.AddEventHandler<HandleJsonWebKeySetRequestContext>(step =>
            step.UseSingletonHandler<TokenEndpoint.PublishKeys>()
        );
        server.AddEventHandler<HandleConfigurationRequestContext>(step =>
            step.UseSingletonHandler<TokenEndpoint.DescribeServer>().SetOrder(int.MaxValue)
        );
    }

    // The token server's own steps would cost each notice more than the check of its token.
    static ValueTask LeaveTheApi(ProcessRequestContext context)
    {
        if (context.Transaction.GetHttpRequest()!.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase))
            context.SkipRequest();
        return ValueTask.CompletedTask;
    }

    /// <summary>Raises the level of those categories for every logger, whatever an operator has set for one.</summary>
    static void KeepRequestsOutOfLogs(LoggerFilterOptions options)
    {
        string?[] providers =
        [
            null,
            .. options.Rules.Select(rule => rule.ProviderName).OfType<string>().Distinct(StringComparer.Ordinal),
        ];
        foreach (var provider in providers)
        {
            foreach (var category in CategoriesThatWriteRequests)
                options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, filter: null));
        }
    }
}
