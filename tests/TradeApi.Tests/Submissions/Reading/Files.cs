using System.Text;
using TradeApi.Rules;
using TradeApi.Submissions.Reading;

namespace TradeApi.Tests.Submissions.Reading;

/// <summary>A row as the tests look at it.</summary>
internal sealed record ReadRow(int Number, int Line, string Text, string? Code);

/// <summary>What became of a file: its rows, and the refusal when there was one.</summary>
internal sealed record ReadFile(IReadOnlyList<ReadRow> Rows, FileRefused? Refused, CsvHeader? Header)
{
    public IEnumerable<string> Texts => Rows.Select(row => row.Text);

    public string Summary =>
        string.Join('\n', Rows) + $"\n{Refused?.Code} {Refused?.Status} {Refused?.Line} {Refused?.Message}\n{Header}";

    /// <summary>The members of every row of a CSV file, as path=text.</summary>
    public IEnumerable<string> Cells()
    {
        var members = new List<Member>();
        foreach (var row in Rows)
        {
            var fault = CsvRow.Read(Encoding.UTF8.GetBytes(row.Text), Header!, members);
            Assert.Equal(row.Code, fault?.Code);
            yield return string.Join(' ', members.Select(member => $"{member.Path}={member.Text}"));
        }
    }
}

/// <summary>Reads files through streams that give one byte, seven bytes and 64 kB at a time: it must make no difference.</summary>
internal static class Files
{
    public static readonly string[] Columns =
    [
        "type",
        "clientReference",
        "registrationNumber",
        "documentReferenceNumber",
        "eventDate",
        "newKeeper.lastName",
        "newKeeper.address.line1",
        "newKeeper.address.postcode",
    ];

    public static Task<ReadFile> Ndjson(string text, ReadLimits? limits = null) => Ndjson(Utf8(text), limits);

    public static Task<ReadFile> Ndjson(byte[] bytes, ReadLimits? limits = null) =>
        Same(bytes, () => new NdjsonRowReader(limits));

    public static Task<ReadFile> JsonArray(string text, ReadLimits? limits = null) =>
        Same(Utf8(text), () => new JsonArrayRowReader(limits));

    public static Task<ReadFile> Csv(string text, ReadLimits? limits = null) => Csv(Utf8(text), limits);

    public static Task<ReadFile> Csv(byte[] bytes, ReadLimits? limits = null) =>
        Same(bytes, () => new CsvRowReader(Columns, limits));

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Bytes of Windows-1252: every character of the text is one byte.</summary>
    public static byte[] Windows1252(string text) => Encoding.Latin1.GetBytes(text);

    static async Task<ReadFile> Same(byte[] bytes, Func<RowReader> reader)
    {
        var whole = await Read(reader(), new Drip(bytes, 65_536));
        foreach (var step in new[] { 1, 7 })
        {
            var dripped = await Read(reader(), new Drip(bytes, step));
            Assert.Equal(whole.Summary, dripped.Summary);
        }

        return whole;
    }

    static async Task<ReadFile> Read(RowReader reader, Stream stream)
    {
        var rows = new List<ReadRow>();
        FileRefused? refused = null;
        try
        {
            await foreach (var batch in reader.Read(stream, TestContext.Current.CancellationToken))
            {
                rows.AddRange(
                    batch.Select(row => new ReadRow(
                        row.Number,
                        row.Line,
                        Encoding.UTF8.GetString(row.Bytes.Span),
                        row.Fault?.Code
                    ))
                );
            }
        }
        catch (FileRefused caught)
        {
            refused = caught;
        }

        return new ReadFile(rows, refused, rows.Count > 0 ? (reader as CsvRowReader)?.Header : null);
    }
}

/// <summary>A stream that gives a few bytes at a time.</summary>
internal sealed class Drip(byte[] bytes, int step) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, step)], cancellationToken);
}
