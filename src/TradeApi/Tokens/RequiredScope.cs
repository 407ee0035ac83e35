using Microsoft.AspNetCore.Authorization;

namespace TradeApi.Tokens;

/// <summary>Says which scope a route needs, to whoever writes the contract or an error.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="Presumes">Whether the route itself asks if a caller is in force that was so before: <see cref="Presumed"/>.</param>
sealed record ScopeNeeded(string Scope, bool Presumes);

static class RequiredScope
{
    /// <summary>Lets only callers in whose token has the scope. Handlers get the <see cref="Caller"/>.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder routes, string scope, bool presumes = false)
        where TBuilder : IEndpointConventionBuilder
    {
        if (!Scopes.All.Contains(scope, StringComparer.Ordinal))
            throw new ArgumentException($"There is no scope '{scope}'.", nameof(scope));
        var policy = new AuthorizationPolicyBuilder(Bearer.Scheme)
            .RequireAuthenticatedUser()
            .RequireAssertion(context =>
                context.Resource is HttpContext http && http.Features.Get<Caller>()?.Scopes.Contains(scope) == true
            )
            .Build();
        return routes.RequireAuthorization(policy).WithMetadata(new ScopeNeeded(scope, presumes));
    }

    /// <summary>The scope of the route that the caller's token lacks.</summary>
    public static string? Missing(HttpContext http) =>
        http.GetEndpoint()
            ?.Metadata.OfType<ScopeNeeded>()
            .Select(needed => needed.Scope)
            .FirstOrDefault(scope => http.Features.Get<Caller>()?.Scopes.Contains(scope) != true);
}
