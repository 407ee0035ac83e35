using Dapper;
using TradeApi.Database;

namespace TradeApi.Tokens;

/// <summary>
/// Asks the control store at every call whether the client of its token is in force. Calls that come while it is asked
/// ask together, next: what a call is told is never older than the call.
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
        var store = stores.Control;
        await using var connection = await store.Open();
        var rows = await connection.QueryAsync<Client, Credential, (Asked Asked, Client Client)>(
            $"""
            select c.client_id, c.organisation_id, o.kind as organisation_kind, o.state as organisation_state,
                   c.environment, c.scopes,
                   coalesce(c.removed_at, d.removed_at,
                            case when d.expires_at <= @Now then d.expires_at end) as removed_at,
                   d.credential_id
              from credential d
              join client c on c.client_id = d.client_id
              join organisation o on o.organisation_id = c.organisation_id
             where d.credential_id {store.AnyOf("@Credentials")}
            """,
            (client, credential) => (new Asked(client.ClientId, credential.CredentialId), client),
            new
            {
                Credentials = store.List(group.Select(asked => asked.CredentialId).Distinct()),
                Now = clock.GetUtcNow(),
            },
            splitOn: "credential_id"
        );
        var found = rows.ToDictionary(row => row.Asked, row => row.Client);
        return [.. group.Select(asked => found.GetValueOrDefault(asked))];
    }

    readonly record struct Asked(string ClientId, Guid CredentialId);
}
