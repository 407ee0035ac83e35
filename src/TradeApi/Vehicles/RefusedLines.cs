using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using TradeApi.Rules;
using TradeApi.Submissions.Reading;

namespace TradeApi.Vehicles;

/// <summary>
/// Writes refused lines as they stood in the file, each with its reason, ready to be mended and imported again: the
/// columns of a CSV file and one more, the objects of an NDJSON file with one more member. What cannot be cut into cells
/// or members goes back whole, in the first cell or in <c>x-row</c>.
/// </summary>
sealed class RefusedLines(Stream output) : IAsyncDisposable
{
    public const string ReasonColumn = "reason";

    static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly StreamWriter writer = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 32 * 1024);
    readonly List<Member> members = [];
    int[]? own;

    public async Task Write(CsvHeader? header, ReadOnlyMemory<byte> row, Refusal refusal)
    {
        if (header is null)
        {
            await writer.WriteAsync(Json(row, refusal));
            await writer.WriteAsync('\n');
            return;
        }
        await WriteHeader(header);
        await WriteCells([.. Cells(header, row), refusal.ToString()]);
    }

    /// <summary>The header alone, of a CSV file that is read and has no refused line so far.</summary>
    public async Task WriteHeader(CsvHeader header)
    {
        if (own is not null)
            return;
        own = [.. Enumerable.Range(0, header.Columns.Count).Where(column => header.Paths[column] is not ReasonColumn)];
        await WriteCells(own.Select(column => header.Columns[column]).Append(ReasonColumn));
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    IEnumerable<string> Cells(CsvHeader header, ReadOnlyMemory<byte> row)
    {
        if (CsvRow.Read(row.Span, header, members) is null)
        {
            var texts = CsvRow.Texts(row.Span, header);
            return own!.Select(column => texts[column]);
        }
        return own!.Select((_, at) => at == 0 ? Encoding.UTF8.GetString(row.Span) : "");
    }

    async Task WriteCells(IEnumerable<string> cells)
    {
        await writer.WriteAsync(string.Join(',', cells.Select(CsvText.Escape)));
        await writer.WriteAsync("\r\n");
    }

    string Json(ReadOnlyMemory<byte> row, Refusal refusal)
    {
        var line =
            JsonRow.Read(row.Span, members) is null && JsonNode.Parse(row.Span) is JsonObject whole
                ? whole
                : new JsonObject { ["x-row"] = Encoding.UTF8.GetString(row.Span) };
        // An old reason goes, so that the new one stands at the end.
        line.Remove(ReasonColumn);
        line[ReasonColumn] = refusal.ToString();
        return line.ToJsonString(Relaxed);
    }
}
