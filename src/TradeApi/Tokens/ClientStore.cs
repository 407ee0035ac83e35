using System.Buffers.Text;
using System.Security.Cryptography;
using Dapper;
using TradeApi.Database;

namespace TradeApi.Tokens;

sealed class ClientStore
{
    const int MostCredentials = 2;
    const int MostTogether = 1000;

    static readonly TimeSpan UseIsNotedEvery = TimeSpan.FromHours(1);
    static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    readonly Stores stores;
    readonly TimeProvider clock;
    readonly Together<string, Client?> together;

    long sweptAt;

    public ClientStore(Stores stores, TimeProvider clock)
    {
        this.stores = stores;
        this.clock = clock;
        together = new(MostTogether, Read, parts: _ => false);
    }

    /// <summary>The client with its credentials in force; null when we do not know it.</summary>
    /// <remarks>Those who ask while others are answered are answered together. Who goes away leaves the others their answer.</remarks>
    public Task<Client?> Find(string clientId, CancellationToken cancel = default) =>
        together.Answer(clientId).WaitAsync(cancel);

    async Task<IReadOnlyList<Client?>> Read(IReadOnlyList<string> clientIds)
    {
        await using var connection = await stores.Control.Open();
        var rows = await connection.QueryAsync<Client, Credential?, (Client Client, Credential? Credential)>(
            $"""
               select c.client_id, c.organisation_id, o.kind as organisation_kind,
                      o.state as organisation_state, c.environment, c.scopes, c.removed_at,
                      d.credential_id, d.secret_hash, d.public_key, d.created_at, d.last_used_at, d.expires_at
                 from client c
                 join organisation o on o.organisation_id = c.organisation_id
            left join credential d on d.client_id = c.client_id
                                  and d.removed_at is null
                                  and (d.expires_at is null or d.expires_at > @Now)
                where c.client_id {stores.Control.AnyOf("@ClientIds")}
             order by d.created_at, d.credential_id
            """,
            (client, credential) => (client, credential),
            new { ClientIds = stores.Control.List(clientIds.Distinct()), Now = clock.GetUtcNow() },
            splitOn: "credential_id"
        );
        var found = rows.GroupBy(row => row.Client.ClientId, StringComparer.Ordinal)
            .ToDictionary(
                client => client.Key,
                client =>
                    client.First().Client with
                    {
                        Credentials = [.. client.Select(row => row.Credential).OfType<Credential>()],
                    },
                StringComparer.Ordinal
            );
        return [.. clientIds.Select(found.GetValueOrDefault)];
    }

    /// <summary>
    /// Adds a client with its first credential: the public key given, or else a secret that we make. By contract it may
    /// ask for keepers, whatever its organisation's kind.
    /// </summary>
    /// <exception cref="KeyRefusedException">The key is private, weak, or of a kind that is not taken.</exception>
    /// <exception cref="InvalidOperationException">There is no such organisation.</exception>
    public async Task<NewCredential> Add(
        string organisationId,
        string environment,
        string? publicKey,
        string actor,
        bool keepersByContract = false,
        CancellationToken cancel = default
    )
    {
        var credential = Made("cli_" + Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"), publicKey, null);
        await using var transaction = await stores.Control.Begin(cancel);
        var organisation =
            await transaction.Connection.QuerySingleOrDefaultAsync<Client>(
                """
                select kind as organisation_kind, state as organisation_state
                  from organisation
                 where organisation_id = @OrganisationId
                """,
                new { OrganisationId = organisationId },
                transaction.Inner
            ) ?? throw new InvalidOperationException($"There is no organisation '{organisationId}'.");
        if (!(organisation with { Environment = environment }).InForce)
            throw new InvalidOperationException(
                $"The organisation '{organisationId}' is {organisation.OrganisationState}, so it cannot have a client of the {environment} register."
            );
        await transaction.Connection.ExecuteAsync(
            """
            insert into client (client_id, organisation_id, environment, scopes, created_at)
                 values (@ClientId, @OrganisationId, @Environment, @Scopes, @CreatedAt)
            """,
            new
            {
                credential.ClientId,
                OrganisationId = organisationId,
                Environment = environment,
                Scopes = string.Join(' ', Scopes.Of(organisation.OrganisationKind, keepersByContract)),
                CreatedAt = clock.GetUtcNow(),
            },
            transaction.Inner
        );
        await Insert(transaction, credential);
        var scope = keepersByContract ? $" {Scopes.KeepersRead} by contract" : "";
        await Audit.Write(
            transaction,
            clock.GetUtcNow(),
            actor,
            "client.added",
            credential.ClientId,
            $"{organisationId} {environment}{scope}"
        );
        await transaction.Commit();
        return credential.ToAnswer();
    }

    /// <summary>Adds a second credential, so that the first can be replaced while both work.</summary>
    /// <exception cref="KeyRefusedException">The key is private, weak, or of a kind that is not taken.</exception>
    /// <exception cref="InvalidOperationException">There is no such client, or it has two of them.</exception>
    public async Task<NewCredential> AddCredential(
        string organisationId,
        string clientId,
        string? publicKey,
        DateTimeOffset? expiresAt,
        string actor,
        CancellationToken cancel = default
    )
    {
        var credential = Made(clientId, publicKey, expiresAt);
        await using var transaction = await stores.Control.Begin(cancel);
        // The client's row is written first, so two calls at once stand in line and cannot make a third credential.
        var known = await transaction.Connection.ExecuteAsync(
            """
            update client
               set removed_at = removed_at
             where client_id = @ClientId
               and organisation_id = @OrganisationId
               and removed_at is null
            """,
            new { ClientId = clientId, OrganisationId = organisationId },
            transaction.Inner
        );
        if (known == 0)
            throw new InvalidOperationException($"The organisation has no client '{clientId}'.");
        var inForce = await transaction.Connection.ExecuteScalarAsync<int>(
            """
            select count(*)
              from credential
             where client_id = @ClientId
               and removed_at is null
               and (expires_at is null or expires_at > @Now)
            """,
            new { ClientId = clientId, Now = clock.GetUtcNow() },
            transaction.Inner
        );
        if (inForce >= MostCredentials)
            throw new InvalidOperationException("The client has two credentials in force: remove one first.");
        await Insert(transaction, credential);
        await Audit.Write(
            transaction,
            clock.GetUtcNow(),
            actor,
            "credential.added",
            credential.CredentialId.ToString(),
            clientId
        );
        await transaction.Commit();
        return credential.ToAnswer();
    }

    /// <summary>Removes a credential: from now on it gives no token, and the tokens it gave are refused.</summary>
    public async Task<bool> RemoveCredential(
        string organisationId,
        string clientId,
        Guid credentialId,
        string actor,
        CancellationToken cancel = default
    )
    {
        await using var transaction = await stores.Control.Begin(cancel);
        var removed = await transaction.Connection.ExecuteAsync(
            """
            update credential
               set removed_at = @Now
             where credential_id = @CredentialId
               and removed_at is null
               and client_id = (select client_id
                                  from client
                                 where client_id = @ClientId
                                   and organisation_id = @OrganisationId)
            """,
            new
            {
                CredentialId = credentialId,
                ClientId = clientId,
                OrganisationId = organisationId,
                Now = clock.GetUtcNow(),
            },
            transaction.Inner
        );
        if (removed == 0)
            return false;
        await Audit.Write(
            transaction,
            clock.GetUtcNow(),
            actor,
            "credential.removed",
            credentialId.ToString(),
            clientId
        );
        await transaction.Commit();
        return true;
    }

    /// <summary>Uses up the jti of an assertion; false when it was used before, on whichever node.</summary>
    public async Task<bool> UseUp(string clientId, string jti, DateTimeOffset expiresAt, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await stores.Control.Begin(cancel);
        if (now.UtcTicks - Interlocked.Read(ref sweptAt) >= SweepEvery.Ticks)
        {
            Interlocked.Exchange(ref sweptAt, now.UtcTicks);
            await transaction.Connection.ExecuteAsync(
                "delete from client_assertion where expires_at < @Now",
                new { Now = now },
                transaction.Inner
            );
        }
        var first = await transaction.Connection.ExecuteAsync(
            """
            insert into client_assertion (client_id, jti, expires_at)
                 values (@ClientId, @Jti, @ExpiresAt)
            on conflict do nothing
            """,
            new
            {
                ClientId = clientId,
                Jti = jti,
                ExpiresAt = expiresAt,
            },
            transaction.Inner
        );
        await transaction.Commit();
        return first == 1;
    }

    /// <summary>Notes the use of a credential at most once an hour, and audits that of one with a successor.</summary>
    public async Task NoteUse(Client client, Credential used, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (now - used.LastUsedAt < UseIsNotedEvery)
            return;
        await using var transaction = await stores.Control.Begin(cancel);
        await transaction.Connection.ExecuteAsync(
            "update credential set last_used_at = @Now where credential_id = @CredentialId",
            new { Now = now, used.CredentialId },
            transaction.Inner
        );
        if (client.Credentials.Any(other => other.CreatedAt > used.CreatedAt))
            await Audit.Write(
                transaction,
                clock.GetUtcNow(),
                client.ClientId,
                "credential.old-used",
                used.CredentialId.ToString(),
                client.ClientId
            );
        await transaction.Commit();
    }

    static MadeCredential Made(string clientId, string? publicKey, DateTimeOffset? expiresAt)
    {
        if (publicKey is not null)
        {
            using var key = PublicKey.Read(publicKey);
            return new MadeCredential(clientId, Guid.CreateVersion7(), null, key.ToJwk(), expiresAt);
        }
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return new MadeCredential(clientId, Guid.CreateVersion7(), secret, null, expiresAt);
    }

    Task<int> Insert(Transaction transaction, MadeCredential credential) =>
        transaction.Connection.ExecuteAsync(
            """
            insert into credential (credential_id, client_id, secret_hash, public_key, created_at, expires_at)
                 values (@CredentialId, @ClientId, @SecretHash, @PublicKey, @CreatedAt, @ExpiresAt)
            """,
            new
            {
                credential.CredentialId,
                credential.ClientId,
                SecretHash = credential.Secret is null ? null : Secrets.Hash(credential.Secret),
                credential.PublicKey,
                CreatedAt = clock.GetUtcNow(),
                ExpiresAt = credential.ExpiresAt?.ToUniversalTime(),
            },
            transaction.Inner
        );

    sealed record MadeCredential(
        string ClientId,
        Guid CredentialId,
        string? Secret,
        string? PublicKey,
        DateTimeOffset? ExpiresAt
    )
    {
        public NewCredential ToAnswer() => new(ClientId, CredentialId, Secret);
    }
}
