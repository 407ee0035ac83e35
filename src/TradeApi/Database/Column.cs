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

    /// <summary>Sets a row's value in a statement of SQLite.</summary>
    internal abstract void Bind(SqliteStatement statement, int place, TRow row);

    public static Column<TRow> Of<TValue>(string name, Func<TRow, TValue?> value)
        where TValue : class => new Column<TRow, TValue?>(name, value);

    public static Column<TRow> Of<TValue>(string name, Func<TRow, TValue?> value)
        where TValue : struct => new Column<TRow, TValue?>(name, value);
}

/// <summary>A column with the type of its values, which may be null.</summary>
sealed class Column<TRow, TValue>(string name, Func<TRow, TValue> value) : Column<TRow>(name)
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

    internal override void Bind(SqliteStatement statement, int place, TRow row) => statement.Bind(place, value(row));
}
