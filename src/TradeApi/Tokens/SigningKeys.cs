using System.Security.Cryptography;
using Dapper;
using Microsoft.IdentityModel.Tokens;
using TradeApi.Database;

namespace TradeApi.Tokens;

/// <summary>What a key of ours signs: access tokens, or receipts and checkpoints. No key signs both.</summary>
static class KeyPurpose
{
    public const string Token = "token";
    public const string Receipt = "receipt";
}

/// <summary>
/// Our ES256 keys, kept in the control store and so the same on every node. For each purpose there is at all times a
/// key that signs and a next one, published long before it signs; when its time comes it signs, and a new next one is
/// made. Receipt keys stay published for ever, since a receipt can be checked years later; a token key only as long as
/// tokens that it signed may be about.
/// </summary>
sealed class SigningKeys(Stores stores, TimeProvider clock, ILogger<SigningKeys> log) : IDisposable
{
    static readonly TimeSpan SignsFor = TimeSpan.FromDays(90);
    static readonly TimeSpan TokensOutlast = TimeSpan.FromHours(1);
    static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(30);
    static readonly string[] Purposes = [KeyPurpose.Token, KeyPurpose.Receipt];

    readonly SemaphoreSlim reading = new(1, 1);
    volatile SigningKeySet? known;

    /// <summary>The keys as this node last read them, for those who cannot wait and have awaited them before.</summary>
    public SigningKeySet LastRead => known ?? throw new InvalidOperationException("Current was never awaited.");

    /// <summary>The keys as this node last read them, at most half a minute ago while the store answers.</summary>
    public async ValueTask<SigningKeySet> Current(CancellationToken cancel = default)
    {
        var keys = known;
        if (keys is not null && clock.GetUtcNow() - keys.ReadAt < ReadEvery)
            return keys;
        // One call reads anew; the others go on with the keys they have.
        if (!await reading.WaitAsync(keys is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancel))
            return keys!;
        try
        {
            keys = known;
            if (keys is not null && clock.GetUtcNow() - keys.ReadAt < ReadEvery)
                return keys;
            return known = await Read(cancel);
        }
        catch (Exception unread) when (keys is not null && unread is not OperationCanceledException)
        {
            log.LogWarning(unread, "The signing keys could not be read; those known are used for another half minute");
            return known = keys with { ReadAt = clock.GetUtcNow() };
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>
    /// Withdraws a key that may be known to others: what it signed is refused, on other nodes within half a minute.
    /// When it was the one that signs, the next one signs at once.
    /// </summary>
    public async Task<bool> Revoke(string keyId, string actor, CancellationToken cancel = default)
    {
        if (!await Withdraw(keyId, actor, cancel))
            return false;
        await reading.WaitAsync(cancel);
        try
        {
            known = await Read(cancel);
        }
        finally
        {
            reading.Release();
        }
        return true;
    }

    public void Dispose() => reading.Dispose();

    async Task<bool> Withdraw(string keyId, string actor, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await stores.Control.Begin(cancel);
        await Lock(transaction);
        var rows = (
            await transaction.Connection.QueryAsync<SigningKeyRow>(Select, transaction: transaction.Inner)
        ).AsList();
        var key = rows.Find(row => row.KeyId == keyId);
        if (key is null)
            return false;
        await transaction.Connection.ExecuteAsync(
            "update signing_key set revoked_at = @Now where key_id = @KeyId",
            new { KeyId = keyId, Now = now },
            transaction.Inner
        );
        if (key == rows.FindLast(row => Signs(row, key.Purpose, now)))
            await transaction.Connection.ExecuteAsync(
                "update signing_key set signs_from = @Now where key_id = @KeyId",
                new { rows.Find(row => row.Purpose == key.Purpose && row.SignsFrom > now)?.KeyId, Now = now },
                transaction.Inner
            );
        await Audit.Write(transaction, now, actor, "signing-key.revoked", keyId, "");
        await transaction.Commit();
        return true;
    }

    async Task<SigningKeySet> Read(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using (var connection = await stores.Control.Open(cancel))
        {
            var rows = (
                await connection.QueryAsync<SigningKeyRow>(new CommandDefinition(Select, cancellationToken: cancel))
            ).AsList();
            if (Purposes.All(purpose => Complete(rows, purpose, now)))
                return KeySet(rows, now);
        }
        await using var transaction = await stores.Control.Begin(cancel);
        await Lock(transaction);
        // Another node may have made them while this one waited for the lock.
        var locked = (
            await transaction.Connection.QueryAsync<SigningKeyRow>(Select, transaction: transaction.Inner)
        ).AsList();
        foreach (var purpose in Purposes)
        {
            while (!Complete(locked, purpose, now))
                locked.Add(
                    await Make(transaction, purpose, locked.Any(row => Signs(row, purpose, now)) ? now + SignsFor : now)
                );
        }
        await transaction.Commit();
        return KeySet(locked, now);
    }

    const string Select = """
          select key_id, purpose, private_key, signs_from
            from signing_key
           where revoked_at is null
        order by signs_from
        """;

    static bool Complete(List<SigningKeyRow> rows, string purpose, DateTimeOffset now) =>
        rows.Any(row => Signs(row, purpose, now)) && rows.Any(row => row.Purpose == purpose && row.SignsFrom > now);

    static bool Signs(SigningKeyRow row, string purpose, DateTimeOffset now) =>
        row.Purpose == purpose && row.SignsFrom <= now;

    async Task<SigningKeyRow> Make(Transaction transaction, string purpose, DateTimeOffset signsFrom)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var row = new SigningKeyRow
        {
            KeyId = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"),
            Purpose = purpose,
            PrivateKey = pair.ExportPkcs8PrivateKeyPem(),
            SignsFrom = signsFrom,
        };
        await transaction.Connection.ExecuteAsync(
            """
            insert into signing_key (key_id, purpose, private_key, signs_from, created_at)
                 values (@KeyId, @Purpose, @PrivateKey, @SignsFrom, @CreatedAt)
            """,
            new
            {
                row.KeyId,
                row.Purpose,
                row.PrivateKey,
                row.SignsFrom,
                CreatedAt = clock.GetUtcNow(),
            },
            transaction.Inner
        );
        log.LogInformation(
            "signing-key.made {Purpose} {KeyId}, signs from {SignsFrom:u}",
            purpose,
            row.KeyId,
            signsFrom
        );
        return row;
    }

    // SQLite has one writer, and Begin made us it.
    static Task Lock(Transaction transaction) =>
        transaction.Store.IsPostgres
            ? transaction.Connection.ExecuteAsync(
                "select pg_advisory_xact_lock(872350129)",
                transaction: transaction.Inner
            )
            : Task.CompletedTask;

    SigningKeySet KeySet(List<SigningKeyRow> rows, DateTimeOffset now)
    {
        // A key read before is used again: what the library has made for signing with it is kept with the object.
        var before = known?.Keys.ToDictionary(key => key.KeyId, StringComparer.Ordinal) ?? [];
        var keys = rows.Where(row => row.Purpose == KeyPurpose.Receipt || !Over(rows, row, now))
            .Select(row =>
                before.TryGetValue(row.KeyId, out var key) && key.SignsFrom == row.SignsFrom
                    ? key
                    : SigningKey.From(row)
            );
        return new SigningKeySet([.. keys], now);
    }

    static bool Over(List<SigningKeyRow> rows, SigningKeyRow row, DateTimeOffset now) =>
        rows.Any(later =>
            later.Purpose == row.Purpose && later.SignsFrom > row.SignsFrom && later.SignsFrom <= now - TokensOutlast
        );
}

sealed record SigningKeyRow
{
    public string KeyId { get; init; } = "";
    public string Purpose { get; init; } = "";
    public string PrivateKey { get; init; } = "";
    public DateTimeOffset SignsFrom { get; init; }
}

/// <summary>One of our keys, ready to sign.</summary>
sealed class SigningKey
{
    public required string KeyId { get; init; }
    public required string Purpose { get; init; }
    public required DateTimeOffset SignsFrom { get; init; }
    public required ECDsa Pair { get; init; }
    public required ECDsaSecurityKey SecurityKey { get; init; }

    public SigningCredentials Credentials => new(SecurityKey, SecurityAlgorithms.EcdsaSha256);

    public static SigningKey From(SigningKeyRow row)
    {
        var pair = ECDsa.Create();
        pair.ImportFromPem(row.PrivateKey);
        return new SigningKey
        {
            KeyId = row.KeyId,
            Purpose = row.Purpose,
            SignsFrom = row.SignsFrom,
            Pair = pair,
            SecurityKey = new ECDsaSecurityKey(pair) { KeyId = row.KeyId },
        };
    }
}

/// <summary>The keys as they were read at one moment.</summary>
sealed record SigningKeySet(IReadOnlyList<SigningKey> Keys, DateTimeOffset ReadAt)
{
    readonly Dictionary<string, SecurityKey[]> tokenKeys = Keys.Where(key => key.Purpose == KeyPurpose.Token)
        .ToDictionary(key => key.KeyId, key => new SecurityKey[] { key.SecurityKey }, StringComparer.Ordinal);

    /// <summary>The key that signs now.</summary>
    public SigningKey Signing(string purpose, DateTimeOffset now) =>
        Keys.Last(key => key.Purpose == purpose && key.SignsFrom <= now);

    /// <summary>The token key of that name, or none: nothing is looked for anywhere else.</summary>
    public SecurityKey[] TokenKey(string? keyId) =>
        keyId is not null && tokenKeys.TryGetValue(keyId, out var key) ? key : [];
}
