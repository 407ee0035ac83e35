using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TradeApi.Database;

/// <summary>
/// A statement that SQLite has compiled, run once for each row. It goes to SQLite itself: a command of the provider looks
/// every parameter up by its name and its type again for each row, which takes about half as long as writing the row.
/// </summary>
sealed class SqliteStatement : IDisposable
{
    // Texts that cannot come to more bytes than this are encoded on the stack. The longest values by far are what a partner
    // wrote, and those are bytes already.
    const int MostOnTheStack = 512;

    readonly sqlite3 database;
    readonly sqlite3_stmt statement;

    SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
    }

    /// <summary>Runs a statement once for each row; its parameters have the columns' names.</summary>
    public static void Run<TRow>(
        SqliteConnection connection,
        string sql,
        IReadOnlyCollection<TRow> rows,
        Column<TRow>[] columns
    )
    {
        using var compiled = new SqliteStatement(connection, sql);
        var binders = Array.ConvertAll(columns, column => column.BinderTo(compiled, compiled.PlaceOf(column)));
        foreach (var row in rows)
        {
            foreach (var bind in binders)
                bind(row);
            compiled.Run();
        }
    }

    public void Dispose() => statement.Dispose();

    int PlaceOf<TRow>(Column<TRow> column)
    {
        var place = raw.sqlite3_bind_parameter_index(statement, "@" + column.Name);
        return place > 0
            ? place
            : throw new ArgumentException($"The statement has no parameter @{column.Name}", nameof(column));
    }

    void Run()
    {
        var result = raw.sqlite3_step(statement);
        // What went wrong is told by the step; a reset says it again.
        if (result is raw.SQLITE_DONE or raw.SQLITE_ROW)
            result = raw.sqlite3_reset(statement);
        Check(result);
    }

    internal void BindNull(int place) => Check(raw.sqlite3_bind_null(statement, place));

    /// <summary>Sets the value of a parameter, as <see cref="Types"/> says it is kept.</summary>
    internal void Bind<TValue>(int place, TValue value)
        where TValue : notnull =>
        Check(
            value switch
            {
                string text => Text(place, text),
                Guid id => Formatted(place, id, "D"),
                DateOnly date => Formatted(place, date, Types.DateFormat),
                DateTimeOffset instant => Formatted(place, instant.UtcDateTime, Types.InstantFormat),
                int number => raw.sqlite3_bind_int64(statement, place, number),
                long number => raw.sqlite3_bind_int64(statement, place, number),
                bool yes => raw.sqlite3_bind_int64(statement, place, yes ? 1 : 0),
                byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(statement, place, 0),
                byte[] bytes => raw.sqlite3_bind_blob(statement, place, bytes),
                _ => throw new NotSupportedException($"{value.GetType()} is not kept in SQLite"),
            }
        );

    int Text(int place, string text)
    {
        // No bytes at all would be taken for null.
        if (text.Length == 0 || text.Length > MostOnTheStack / 3)
            return raw.sqlite3_bind_text(statement, place, text);
        Span<byte> bytes = stackalloc byte[MostOnTheStack];
        return raw.sqlite3_bind_text(statement, place, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    int Formatted<TValue>(int place, TValue value, ReadOnlySpan<char> format)
        where TValue : IUtf8SpanFormattable
    {
        Span<byte> bytes = stackalloc byte[64];
        if (!value.TryFormat(bytes, out var written, format, CultureInfo.InvariantCulture))
            throw new FormatException($"{typeof(TValue)} has more than 64 characters");
        return raw.sqlite3_bind_text(statement, place, bytes[..written]);
    }

    void Check(int result) => SqliteException.ThrowExceptionForRC(result, database);
}
