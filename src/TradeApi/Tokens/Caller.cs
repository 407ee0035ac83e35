namespace TradeApi.Tokens;

/// <summary>Who calls: proved by the token, and in force at the moment of the call.</summary>
sealed record Caller(string ClientId, string OrganisationId, string Environment, IReadOnlySet<string> Scopes);
