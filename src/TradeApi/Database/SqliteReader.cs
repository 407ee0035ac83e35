using System.Buffers.Text;
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.Data.Sqlite;

namespace TradeApi.Database;

/// <summary>
/// Makes objects of rows that SQLite answers, as Dapper does, but without a box for each value: a batch reads some 30
/// values for each of its rows. Kinds of rows that it does not know are left to Dapper.
/// </summary>
static class SqliteReader<TRow>
{
    delegate void Set(TRow row, nint statement, int column);

    // By the names of the columns, without underscores; null for a property of another kind.
    static readonly Dictionary<string, Set?>? Setters = typeof(TRow).GetConstructor(Type.EmptyTypes) is null
        ? null
        : typeof(TRow)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .ToDictionary(property => property.Name, SetterOf, StringComparer.OrdinalIgnoreCase);

    /// <summary>What makes an object of the row at which a reader stands; null when Dapper has to.</summary>
    public static Func<TRow>? Of(SqliteDataReader reader)
    {
        if (Setters is null)
            return null;
        var setters = new Set?[reader.FieldCount];
        for (var i = 0; i < setters.Length; i++)
            if (Setters.TryGetValue(reader.GetName(i).Replace("_", "", StringComparison.Ordinal), out var setter))
            {
                if (setter is null)
                    return null;
                setters[i] = setter;
            }
        var statement = reader.Handle!.DangerousGetHandle();
        return () =>
        {
            var row = Activator.CreateInstance<TRow>();
            for (var i = 0; i < setters.Length; i++)
                if (!Sqlite3.IsNull(statement, i))
                    setters[i]?.Invoke(row, statement, i);
            return row;
        };
    }

    static Set? SetterOf(PropertyInfo property)
    {
        var type = property.PropertyType;
        return type == typeof(string) ? SetterOf(property, Text)
            : type == typeof(Guid) ? SetterOf(property, Id)
            : type == typeof(Guid?) ? SetterOf<Guid?>(property, (statement, column) => Id(statement, column))
            : type == typeof(DateOnly) ? SetterOf(property, Date)
            : type == typeof(DateOnly?) ? SetterOf<DateOnly?>(property, (statement, column) => Date(statement, column))
            : type == typeof(bool) ? SetterOf(property, (statement, column) => WholeNumber(statement, column) != 0)
            : type == typeof(int?) ? SetterOf<int?>(property, (statement, column) => Number(statement, column))
            : null;
    }

    static Set SetterOf<TValue>(PropertyInfo property, Func<nint, int, TValue> value)
    {
        var set = property.SetMethod!.CreateDelegate<Action<TRow, TValue>>();
        return (row, statement, column) => set(row, value(statement, column));
    }

    static string Text(nint statement, int column) => Encoding.UTF8.GetString(Sqlite3.Bytes(statement, column));

    static Guid Id(nint statement, int column)
    {
        var text = Sqlite3.Bytes(statement, column);
        return Utf8Parser.TryParse(text, out Guid id, out var read) && read == text.Length
            ? id
            : throw new FormatException($"'{Text(statement, column)}' is no id");
    }

    static DateOnly Date(nint statement, int column)
    {
        Span<char> date = stackalloc char[Types.DateFormat.Length];
        return
            Encoding.UTF8.TryGetChars(Sqlite3.Bytes(statement, column), date, out var count)
            && DateOnly.TryParseExact(
                date[..count],
                Types.DateFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var day
            )
            ? day
            : throw new FormatException($"'{Text(statement, column)}' is no date");
    }

    static int Number(nint statement, int column) =>
        WholeNumber(statement, column) is var number && number == (int)number
            ? (int)number
            : throw new FormatException($"'{number}' is no number of 32 bits");

    // Of anything else SQLite would make a number.
    static long WholeNumber(nint statement, int column) =>
        Sqlite3.IsNumber(statement, column)
            ? Sqlite3.Number(statement, column)
            : throw new FormatException($"'{Text(statement, column)}' is no whole number");
}
