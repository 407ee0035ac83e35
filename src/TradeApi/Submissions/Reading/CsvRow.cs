using System.Globalization;
using System.Text.Unicode;
using TradeApi.Rules;
using TradeApi.Rules.Values;

namespace TradeApi.Submissions.Reading;

/// <summary>Decodes one record of a CSV file.</summary>
internal static class CsvRow
{
    static readonly Fault NotUtf8 = new("file.encoding", "The text of this row is not UTF-8.");

    /// <summary>Fills <paramref name="members"/>, or says why the record cannot be read.</summary>
    public static Fault? Read(ReadOnlySpan<byte> record, CsvHeader header, List<Member> members)
    {
        members.Clear();
        var fault = Utf8.IsValid(record) ? Cells(record, header, members) : NotUtf8;
        if (fault is not null)
        {
            members.Clear();
        }

        return fault;
    }

    /// <summary>The text of every cell, also of the columns that are passed over, of a record that can be read.</summary>
    public static string[] Texts(ReadOnlySpan<byte> record, CsvHeader header)
    {
        var texts = new string[header.Columns.Count];
        Array.Fill(texts, "");
        for (int column = 0, at = 0; ; column++, at++)
        {
            var cell = CsvCell.Next(record[at..], header.Delimiter);
            texts[column] = CsvText.WithoutGuard(CsvCell.Read(record.Slice(at, cell.Length)));
            at += cell.Length;
            if (cell.End == CellEnd.Text)
            {
                return texts;
            }
        }
    }

    public static Fault TooManyCells(CsvHeader header) =>
        new(
            "row.cells",
            string.Create(
                CultureInfo.InvariantCulture,
                $"This row has more cells than the header's {header.Columns.Count}. Put quotes around a text that holds the delimiter."
            )
        );

    static Fault? Cells(ReadOnlySpan<byte> record, CsvHeader header, List<Member> members)
    {
        var at = 0;
        for (var column = 0; ; column++)
        {
            var cell = CsvCell.Next(record[at..], header.Delimiter);
            if (column < header.Paths.Count && header.Paths[column] is { } path)
            {
                Add(path, record.Slice(at, cell.Length), members);
            }

            at += cell.Length;
            if (cell.FaultAt(at, record.Length) is { } fault)
            {
                return fault;
            }

            if (cell.End == CellEnd.Text)
            {
                return column < header.Columns.Count ? null : TooManyCells(header);
            }

            at++;
        }
    }

    static void Add(string path, ReadOnlySpan<byte> cell, List<Member> members)
    {
        if (cell.IsEmpty)
        {
            return;
        }

        var text = CsvText.WithoutGuard(CsvCell.Read(cell));
        if (text.Length > 0)
        {
            members.Add(new Member(path, MemberKind.Cell, text));
        }
    }
}
