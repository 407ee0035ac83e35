namespace TradeApi.Tokens;

/// <summary>Who calls: proved by the token, and in force at the moment of the call, unless that is yet to be asked.</summary>
sealed record Caller(string ClientId, string OrganisationId, string Environment, IReadOnlySet<string> Scopes)
{
    /// <summary>Set when it is yet to be asked whether the caller is in force: see <see cref="Presumed"/>.</summary>
    public Presumed? Presumed { get; init; }
}

/// <summary>
/// What a call was let in on before the control store is asked: its token, and the client as it was at an earlier call. Before
/// anything comes of the call, its route asks whether the client is still the same, with what else it asks. If it is not, or
/// if the call is to be answered without having asked, the route asks by <see cref="Bearer.AskNow"/>.
/// </summary>
sealed record Presumed(CheckedToken Token, Client Client);
