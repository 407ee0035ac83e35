using System.Globalization;
using System.Text;
using TradeApi.Rules.Values;

namespace TradeApi.Submissions.Reading;

/// <summary>
/// The columns of one CSV file. <c>ToString</c> gives the text that is kept with the submission, and
/// <see cref="Restore"/> reads it again.
/// </summary>
internal sealed class CsvHeader
{
    CsvHeader(byte delimiter, string[] columns, string?[] paths)
    {
        Delimiter = delimiter;
        Columns = columns;
        Paths = paths;
    }

    public byte Delimiter { get; }

    /// <summary>The names as the sender wrote them.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The member of each column, or null for a column that is passed over.</summary>
    public IReadOnlyList<string?> Paths { get; }

    /// <exception cref="FileRefused">A column is unknown, doubled or not readable.</exception>
    public static CsvHeader Read(ReadOnlySpan<byte> record, IReadOnlyCollection<string> known, int line = 1) =>
        Read(record, MostFrequentDelimiter(record), known, line);

    /// <summary>The header that <see cref="ToString"/> wrote.</summary>
    public static CsvHeader Restore(string kept, IReadOnlyCollection<string> known)
    {
        var bytes = Encoding.UTF8.GetBytes(kept);
        return Read(bytes.AsSpan(1), bytes[0], known, line: 1);
    }

    /// <inheritdoc />
    public override string ToString()
    {
        var delimiter = (char)Delimiter;
        return delimiter + string.Join(delimiter, Columns.Select(CsvText.Quote));
    }

    static CsvHeader Read(ReadOnlySpan<byte> record, byte delimiter, IReadOnlyCollection<string> known, int line)
    {
        var members = known.ToDictionary(path => path, StringComparer.OrdinalIgnoreCase);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var columns = Names(record, delimiter, line);
        var paths = new string?[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            var name = columns[i].Trim();
            // The names are kept with the submission, and PostgreSQL keeps no such text.
            if (name.Contains('\0'))
            {
                throw Refused("file.unknown-column", $"The name {Shown(name)} holds a NUL character.", line);
            }

            if (IsPassedOver(name))
            {
                continue;
            }

            if (!members.TryGetValue(name, out paths[i]))
            {
                throw Unknown(columns, i, line);
            }

            if (!taken.Add(paths[i]!))
            {
                throw Refused("file.duplicate-column", $"The column {paths[i]} stands twice in the header.", line);
            }
        }

        return new CsvHeader(delimiter, columns, paths);
    }

    static string[] Names(ReadOnlySpan<byte> record, byte delimiter, int line)
    {
        var names = new List<string>();
        for (var at = 0; ; at++)
        {
            var cell = CsvCell.Next(record[at..], delimiter);
            names.Add(CsvCell.Read(record.Slice(at, cell.Length)));
            at += cell.Length;
            if (cell.FaultAt(at, record.Length) is { } fault)
            {
                throw Refused(fault.Code, "The header cannot be read. " + fault.Message, line);
            }

            if (cell.End == CellEnd.Text)
            {
                return [.. names];
            }
        }
    }

    static byte MostFrequentDelimiter(ReadOnlySpan<byte> record)
    {
        int commas = 0,
            semicolons = 0,
            tabs = 0;
        var open = false;
        foreach (var next in record)
        {
            open ^= next == '"';
            if (!open)
            {
                commas += next == ',' ? 1 : 0;
                semicolons += next == ';' ? 1 : 0;
                tabs += next == '\t' ? 1 : 0;
            }
        }

        return commas >= Math.Max(semicolons, tabs) ? (byte)','
            : semicolons >= tabs ? (byte)';'
            : (byte)'\t';
    }

    // The names are kept with the submission, and PostgreSQL keeps no text with a zero character.
    static bool IsPassedOver(string name) =>
        !name.Contains('\0')
        && (
            name.StartsWith("x-", StringComparison.OrdinalIgnoreCase)
            || name.Equals("rowNumber", StringComparison.OrdinalIgnoreCase)
            || name.Equals("findings", StringComparison.OrdinalIgnoreCase)
        );

    static FileRefused Unknown(string[] columns, int index, int line)
    {
        var name = columns[index].Trim();
        var message =
            name.Length == 0
                ? $"Column {(index + 1).ToString(CultureInfo.InvariantCulture)} has no name."
                : $"No member is called {Shown(name)}. A column of your own must start with x-.";
        return Refused(
            "file.unknown-column",
            columns.Length == 1 ? message + " Columns are parted by a comma, a semicolon or a tab." : message,
            line
        );
    }

    static string Shown(string name)
    {
        var shown = string.Concat(name.Where(c => !char.IsControl(c)).Take(60));
        return shown.Length == name.Length ? shown : shown + "…";
    }

    static FileRefused Refused(string code, string message, int line) =>
        new(code, StatusCodes.Status422UnprocessableEntity, message, line);
}
