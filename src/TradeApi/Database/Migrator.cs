using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;

namespace TradeApi.Database;

/// <summary>
/// Brings the three stores to the schema of this program: numbered SQL files, forward only. A file that was applied
/// and has changed since, or one that this program does not know, means that the program and the data are not of one
/// age; then nothing is touched and the program does not start.
/// </summary>
static class Migrator
{
    public static async Task Run(Stores stores, TimeProvider clock)
    {
        Types.Register();
        foreach (var store in stores.All)
            await Run(store, clock);
        foreach (var register in stores.Registers)
            await Months.Add(register, clock.GetUtcNow());
    }

    /// <summary>Only looks whether the stores have the schema of this program.</summary>
    /// <exception cref="InvalidOperationException">One has not.</exception>
    public static async Task Check(Stores stores)
    {
        Types.Register();
        foreach (var store in stores.All)
        {
            await using var connection = await store.Open();
            var there = await connection.ExecuteScalarAsync<bool>(
                store.IsPostgres
                    ? "select to_regclass('schema_migration') is not null"
                    : "select count(*) > 0 from sqlite_master where name = 'schema_migration'"
            );
            var applied = there
                ? (await connection.QueryAsync<string>("select name from schema_migration")).AsList()
                : [];
            if (
                !FilesOf(store)
                    .Select(file => file.Name)
                    .Order(StringComparer.Ordinal)
                    .SequenceEqual(applied.Order(StringComparer.Ordinal))
            )
                throw new InvalidOperationException(
                    $"The store '{store.Name}' has not the schema of this program. Is this the right database? If so, run migrate."
                );
        }
    }

    static async Task Run(Store store, TimeProvider clock)
    {
        if (store.IsPostgres)
        {
            await using var connection = await store.Open();
            // PostgreSQL can fail a concurrent "if not exists"; the lock of the whole database settles who is first.
            await connection.ExecuteAsync(
                $"""
                select pg_advisory_xact_lock(872350127);
                create schema if not exists {store.Name}
                """,
                commandTimeout: Transaction.NoTimeout
            );
        }

        await using var transaction = await store.Begin();
        if (store.IsPostgres)
            // Another node may migrate just now, for as long as that takes.
            await transaction.Connection.ExecuteAsync(
                "select pg_advisory_xact_lock(872350127)",
                transaction: transaction.Inner,
                commandTimeout: Transaction.NoTimeout
            );
        await transaction.Connection.ExecuteAsync(
            """
            create table if not exists schema_migration (
                name       text        primary key,
                checksum   text        not null,
                applied_at timestamptz not null
            )
            """,
            transaction: transaction.Inner
        );
        var applied = (
            await transaction.Connection.QueryAsync<(string Name, string Checksum)>(
                "select name, checksum from schema_migration",
                transaction: transaction.Inner
            )
        ).ToDictionary(row => row.Name, row => row.Checksum, StringComparer.Ordinal);
        var known = FilesOf(store);

        foreach (var (name, checksum) in applied)
        {
            var file = known.FirstOrDefault(file => file.Name == name);
            if (file is null)
                throw new InvalidOperationException(
                    $"The store '{store.Name}' has the migration {name}, which this program does not know. "
                        + "It belongs to a later version: start that one."
                );
            if (file.Checksum != checksum)
                throw new InvalidOperationException(
                    $"The migration {name} of the store '{store.Name}' differs from the one that was applied. "
                        + "Applied migrations are never edited: restore the file."
                );
        }

        // These rewrite whole tables, which is what the other writing never does.
        if (store.IsPostgres)
            await transaction.Connection.ExecuteAsync(
                "set local enable_hashjoin = on; set local enable_seqscan = on",
                transaction: transaction.Inner
            );
        foreach (var file in known.Where(file => !applied.ContainsKey(file.Name)))
        {
            // As long as it takes: a register is rewritten whole by some.
            await transaction.Connection.ExecuteAsync(
                file.Sql,
                transaction: transaction.Inner,
                commandTimeout: Transaction.NoTimeout
            );
            await transaction.Connection.ExecuteAsync(
                "insert into schema_migration (name, checksum, applied_at) values (@Name, @Checksum, @AppliedAt)",
                new
                {
                    file.Name,
                    file.Checksum,
                    AppliedAt = clock.GetUtcNow(),
                },
                transaction.Inner
            );
        }
        await transaction.Commit();
    }

    // What only one of the two databases can say stands in a file that ends with its name.
    static List<MigrationFile> FilesOf(Store store)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"TradeApi.Database.Migrations.{store.Kind}.";
        return assembly
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Where(name => !name.EndsWith(store.IsPostgres ? ".sqlite.sql" : ".postgres.sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
                var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
                return new MigrationFile(name[prefix.Length..], checksum, sql);
            })
            .ToList();
    }

    sealed record MigrationFile(string Name, string Checksum, string Sql);
}
