using TradeApi.Database;

namespace TradeApi.Tokens;

/// <summary>
/// Asks the control store at every call whether the client of its token is in force. Calls that come while it is asked
/// ask together, next: what a call is told is never older than the call. Notices sent singly ask with what their group asks
/// of the control store anyway.
/// </summary>
sealed class ClientsInForce
{
    const int MostTogether = 1000;

    readonly Stores stores;
    readonly TimeProvider clock;
    readonly Together<Asked, Client?> together;

    public ClientsInForce(Stores stores, TimeProvider clock)
    {
        (this.stores, this.clock) = (stores, clock);
        together = new(MostTogether, Find, parts: _ => false);
    }

    /// <summary>The client of a token, when both it and the credential of the token are known.</summary>
    public Task<Client?> Find(string clientId, Guid credentialId) => together.Answer(new Asked(clientId, credentialId));

    async Task<IReadOnlyList<Client?>> Find(IReadOnlyList<Asked> group)
    {
        var found = new Dictionary<Asked, Client>();
        await using var connection = await stores.Control.Open();
        var reads = new Reads(connection);
        Add(
            reads,
            stores.Control,
            group.Select(asked => asked.CredentialId),
            clock.GetUtcNow(),
            client => found[new Asked(client.ClientId, client.CredentialId)] = client
        );
        await reads.Run();
        return [.. group.Select(asked => found.GetValueOrDefault(asked))];
    }

    /// <summary>
    /// Asks for the clients of credentials, together with what else is asked of the control store, or on PostgreSQL of a register.
    /// </summary>
    public static void Add(
        Reads reads,
        Store control,
        IEnumerable<Guid> credentialIds,
        DateTimeOffset now,
        Action<Client> take
    ) =>
        reads.Add(
            $"""
            select c.client_id, c.organisation_id, o.kind as organisation_kind, o.state as organisation_state,
                   c.environment, c.scopes,
                   coalesce(c.removed_at, d.removed_at,
                            case when d.expires_at <= @Now then d.expires_at end) as removed_at,
                   d.credential_id
              from {control.Table("credential")} d
              join {control.Table("client")} c on c.client_id = d.client_id
              join {control.Table("organisation")} o on o.organisation_id = c.organisation_id
             where d.credential_id {control.AnyOf("@Credentials")}
            """,
            new { Credentials = control.List(credentialIds.Distinct()), Now = now },
            take
        );

    readonly record struct Asked(string ClientId, Guid CredentialId);
}
