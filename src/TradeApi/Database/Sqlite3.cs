using System.Runtime.InteropServices;

namespace TradeApi.Database;

/// <summary>
/// The calls of SQLite that a row needs once for each value. The provider's own count who uses the statement and tell the
/// collector before and after each of them, which takes longer than what they do. None of them waits, as long as nobody
/// else uses the connection meanwhile.
/// </summary>
static unsafe partial class Sqlite3
{
    const string Library = "e_sqlite3";

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition]
    public static partial int BindNull(nint statement, int place);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition]
    public static partial int BindNumber(nint statement, int place, long number);

    /// <summary>Sets a text, which must stay where it is until the statement is disposed of or the parameter set again.</summary>
    public static int BindText(nint statement, int place, byte* text, int count) =>
        BindText(statement, place, text, count, Static);

    /// <summary>Sets bytes, which must stay where they are until the statement is disposed of or the parameter set again.</summary>
    public static int BindBytes(nint statement, int place, byte* bytes, int count) =>
        BindBytes(statement, place, bytes, count, Static);

    public static bool IsNull(nint statement, int column) => ColumnType(statement, column) == TypeNull;

    /// <summary>Whether it is a whole number.</summary>
    public static bool IsNumber(nint statement, int column) => ColumnType(statement, column) == TypeInteger;

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64"), SuppressGCTransition]
    public static partial long Number(nint statement, int column);

    /// <summary>The bytes of a text or of a value that is kept as bytes, until the next row.</summary>
    public static ReadOnlySpan<byte> Bytes(nint statement, int column)
    {
        // First where they are: only then is it certain how many there are.
        var bytes = ColumnBytes(statement, column);
        return new(bytes, ColumnCount(statement, column));
    }

    const int TypeInteger = 1;
    const int TypeNull = 5;

    // SQLite neither copies it nor gives it back.
    const nint Static = 0;

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text"), SuppressGCTransition]
    private static partial int BindText(nint statement, int place, byte* text, int count, nint end);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob"), SuppressGCTransition]
    private static partial int BindBytes(nint statement, int place, byte* bytes, int count, nint end);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type"), SuppressGCTransition]
    private static partial int ColumnType(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob"), SuppressGCTransition]
    private static partial byte* ColumnBytes(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes"), SuppressGCTransition]
    private static partial int ColumnCount(nint statement, int column);
}
