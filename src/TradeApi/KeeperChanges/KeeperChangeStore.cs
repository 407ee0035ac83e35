using Dapper;
using TradeApi.Database;
using TradeApi.Register;
using TradeApi.Tokens;

namespace TradeApi.KeeperChanges;

/// <summary>Reads notices for those who sent them or for whom they were sent; to everybody else they do not exist.</summary>
static class KeeperChangeStore
{
    public static async Task<DecidedNotice?> Find(Store store, Caller caller, Guid id, CancellationToken cancel)
    {
        await using var connection = await store.Open(cancel);
        return await connection.QuerySingleOrDefaultAsync<DecidedNotice>(
            $"""
            {RegisterLoad.SelectDecided}
             where k.keeper_change_id = @Id
               and (k.organisation_id = @OrganisationId or k.submitted_by = @OrganisationId)
            """,
            new { Id = id, caller.OrganisationId }
        );
    }

    /// <summary>The notice that has used up the reference of a refused one; null when it is not for the caller to see.</summary>
    public static async Task<Guid?> FindStanding(
        Store store,
        Caller caller,
        DecidedNotice refused,
        CancellationToken cancel
    )
    {
        await using var connection = await store.Open(cancel);
        return await connection.QuerySingleOrDefaultAsync<Guid?>(
            """
            select k.keeper_change_id
              from used_reference u
              join keeper_change k on k.keeper_change_id = u.keeper_change_id
             where u.organisation_id = @ActingFor
               and u.client_reference = @ClientReference
               and (k.organisation_id = @OrganisationId or k.submitted_by = @OrganisationId)
            """,
            new
            {
                ActingFor = refused.OrganisationId,
                refused.ClientReference,
                caller.OrganisationId,
            }
        );
    }

    /// <summary>What became of the call with a key; keys belong to the client that used them.</summary>
    public static async Task<KeyRecord?> FindCall(Store store, Caller caller, string key, CancellationToken cancel)
    {
        await using var connection = await store.Open(cancel);
        var found = await connection.QueryAsync<KeyRecord, DecidedNotice, KeyRecord>(
            $"""
            {RegisterLoad.SelectCalls("idempotency_key i")}
             where i.client_id = @ClientId
               and i.idempotency_key = @Key
            """,
            (call, decision) => call with { Decision = decision },
            new { caller.ClientId, Key = key },
            splitOn: "keeper_change_id"
        );
        return found.SingleOrDefault();
    }
}
