using System.Globalization;
using System.Text;
using TradeApi.Database;
using TradeApi.Http;
using TradeApi.Rules;
using TradeApi.Submissions.Reading;

namespace TradeApi.Submissions;

/// <summary>Writes results and corrections as streams: however long, they pass through row by row.</summary>
static class ResultFiles
{
    static readonly string[] ResultColumns =
    [
        "rowNumber",
        "clientReference",
        "outcome",
        "keeperChangeId",
        "receiptReference",
        "findings",
    ];

    // A row that cannot be read has its text as it was sent.
    const string UnreadableRow = "x-row";
    const int MostUnknownColumns = 50;

    public static async Task WriteCsv(Stream output, IAsyncEnumerable<RowResult> results, CancellationToken cancel)
    {
        await using var writer = Writer(output);
        await WriteRow(writer, ResultColumns);
        await foreach (var result in results.WithCancellation(cancel))
            await WriteRow(
                writer,
                [
                    result.RowNumber.ToString(CultureInfo.InvariantCulture),
                    result.ClientReference ?? "",
                    result.Outcome,
                    result.KeeperChangeId ?? "",
                    result.ReceiptReference ?? "",
                    FindingCell(result.Findings),
                ]
            );
    }

    /// <summary>
    /// The refused rows in the input's own columns with their findings, ready to mend and send again. Of a JSON file
    /// the columns are the members that its refused rows have; what no notice has stands in columns that start with
    /// <c>x-</c>, which are passed over when the file comes back. Of those there are no more than
    /// <see cref="MostUnknownColumns"/>: each row has a cell for each column.
    /// </summary>
    public static async Task WriteCorrections(
        Stream output,
        Store store,
        string environment,
        Submission submission,
        CancellationToken cancel
    )
    {
        var rows = new RefusedRows(store, environment, submission);
        var header = RowMembers.HeaderOf(submission);
        var columns = header?.Columns ?? await JsonColumns(rows, cancel);
        // A file of corrections that comes back has these two already.
        var own = Enumerable.Range(0, columns.Count).Where(i => !IsOurs(columns[i].Trim())).ToList();

        await using var writer = Writer(output);
        await WriteRow(writer, ["rowNumber", .. own.Select(i => columns[i]), "findings"]);
        await foreach (var row in rows.Read(cancel))
        {
            var texts = header is null ? JsonCells(row, columns) : CsvCells(row, header, own);
            await WriteRow(
                writer,
                [
                    row.Result.RowNumber.ToString(CultureInfo.InvariantCulture),
                    .. own.Select(i => texts[i]),
                    FindingCell(row.Result.Findings),
                ]
            );
        }
    }

    static bool IsOurs(string column) =>
        column.Equals("rowNumber", StringComparison.OrdinalIgnoreCase)
        || column.Equals("findings", StringComparison.OrdinalIgnoreCase);

    static async Task<List<string>> JsonColumns(RefusedRows rows, CancellationToken cancel)
    {
        var (known, unknown) = (
            new HashSet<string>(StringComparer.Ordinal),
            new HashSet<string>(StringComparer.Ordinal)
        );
        var hasUnreadable = false;
        await foreach (var row in rows.Read(cancel))
        foreach (var name in JsonCells(row).Keys)
            if (RowMembers.Known.Contains(name))
                known.Add(name);
            else if (name == UnreadableRow)
                hasUnreadable = true;
            else if (unknown.Count < MostUnknownColumns)
                unknown.Add(name);
        return
        [
            .. EventTypes.Members.Select(member => member.Path).Where(known.Contains),
            .. unknown.Order(StringComparer.Ordinal),
            .. hasUnreadable ? (string[])[UnreadableRow] : [],
        ];
    }

    static Dictionary<string, string> JsonCells(RefusedRow row)
    {
        var members = new List<Member>();
        if (RowMembers.Read(row.Text.Span, null, members) is not null)
            return new(StringComparer.Ordinal) { [UnreadableRow] = Encoding.UTF8.GetString(row.Text.Span) };
        var cells = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in members)
            cells[RowMembers.Known.Contains(member.Path) ? member.Path : "x-" + member.Path] = member.Text;
        return cells;
    }

    static string[] JsonCells(RefusedRow row, IReadOnlyList<string> columns)
    {
        var cells = JsonCells(row);
        return [.. columns.Select(name => cells.GetValueOrDefault(name) ?? "")];
    }

    static string[] CsvCells(RefusedRow row, CsvHeader header, List<int> own)
    {
        if (CsvRow.Read(row.Text.Span, header, []) is null)
            return CsvRow.Texts(row.Text.Span, header);
        // A row that cannot be cut into cells goes back whole, where a person sees it first.
        var texts = new string[header.Columns.Count];
        Array.Fill(texts, "");
        texts[own.Count > 0 ? own[0] : 0] = Encoding.UTF8.GetString(row.Text.Span);
        return texts;
    }

    static string FindingCell(IReadOnlyList<FindingAnswer> findings) =>
        string.Join(
            " | ",
            findings.Select(finding =>
                $"{finding.Code}{(finding.Pointer is { } at ? " " + at : "")}: {finding.Message}"
            )
        );

    static StreamWriter Writer(Stream output) =>
        new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 32 * 1024, leaveOpen: true);

    static async Task WriteRow(StreamWriter writer, IEnumerable<string> cells)
    {
        await writer.WriteAsync(string.Join(',', cells.Select(CsvText.Escape)));
        await writer.WriteAsync("\r\n");
    }
}

/// <summary>A refused row with its text as it was sent.</summary>
sealed record RefusedRow(RowResult Result, ReadOnlyMemory<byte> Text);

/// <summary>
/// The refused rows of a submission with their texts, in row order, as far as it was decided when it was looked at: whoever reads
/// them twice finds the same ones, though the file goes on.
/// </summary>
sealed class RefusedRows(Store store, string environment, Submission submission)
{
    public async IAsyncEnumerable<RefusedRow> Read(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        List<Row> chunk = [];
        await foreach (var result in ResultStore.Stream(store, environment, submission, "refused", cancel))
        {
            if (result.RowNumber >= submission.NextRow)
                yield break;
            if (chunk.Count == 0 || result.RowNumber > chunk[^1].Number)
            {
                var found = await SubmissionStore.Chunk(store, submission, result.RowNumber, cancel);
                chunk = found is { } some ? RowChunk.Read(some.Content, some.FirstRow) : [];
            }
            if (chunk.Count > 0)
                yield return new RefusedRow(result, chunk[result.RowNumber - chunk[0].Number].Bytes);
        }
    }
}
