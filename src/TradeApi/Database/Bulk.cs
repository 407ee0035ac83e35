using System.Data.Common;
using System.Globalization;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace TradeApi.Database;

/// <summary>
/// Statements that write many rows, and what is asked in between, gathered and then run together in their order, which is
/// the order in which rows are locked. PostgreSQL is a process away, so all travel in one round, each with its rows as
/// arrays. SQLite is in the process, so a prepared statement runs once a row. A row's values are those that it has when it is
/// gathered; no transaction need have begun by then.
/// </summary>
sealed class Writes(Store store)
{
    readonly List<NpgsqlBatchCommand> onPostgres = [];
    readonly List<Func<DbDataReader, Task<Action>>> answers = [];
    readonly List<Action<Transaction>> onSqlite = [];
    bool hasChecks;

    /// <summary>Inserts all rows.</summary>
    public void Insert<TRow>(string table, IReadOnlyCollection<TRow> rows, Column<TRow>[] columns)
    {
        if (rows.Count == 0)
            return;
        var names = string.Join(", ", columns.Select(column => column.Name));
        if (store.IsPostgres)
        {
            var (selected, parameters) = Selected(rows, columns);
            Add($"insert into {table} ({names}) select {selected}", parameters);
        }
        else
            Execute($"insert into {table} ({names}) values ({ParametersOf(columns)})", rows, columns);
    }

    /// <summary>
    /// Inserts rows with numbers that follow from one which the database alone knows, after the statements before this one in
    /// the same run.
    /// </summary>
    /// <param name="end">That number, as an expression in parentheses.</param>
    /// <param name="distances">The columns that are numbered; a row says how far before the end each is.</param>
    public void InsertBehind<TRow>(
        string table,
        IReadOnlyCollection<TRow> rows,
        string end,
        Column<TRow>[] distances,
        Column<TRow>[] columns
    )
    {
        if (rows.Count == 0)
            return;
        Column<TRow>[] all = [.. columns, .. distances];
        var names = string.Join(", ", all.Select(column => column.Name));
        string Values(IEnumerable<Column<TRow>> of, string before, string value) =>
            string.Join(", ", of.Select(column => before + value + column.Name));
        if (store.IsPostgres)
        {
            var (selected, parameters) = Selected(rows, all);
            Add(
                $"""
                insert into {table} ({names})
                select {Values(columns, "", "n.")}, {Values(distances, $"{end} - ", "n.")}
                  from (select {selected}) n
                """,
                parameters
            );
        }
        else
            Execute(
                $"insert into {table} ({names}) values ({ParametersOf(columns)}, {Values(distances, $"{end} - ", "@")})",
                rows,
                all
            );
    }

    /// <summary>
    /// Runs a statement that answers rows, in its place among the writes, and looks at them before all is committed.
    /// </summary>
    /// <param name="sql">One statement.</param>
    /// <param name="parameters">An object whose properties are the statement's parameters.</param>
    /// <param name="look">
    /// Looks at the rows. When it throws, so does the run; statements behind it may have run by then, and are rolled back with
    /// all others.
    /// </param>
    public void Check<TRow>(string sql, object parameters, Action<IReadOnlyList<TRow>> look)
    {
        hasChecks = true;
        Ask(sql, parameters, look);
    }

    /// <summary>Runs a statement that answers rows, in its place among the writes.</summary>
    /// <param name="sql">One statement.</param>
    /// <param name="parameters">An object whose properties are the statement's parameters.</param>
    /// <param name="take">
    /// What is done with the rows. It must not throw, since all may have been committed by then: what has to is a check.
    /// </param>
    public void Ask<TRow>(string sql, object parameters, Action<IReadOnlyList<TRow>> take)
    {
        if (store.IsPostgres)
        {
            onPostgres.Add(Reads.Command(sql, parameters));
            answers.Add(async reader =>
            {
                var rows = new List<TRow>();
                await Reads.Each<TRow>(reader, rows.Add);
                return () => take(rows);
            });
        }
        else
            onSqlite.Add(transaction =>
                take(transaction.Connection.Query<TRow>(sql, parameters, transaction.Inner).AsList())
            );
    }

    /// <summary>Updates the row of each key; a key is unique in the table.</summary>
    public void Update<TRow>(
        string table,
        IReadOnlyCollection<TRow> rows,
        Column<TRow>[] key,
        params Column<TRow>[] columns
    )
    {
        if (rows.Count == 0)
            return;
        string Each(Column<TRow>[] of, string separator, Func<Column<TRow>, string> text) =>
            string.Join(separator, of.Select(text));
        Column<TRow>[] all = [.. key, .. columns];
        if (store.IsPostgres)
        {
            var (selected, parameters) = Selected(rows, all);
            Add(
                $"""
                update {table} as t
                   set {Each(columns, ", ", column => $"{column.Name} = n.{column.Name}")}
                  from (select {selected}) n
                 where {Each(key, " and ", column => $"t.{column.Name} = n.{column.Name}")}
                """,
                parameters
            );
        }
        else
            Execute(
                $"""
                update {table}
                   set {Each(columns, ", ", column => $"{column.Name} = @{column.Name}")}
                 where {Each(key, " and ", column => $"{column.Name} = @{column.Name}")}
                """,
                rows,
                all
            );
    }

    /// <summary>Runs a statement of another kind once for each row; its parameters have the columns' names. For a few rows.</summary>
    public void Execute<TRow>(string sql, IReadOnlyCollection<TRow> rows, Column<TRow>[] columns)
    {
        if (rows.Count == 0)
            return;
        if (store.IsPostgres)
        {
            var (numbered, names) = Numbered.Of(sql);
            var used = names
                .Select(name =>
                    Array.Find(columns, column => column.Name == name)
                    ?? throw new ArgumentException($"There is no column for @{name} of: {sql}", nameof(columns))
                )
                .ToList();
            foreach (var row in rows)
                Add(numbered, used.Select(column => new NpgsqlParameter { Value = column.Of(row) ?? DBNull.Value }));
        }
        else
        {
            var ready = SqliteRows.Of(rows, columns);
            onSqlite.Add(transaction =>
            {
                using (ready)
                    SqliteStatement.Run((SqliteConnection)transaction.Connection, sql, ready);
            });
        }
    }

    public Task Run(Transaction transaction, CancellationToken cancel = default) => Run(transaction, null, cancel);

    async Task Run(Transaction transaction, int? timeout, CancellationToken cancel)
    {
        var statements = onSqlite.ToArray();
        onSqlite.Clear();
        foreach (var statement in statements)
            statement(transaction);
        if (onPostgres.Count == 0)
            return;
        await using var batch = new NpgsqlBatch((NpgsqlConnection)transaction.Connection);
        if (timeout is { } seconds)
            batch.Timeout = seconds;
        foreach (var command in onPostgres)
            batch.BatchCommands.Add(command);
        onPostgres.Clear();
        var asked = answers.ToArray();
        answers.Clear();
        var takes = new List<Action>(asked.Length);
        await using (var reader = await batch.ExecuteReaderAsync(cancel))
        {
            // Statements that answer no rows have no result to go through.
            foreach (var read in asked)
            {
                takes.Add(await read(reader));
                await reader.NextResultAsync(cancel);
            }
            // To the end: a reader that is disposed of may keep to itself how what is left has failed, such as the commit.
            while (await reader.NextResultAsync(cancel)) { }
        }
        // Only now: what a statement behind it has failed with would else be told in place of what this throws, or the other way.
        foreach (var take in takes)
            take();
    }

    /// <summary>
    /// Runs what is gathered and commits. On PostgreSQL that is one round unless there is a check: other groups wait for the
    /// rows that all share until the commit, and a round less is less to wait for all of them. As to time-outs see
    /// <see cref="Transaction.Commit"/>.
    /// </summary>
    public async Task Commit(Transaction transaction)
    {
        if (onPostgres.Count > 0 && !hasChecks)
        {
            Add("commit", []);
            await Run(transaction, Transaction.NoTimeout, CancellationToken.None);
        }
        else
        {
            await Run(transaction);
            await transaction.Commit();
        }
    }

    void Add(string sql, IEnumerable<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        onPostgres.Add(command);
    }

    // In the list of what is selected arrays go along row by row; as a table each would be copied as a whole first. What many
    // rows have in common goes once. Which columns that are makes another statement, to be planned when it is new: many rows
    // outweigh that, a few do not. The first column tells how many rows there are.
    static (string Selected, IReadOnlyList<NpgsqlParameter> Parameters) Selected<TRow>(
        IReadOnlyCollection<TRow> rows,
        Column<TRow>[] columns
    )
    {
        const int Many = 100;
        var parameters = new List<NpgsqlParameter>(columns.Length);
        var selected = new StringBuilder();
        foreach (var column in columns)
        {
            var common = parameters.Count > 0 && rows.Count >= Many ? column.InCommon(rows) : null;
            parameters.Add(common ?? column.Of(rows));
            var value = string.Create(CultureInfo.InvariantCulture, $"${parameters.Count}");
            selected.Append(selected.Length == 0 ? "" : ", ").Append(common is null ? $"unnest({value})" : value);
            if (column.CastTo is { } type)
                selected.Append("::").Append(type);
            selected.Append(" as ").Append(column.Name);
        }
        return (selected.ToString(), parameters);
    }

    static string ParametersOf<TRow>(Column<TRow>[] columns) =>
        string.Join(", ", columns.Select(column => "@" + column.Name));
}

/// <summary>One statement that writes many rows.</summary>
static class Bulk
{
    public static Task Insert<TRow>(
        Transaction transaction,
        string table,
        IReadOnlyCollection<TRow> rows,
        Column<TRow>[] columns,
        CancellationToken cancel = default
    )
    {
        var writes = new Writes(transaction.Store);
        writes.Insert(table, rows, columns);
        return writes.Run(transaction, cancel);
    }
}
