using System.Security.Cryptography;
using System.Text;

namespace TradeApi.Tokens;

/// <summary>A piece of partner software with its organisation and what it may prove itself with.</summary>
sealed record Client
{
    /// <summary>Stands in for a client that we do not know, so that it is checked like any other, in vain.</summary>
    public static readonly Client Unknown = new();

    public string ClientId { get; init; } = "";
    public string OrganisationId { get; init; } = "";
    public string OrganisationKind { get; init; } = "";
    public string OrganisationState { get; init; } = "";
    public string Environment { get; init; } = "";
    public string Scopes { get; init; } = "";
    public DateTimeOffset? RemovedAt { get; init; }
    public IReadOnlyList<Credential> Credentials { get; init; } = [];

    /// <summary>The credential that a token of it names, of a client that was asked for together with that.</summary>
    public Guid CredentialId { get; init; }

    /// <summary>What this client may have: the scopes that it was given.</summary>
    public IReadOnlyList<string> GrantedScopes
    {
        get
        {
            var given = Tokens.Scopes.Split(Scopes);
            return [.. Tokens.Scopes.All.Where(given.Contains)];
        }
    }

    /// <summary>Sandbox software runs from enrolment on; live software only while the organisation is live.</summary>
    public bool InForce =>
        RemovedAt is null
        && Environment switch
        {
            "sandbox" => OrganisationState is "sandbox" or "underReview" or "live",
            "live" => OrganisationState is "live",
            _ => false,
        };
}

/// <summary>A secret (its hash) or a public key.</summary>
sealed record Credential
{
    public Guid CredentialId { get; init; }
    public byte[]? SecretHash { get; init; }
    public string? PublicKey { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A credential just made. The secret is known only now; nobody can be told it again.</summary>
sealed record NewCredential(string ClientId, Guid CredentialId, string? Secret);

/// <summary>Secrets of 256 random bits: one round of SHA-256 keeps them, and a slow hash would only slow us.</summary>
static class Secrets
{
    // As many as a client can have in force: a client with fewer, or none, is compared with these instead.
    static readonly byte[][] Nobodys = [new byte[32], new byte[32]];

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>The hashes to compare with: always two, so that unknown and known clients cost the same.</summary>
    public static (Credential? Owner, byte[] Hash)[] Candidates(Client client) =>
        [
            .. client
                .Credentials.Where(credential => credential.SecretHash is not null)
                .Select(credential => ((Credential?)credential, credential.SecretHash!))
                .Concat(Nobodys.Select(nobody => ((Credential?)null, nobody)))
                .Take(Nobodys.Length),
        ];

    /// <summary>The credential that the secret is of. Every candidate is compared, in full, whatever matches.</summary>
    public static Credential? Matching(Client client, string secret)
    {
        var hash = Hash(secret);
        Credential? matching = null;
        foreach (var (owner, candidate) in Candidates(client))
        {
            if (CryptographicOperations.FixedTimeEquals(hash, candidate))
                matching = owner;
        }
        return matching;
    }
}
