using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace TradeApi.Tokens;

/// <summary>What a token says, once everything about it has been checked that will be the same at the next call.</summary>
sealed record CheckedToken
{
    public required string ClientId { get; init; }
    public required Guid CredentialId { get; init; }
    public required string OrganisationId { get; init; }
    public required string Environment { get; init; }
    public required string[] Scopes { get; init; }
    public required DateTime From { get; init; }
    public required DateTime Until { get; init; }
    public required SecurityKey SignedWith { get; init; }

    InForce? inForce;
    Client? lastInForce;

    /// <summary>Its client as it was found when it was last asked for; null when it was not in force then.</summary>
    public Client? LastInForce
    {
        get => Volatile.Read(ref lastInForce);
        set => Volatile.Write(ref lastInForce, value);
    }

    /// <summary>Those of its scopes that the client has still. Asked at every call, and mostly they are as before.</summary>
    public IReadOnlySet<string> ScopesOf(Client client)
    {
        if (Volatile.Read(ref inForce) is { } known && known.Given == client.Scopes)
            return known.Scopes;
        var scopes = Scopes.Intersect(client.GrantedScopes, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        Volatile.Write(ref inForce, new InForce(client.Scopes, scopes));
        return scopes;
    }

    sealed record InForce(string Given, IReadOnlySet<string> Scopes);
}

/// <summary>
/// Tokens that have been checked, by their SHA-256: checking a signature costs more than all else on a call. A token is
/// known only while it is in date and its key is one of ours; whoever is unknown is checked in full, and told why not.
/// </summary>
sealed class TokenMemory
{
    public const int Most = 10_000;

    readonly ConcurrentDictionary<(UInt128, UInt128), CheckedToken> known = new();

    public int Count => known.Count;

    public CheckedToken? Find(string token, SigningKeySet keys, DateTime now, TimeSpan skew)
    {
        var hash = Hash(token);
        if (!known.TryGetValue(hash, out var found))
            return null;
        if (
            found.From <= now + skew
            && found.Until > now - skew
            && keys.TokenKey(found.SignedWith.KeyId) is [var key]
            && ReferenceEquals(key, found.SignedWith)
        )
            return found;
        known.TryRemove(hash, out _);
        return null;
    }

    public void Keep(string token, CheckedToken said, DateTime now, TimeSpan skew)
    {
        if (known.Count >= Most)
        {
            foreach (var (hash, old) in known)
                if (old.Until <= now - skew)
                    known.TryRemove(hash, out _);
            // Beginning anew costs one check a token, now and then; keeping count of their use would cost every call.
            if (known.Count >= Most)
                known.Clear();
        }
        known[Hash(token)] = said;
    }

    static (UInt128, UInt128) Hash(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
        return (BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }
}
