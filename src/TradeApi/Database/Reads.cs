using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace TradeApi.Database;

/// <summary>
/// Statements that read, gathered and then run together in their order. PostgreSQL is a process away, so all travel in one
/// round; on SQLite, which is in the process, they run one after another.
/// </summary>
sealed class Reads(DbConnection connection, DbTransaction? transaction = null)
{
    readonly List<(string Sql, object Parameters, Func<DbDataReader, Task> Take)> reads = [];

    /// <summary>Reads rows of one kind; each is handed over as it comes.</summary>
    /// <param name="sql">One statement.</param>
    /// <param name="parameters">An object whose properties are the statement's parameters.</param>
    /// <param name="take">What is done with a row.</param>
    public void Add<TRow>(string sql, object parameters, Action<TRow> take) =>
        reads.Add((sql, parameters, reader => Each(reader, take)));

    public async Task Run(CancellationToken cancel = default)
    {
        if (reads.Count == 0)
            return;
        if (connection is NpgsqlConnection postgres)
            await Run(postgres, cancel);
        else
            foreach (var (sql, parameters, take) in reads)
            {
                await using var reader = await connection.ExecuteReaderAsync(sql, parameters, transaction);
                await take(reader);
            }
        reads.Clear();
    }

    async Task Run(NpgsqlConnection postgres, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(postgres);
        foreach (var (sql, parameters, _) in reads)
            batch.BatchCommands.Add(Command(sql, parameters));
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        foreach (var (_, _, take) in reads)
        {
            await take(reader);
            await reader.NextResultAsync(cancel);
        }
    }

    /// <summary>Hands over the rows of a result.</summary>
    internal static async Task Each<TRow>(DbDataReader reader, Action<TRow> take)
    {
        var make = reader is IWrappedDataReader { Reader: SqliteDataReader sqlite }
            ? SqliteReader<TRow>.Of(sqlite)
            : null;
        if (make is null)
        {
            var parsed = reader.GetRowParser(typeof(TRow));
            make = () => (TRow)parsed(reader);
        }
        while (await reader.ReadAsync())
            take(make());
    }

    /// <summary>A statement for PostgreSQL with the properties of an object as its parameters.</summary>
    internal static NpgsqlBatchCommand Command(string sql, object parameters)
    {
        var (numbered, names) = Numbered.Of(sql);
        var command = new NpgsqlBatchCommand(numbered);
        var type = parameters.GetType();
        foreach (var name in names)
        {
            var property =
                type.GetProperty(name)
                ?? throw new ArgumentException($"There is no value for @{name} of: {sql}", nameof(parameters));
            command.Parameters.Add(new NpgsqlParameter { Value = property.GetValue(parameters) ?? DBNull.Value });
        }
        return command;
    }
}
