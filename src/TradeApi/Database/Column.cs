using Npgsql;

namespace TradeApi.Database;

/// <summary>A column that is written for many rows at once: its name and where a row has its value.</summary>
abstract class Column<TRow>(string name)
{
    public string Name => name;

    public abstract object? Of(TRow row);

    /// <summary>The values of all rows as one array parameter, which has a place and no name.</summary>
    internal abstract NpgsqlParameter Of(IReadOnlyCollection<TRow> rows);

    /// <summary>The value that all rows have as one parameter without a name; null when they have not one.</summary>
    internal abstract NpgsqlParameter? InCommon(IReadOnlyCollection<TRow> rows);

    /// <summary>What sets a row's value among rows for SQLite, one row after the other.</summary>
    /// <param name="column">The number of the column there.</param>
    internal abstract Action<TRow> SetterIn(SqliteRows rows, byte column);

    /// <summary>The type that a value is cast to on PostgreSQL, where the driver has none for it.</summary>
    public string? CastTo { get; private init; }

    public static Column<TRow> Of<TValue>(string name, Func<TRow, TValue?> value, string? castTo = null)
        where TValue : class =>
        new Column<TRow, TValue?>(name, value, (rows, column, value) => rows.Set(column, value!)) { CastTo = castTo };

    public static Column<TRow> Of<TValue>(string name, Func<TRow, TValue?> value)
        where TValue : struct =>
        new Column<TRow, TValue?>(name, value, (rows, column, value) => rows.Set(column, value!.Value));
}

/// <summary>A column with the type of its values, which may be null.</summary>
/// <param name="set">Sets a value that is not null among rows for SQLite.</param>
sealed class Column<TRow, TValue>(string name, Func<TRow, TValue> value, Action<SqliteRows, byte, TValue> set)
    : Column<TRow>(name)
{
    public override object? Of(TRow row) => value(row);

    internal override NpgsqlParameter Of(IReadOnlyCollection<TRow> rows)
    {
        var values = new TValue[rows.Count];
        var at = 0;
        foreach (var row in rows)
            values[at++] = value(row);
        return new NpgsqlParameter<TValue[]> { TypedValue = values };
    }

    internal override NpgsqlParameter? InCommon(IReadOnlyCollection<TRow> rows)
    {
        var first = value(rows.First());
        foreach (var row in rows)
            if (!EqualityComparer<TValue>.Default.Equals(value(row), first))
                return null;
        return new NpgsqlParameter<TValue> { TypedValue = first };
    }

    // A parameter has no value at first.
    internal override Action<TRow> SetterIn(SqliteRows rows, byte column)
    {
        var last = default(TValue)!;
        return row =>
        {
            var now = value(row);
            if (EqualityComparer<TValue>.Default.Equals(now, last))
                return;
            if (now is null)
                rows.SetNothing(column);
            else
                set(rows, column, now);
            last = now;
        };
    }
}
