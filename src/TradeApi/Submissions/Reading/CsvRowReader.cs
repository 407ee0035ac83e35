using System.Runtime.InteropServices;
using TradeApi.Rules.Values;

namespace TradeApi.Submissions.Reading;

/// <summary>
/// The records of a CSV file (RFC 4180). A record whose quotes do not balance is refused as its first physical line
/// alone, and reading goes on at the next line: see decision 0002.
/// </summary>
internal sealed class CsvRowReader(IReadOnlyCollection<string> columns, ReadLimits? limits = null) : RowReader(limits)
{
    const byte NoDelimiter = 0;

    CsvHeader? header;

    /// <summary>The header of the file; it is there with the first batch.</summary>
    public CsvHeader Header => header ?? throw new InvalidOperationException("No batch has been read yet.");

    protected override int Cut(ReadOnlyMemory<byte> window, bool end)
    {
        var at = 0;
        while (at < window.Length)
        {
            var text = window.Span[at..];
            // One record, and its line end.
            text = text[..Math.Min(text.Length, Limits.RowBytes + 2)];
            var last = end && at + text.Length == window.Length;
            var more = !last && text.Length < Limits.RowBytes + 2;
            if (last)
            {
                text = WithoutCarriageReturn(text);
            }

            var record = header is null ? HeaderRecord(text, more) : Next(text, more);
            if (record is not { } found)
            {
                return at;
            }

            if (found.Length > Limits.RowBytes)
            {
                throw TooLong(Line);
            }

            if (found.Length > 0)
            {
                Take(window.Slice(at, found.Length), found);
            }

            at += found.Used;
            Line += window.Span.Slice(at - found.Used, found.Used).Count((byte)'\n');
            if (last && found.Used == text.Length)
            {
                return window.Length;
            }
        }

        return at;
    }

    void Take(ReadOnlyMemory<byte> record, Record found)
    {
        if (header is null)
        {
            EnsureUtf8(record.Span, Line);
            header = CsvHeader.Read(record.Span, columns, Line);
        }
        else
        {
            var fault = found.Fault ?? (found.Cells > header.Columns.Count ? CsvRow.TooManyCells(header) : null);
            Add(record, Line, fault);
        }
    }

    /// <summary>A record without its line end, and the bytes up to the next one. Length 0 is a blank line.</summary>
    [StructLayout(LayoutKind.Auto)]
    readonly record struct Record(int Length, int Used, int Cells, Fault? Fault = null);

    /// <summary>Null when the record may go on behind the text.</summary>
    Record? Next(ReadOnlySpan<byte> text, bool more)
    {
        var delimiter = Header.Delimiter;
        var mark = text.IndexOfAny((byte)'\n', (byte)'"');
        if (mark < 0 && more)
        {
            return null;
        }

        return mark < 0 || text[mark] == '\n' ? FirstLine(text, delimiter) : Quoted(text, more, delimiter);
    }

    Record? Quoted(ReadOnlySpan<byte> text, bool more, byte delimiter)
    {
        var at = 0;
        for (var cells = 1; ; cells++)
        {
            var cell = CsvCell.Next(text[at..], delimiter);
            at += cell.Length;
            switch (cell.End)
            {
                case CellEnd.Delimiter:
                    at++;
                    break;
                case CellEnd.Line:
                    return new Record(at, at + (text[at] == '\r' ? 2 : 1), cells);
                case CellEnd.Text or CellEnd.OpenQuotes when more:
                    return null;
                case CellEnd.Text when at == text.Length || text.Length > Limits.RowBytes:
                    return new Record(text.Length, text.Length, cells);
                case CellEnd.OpenQuotes:
                    return FirstLine(text, delimiter) with { Fault = CsvCell.Unbalanced };
                default:
                    // The line end of the faulty line may not be in the text yet.
                    return more && !text.Contains((byte)'\n')
                        ? null
                        : FirstLine(text, delimiter) with
                        {
                            Fault = CsvCell.Stray,
                        };
            }
        }
    }

    Record FirstLine(ReadOnlySpan<byte> text, byte delimiter)
    {
        var length = text.IndexOf((byte)'\n');
        var line = length < 0 ? text : WithoutCarriageReturn(text[..length]);
        var used = length < 0 ? text.Length : length + 1;
        // Tabs alone are the empty cells of a row where the tab is the delimiter.
        return IsBlank(line) && !line.Contains(delimiter) && line.Length <= Limits.RowBytes
            ? new Record(0, used, 0)
            : new Record(line.Length, used, line.Count(delimiter) + 1);
    }

    /// <summary>Quotes are only counted here: which delimiter parts the cells is not known yet.</summary>
    Record? HeaderRecord(ReadOnlySpan<byte> text, bool more)
    {
        var open = false;
        for (var at = 0; at < text.Length; at++)
        {
            open ^= text[at] == '"';
            if (text[at] == '\n' && !open)
            {
                var line = WithoutCarriageReturn(text[..at]);
                return new Record(IsBlank(line) ? 0 : line.Length, at + 1, 0);
            }
        }

        return more ? null : FirstLine(text, NoDelimiter);
    }
}
