using System.Runtime.InteropServices;
using System.Text;
using TradeApi.Rules.Values;

namespace TradeApi.Submissions.Reading;

/// <summary>What stands behind a cell.</summary>
internal enum CellEnd
{
    /// <summary>A delimiter: another cell follows.</summary>
    Delimiter,

    /// <summary>A line end.</summary>
    Line,

    /// <summary>The end of the text that was given.</summary>
    Text,

    /// <summary>The end of the text that was given, while the quotes of the cell are still open.</summary>
    OpenQuotes,

    /// <summary>A quote where none may stand.</summary>
    StrayQuote,
}

/// <summary>
/// The next cell of a CSV text (RFC 4180). <c>Length</c> is what it takes up, with its quotes and without what ends it.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CsvCell(int Length, CellEnd End)
{
    public static readonly Fault Unbalanced = new(
        "row.quote",
        "A quote opens a cell of this row and is never closed. Write a quote that belongs to a text twice, inside quotes."
    );

    public static readonly Fault Stray = new(
        "row.quote",
        "A quote stands in the middle of a cell. Put quotes around the whole cell and write the inner quote twice."
    );

    public static CsvCell Next(ReadOnlySpan<byte> text, byte delimiter) =>
        text is [(byte)'"', ..] ? Quoted(text, delimiter) : Plain(text, delimiter);

    /// <summary>The text of a cell that <see cref="Next"/> found.</summary>
    public static string Read(ReadOnlySpan<byte> cell)
    {
        if (cell is not [(byte)'"', .. var inner, (byte)'"'])
        {
            return Encoding.UTF8.GetString(cell);
        }

        var text = Encoding.UTF8.GetString(inner);
        return text.Contains('"') ? text.Replace("\"\"", "\"", StringComparison.Ordinal) : text;
    }

    /// <summary>
    /// Why a record that was cut out of its file cannot be read at the end of this cell: nothing but delimiters parts it.
    /// </summary>
    public Fault? FaultAt(int at, int length) =>
        End switch
        {
            CellEnd.Delimiter => null,
            CellEnd.Text when at == length => null,
            CellEnd.OpenQuotes => Unbalanced,
            _ => Stray,
        };

    static CsvCell Plain(ReadOnlySpan<byte> text, byte delimiter)
    {
        var length = text.IndexOfAny(delimiter, (byte)'\n', (byte)'"');
        if (length < 0)
        {
            return new CsvCell(text.Length, CellEnd.Text);
        }

        return text[length] switch
        {
            (byte)'"' => new CsvCell(length, CellEnd.StrayQuote),
            (byte)'\n' => new CsvCell(RowReader.WithoutCarriageReturn(text[..length]).Length, CellEnd.Line),
            _ => new CsvCell(length, CellEnd.Delimiter),
        };
    }

    static CsvCell Quoted(ReadOnlySpan<byte> text, byte delimiter)
    {
        for (var length = 1; ; )
        {
            var quote = text[length..].IndexOf((byte)'"');
            if (quote < 0)
            {
                return new CsvCell(text.Length, CellEnd.OpenQuotes);
            }

            length += quote + 1;
            switch (text[length..])
            {
                case [(byte)'"', ..]:
                    length++;
                    break;
                case [] or [(byte)'\r']:
                    return new CsvCell(length, CellEnd.Text);
                case [(byte)'\n', ..] or [(byte)'\r', (byte)'\n', ..]:
                    return new CsvCell(length, CellEnd.Line);
                case [var next, ..] when next == delimiter:
                    return new CsvCell(length, CellEnd.Delimiter);
                default:
                    return new CsvCell(length, CellEnd.StrayQuote);
            }
        }
    }
}
