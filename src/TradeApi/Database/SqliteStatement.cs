using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TradeApi.Database;

/// <summary>
/// A statement that SQLite has compiled, run once for each row. It goes to SQLite itself: a command of the provider looks
/// every parameter up by its name and its type again for each row, which takes about half as long as writing the row.
/// </summary>
sealed class SqliteStatement : IDisposable
{
    readonly sqlite3 database;
    readonly sqlite3_stmt statement;

    SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
    }

    /// <summary>Runs a statement once for each row; its parameters have the columns' names.</summary>
    public static unsafe void Run(SqliteConnection connection, string sql, SqliteRows rows)
    {
        // While the values are where they are: SQLite does not copy them.
        fixed (byte* start = rows.All)
        {
            using var compiled = new SqliteStatement(connection, sql);
            var handle = compiled.statement.DangerousGetHandle();
            var places = Array.ConvertAll(rows.Columns, compiled.PlaceOf);
            var end = start + rows.All.Length;
            for (var at = start; at < end; )
            {
                if (*at == SqliteRows.EndOfRow)
                {
                    compiled.Run();
                    at++;
                    continue;
                }
                var (column, kind, count) = Unsafe.ReadUnaligned<SqliteRows.Before>(at);
                var place = places[column];
                var value = at + SqliteRows.Before.Size;
                compiled.Check(
                    kind switch
                    {
                        SqliteRows.Kind.Nothing => Sqlite3.BindNull(handle, place),
                        SqliteRows.Kind.Number => Sqlite3.BindNumber(handle, place, Unsafe.ReadUnaligned<long>(value)),
                        SqliteRows.Kind.Text => Sqlite3.BindText(handle, place, value, count),
                        _ => Sqlite3.BindBytes(handle, place, value, count),
                    }
                );
                at = value + count;
            }
        }
    }

    public void Dispose() => statement.Dispose();

    int PlaceOf(string column)
    {
        var place = raw.sqlite3_bind_parameter_index(statement, "@" + column);
        return place > 0
            ? place
            : throw new ArgumentException($"The statement has no parameter @{column}", nameof(column));
    }

    void Run()
    {
        var result = raw.sqlite3_step(statement);
        // What went wrong is told by the step; a reset says it again.
        if (result is raw.SQLITE_DONE or raw.SQLITE_ROW)
            result = raw.sqlite3_reset(statement);
        Check(result);
    }

    void Check(int result) => SqliteException.ThrowExceptionForRC(result, database);
}
