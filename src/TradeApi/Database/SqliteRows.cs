using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace TradeApi.Database;

/// <summary>
/// Rows to be written, each value in the bytes that SQLite is given. Where a batch is judged ahead, they are ready before its
/// one writer has his turn, for which everybody waits. A value that the row before has, too, is left out: a parameter keeps
/// its value.
/// </summary>
sealed class SqliteRows : IDisposable
{
    /// <summary>Stands where the next value's column would.</summary>
    public const byte EndOfRow = byte.MaxValue;

    const int RoomAtFirst = 64 * 1024;
    const int LongestFormatted = 64;

    byte[] bytes = ArrayPool<byte>.Shared.Rent(RoomAtFirst);
    int length;

    SqliteRows(string[] columns) => Columns = columns;

    public enum Kind : byte
    {
        Nothing,
        Number,
        Text,
        Bytes,
    }

    /// <summary>The names of the columns.</summary>
    public string[] Columns { get; }

    /// <summary>The rows, one after the other: their values, each behind what <see cref="Before"/> says of it, and their end.</summary>
    public ReadOnlySpan<byte> All => bytes.AsSpan(0, length);

    /// <summary>
    /// Makes rows ready. They may name persons, so memory that is lent again is emptied first; rows that are never written are
    /// left to the collector.
    /// </summary>
    public static SqliteRows Of<TRow>(IReadOnlyCollection<TRow> rows, Column<TRow>[] columns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns.Length, EndOfRow, nameof(columns));
        var made = new SqliteRows(Array.ConvertAll(columns, column => column.Name));
        var setters = new Action<TRow>[columns.Length];
        for (var i = 0; i < columns.Length; i++)
            setters[i] = columns[i].SetterIn(made, (byte)i);
        foreach (var row in rows)
        {
            foreach (var set in setters)
                set(row);
            made.Room(1)[0] = EndOfRow;
            made.length++;
        }
        return made;
    }

    public void Dispose()
    {
        Return();
        (bytes, length) = ([], 0);
    }

    internal void SetNothing(byte column)
    {
        Room(Before.Size);
        Add(column, Kind.Nothing, 0);
    }

    /// <summary>Sets the value of a column, as <see cref="Types"/> says it is kept.</summary>
    internal void Set<TValue>(byte column, TValue value)
        where TValue : notnull
    {
        switch (value)
        {
            case string text:
                var room = Room(Before.Size + Encoding.UTF8.GetMaxByteCount(text.Length));
                Add(column, Kind.Text, Encoding.UTF8.GetBytes(text, room[Before.Size..]));
                break;
            case Guid id:
                SetFormatted(column, id, "D");
                break;
            case DateOnly date:
                SetFormatted(column, date, Types.DateFormat);
                break;
            case DateTimeOffset instant:
                SetFormatted(column, instant.UtcDateTime, Types.InstantFormat);
                break;
            case int number:
                SetNumber(column, number);
                break;
            case long number:
                SetNumber(column, number);
                break;
            case bool yes:
                SetNumber(column, yes ? 1 : 0);
                break;
            case byte[] blob:
                blob.CopyTo(Room(Before.Size + blob.Length)[Before.Size..]);
                Add(column, Kind.Bytes, blob.Length);
                break;
            default:
                throw new NotSupportedException($"{value.GetType()} is not kept in SQLite");
        }
    }

    void SetNumber(byte column, long number)
    {
        MemoryMarshal.Write(Room(Before.Size + sizeof(long))[Before.Size..], number);
        Add(column, Kind.Number, sizeof(long));
    }

    void SetFormatted<TValue>(byte column, TValue value, ReadOnlySpan<char> format)
        where TValue : IUtf8SpanFormattable
    {
        var room = Room(Before.Size + LongestFormatted);
        if (!value.TryFormat(room[Before.Size..], out var written, format, CultureInfo.InvariantCulture))
            throw new FormatException($"{typeof(TValue)} has more than {LongestFormatted} characters");
        Add(column, Kind.Text, written);
    }

    // The value's bytes are in their place already.
    void Add(byte column, Kind kind, int count)
    {
        MemoryMarshal.Write(bytes.AsSpan(length), new Before(column, kind, count));
        length += Before.Size + count;
    }

    Span<byte> Room(int count)
    {
        if (bytes.Length - length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * bytes.Length, length + count));
            bytes.AsSpan(0, length).CopyTo(larger);
            Return();
            bytes = larger;
        }
        return bytes.AsSpan(length);
    }

    void Return()
    {
        bytes.AsSpan(0, length).Clear();
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>What stands before a value.</summary>
    /// <param name="Column">The number of its column.</param>
    /// <param name="Kind">What it is; a number has eight bytes, as the processor has them.</param>
    /// <param name="Count">How many bytes it has.</param>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    public readonly record struct Before(byte Column, Kind Kind, int Count)
    {
        public static readonly int Size = Unsafe.SizeOf<Before>();
    }
}
