using System.Data.Common;
using Npgsql;

namespace TradeApi.Database;

/// <summary>A column that is written for many rows at once: its name and where a row has its value.</summary>
abstract class Column<TRow>(string name)
{
    public string Name => name;

    public abstract object? Of(TRow row);

    internal abstract Task Write(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancel);

    public static Column<TRow> Of<TValue>(string name, Func<TRow, TValue?> value)
        where TValue : class => new Reference<TValue>(name, value);

    public static Column<TRow> Of<TValue>(string name, Func<TRow, TValue?> value)
        where TValue : struct => new Value<TValue>(name, value);

    sealed class Reference<TValue>(string name, Func<TRow, TValue?> value) : Column<TRow>(name)
        where TValue : class
    {
        public override object? Of(TRow row) => value(row);

        internal override Task Write(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancel) =>
            value(row) is { } some ? importer.WriteAsync(some, cancel) : importer.WriteNullAsync(cancel);
    }

    sealed class Value<TValue>(string name, Func<TRow, TValue?> value) : Column<TRow>(name)
        where TValue : struct
    {
        public override object? Of(TRow row) => value(row);

        internal override Task Write(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancel) =>
            value(row) is { } some ? importer.WriteAsync(some, cancel) : importer.WriteNullAsync(cancel);
    }
}

/// <summary>
/// Many rows with one call. PostgreSQL is a process away, so rows travel together: new ones as a binary COPY, statements
/// as one batch. SQLite is in the process, so one prepared statement runs once a row.
/// </summary>
static class Bulk
{
    /// <summary>Inserts all rows.</summary>
    public static async Task Insert<TRow>(
        Transaction transaction,
        string table,
        IReadOnlyCollection<TRow> rows,
        Column<TRow>[] columns,
        CancellationToken cancel = default
    )
    {
        if (rows.Count == 0)
            return;
        var names = string.Join(", ", columns.Select(column => column.Name));
        if (transaction.Connection is NpgsqlConnection postgres)
        {
            await using var importer = await postgres.BeginBinaryImportAsync(
                $"copy {table} ({names}) from stdin (format binary)",
                cancel
            );
            foreach (var row in rows)
            {
                await importer.StartRowAsync(cancel);
                foreach (var column in columns)
                    await column.Write(importer, row, cancel);
            }
            await importer.CompleteAsync(cancel);
            return;
        }
        var values = string.Join(", ", columns.Select(column => "@" + column.Name));
        await Execute(transaction, $"insert into {table} ({names}) values ({values})", rows, columns, cancel);
    }

    /// <summary>Runs one statement for each row; its parameters have the columns' names. Answers how many rows it touched.</summary>
    public static async Task<int> Execute<TRow>(
        Transaction transaction,
        string sql,
        IReadOnlyCollection<TRow> rows,
        Column<TRow>[] columns,
        CancellationToken cancel = default
    )
    {
        if (rows.Count == 0)
            return 0;
        return transaction.Connection is NpgsqlConnection postgres
            ? await ExecuteBatch(postgres, sql, rows, columns, cancel)
            : await ExecutePrepared(transaction, sql, rows, columns, cancel);
    }

    static async Task<int> ExecuteBatch<TRow>(
        NpgsqlConnection connection,
        string sql,
        IReadOnlyCollection<TRow> rows,
        Column<TRow>[] columns,
        CancellationToken cancel
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var row in rows)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var column in columns)
                command.Parameters.Add(new NpgsqlParameter(column.Name, column.Of(row) ?? DBNull.Value));
            batch.BatchCommands.Add(command);
        }
        return await batch.ExecuteNonQueryAsync(cancel);
    }

    static async Task<int> ExecutePrepared<TRow>(
        Transaction transaction,
        string sql,
        IReadOnlyCollection<TRow> rows,
        Column<TRow>[] columns,
        CancellationToken cancel
    )
    {
        await using var command = transaction.Connection.CreateCommand();
        command.Transaction = transaction.Inner;
        command.CommandText = sql;
        var parameters = new DbParameter[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            parameters[i] = command.CreateParameter();
            parameters[i].ParameterName = "@" + columns[i].Name;
            command.Parameters.Add(parameters[i]);
        }
        var touched = 0;
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Length; i++)
                parameters[i].Value = Types.ForSqlite(columns[i].Of(row));
            touched += await command.ExecuteNonQueryAsync(cancel);
        }
        return touched;
    }
}
