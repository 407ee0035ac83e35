using TradeApi.Rules.Values;
using TradeApi.Submissions.Reading;

namespace TradeApi.Submissions;

/// <summary>
/// Some hundred rows of a file as they are stored and decided together: each row's text as it was sent, with its line
/// and what the reader already found wrong with it.
/// </summary>
sealed class RowChunk : IDisposable
{
    /// <summary>The most rows of a chunk: so many are decided in one transaction, short enough that a single notice hardly waits.</summary>
    const int MostRows = 500;
    const int MostBytes = 1024 * 1024;

    readonly MemoryStream content = new();
    readonly BinaryWriter writer;

    public RowChunk(int firstRow)
    {
        FirstRow = firstRow;
        writer = new BinaryWriter(content);
    }

    public int FirstRow { get; private set; }

    public int RowCount { get; private set; }

    public bool IsFull => RowCount >= MostRows || content.Length >= MostBytes;

    public byte[] Content => content.ToArray();

    public void Add(Row row)
    {
        writer.Write7BitEncodedInt(row.Line);
        writer.Write(row.Fault?.Code ?? "");
        if (row.Fault is { } fault)
            writer.Write(fault.Message);
        writer.Write7BitEncodedInt(row.Bytes.Length);
        writer.Write(row.Bytes.Span);
        RowCount++;
    }

    /// <summary>Begins the next chunk in the same memory.</summary>
    public void Clear()
    {
        FirstRow += RowCount;
        RowCount = 0;
        content.SetLength(0);
    }

    public void Dispose() => writer.Dispose();

    public static List<Row> Read(byte[] content, int firstRow)
    {
        using var reader = new BinaryReader(new MemoryStream(content));
        var rows = new List<Row>();
        while (reader.BaseStream.Position < content.Length)
        {
            var line = reader.Read7BitEncodedInt();
            var code = reader.ReadString();
            var fault = code.Length == 0 ? null : new Fault(code, reader.ReadString());
            var length = reader.Read7BitEncodedInt();
            var start = (int)reader.BaseStream.Position;
            rows.Add(new Row(firstRow + rows.Count, line, content.AsMemory(start, length), fault));
            reader.BaseStream.Position += length;
        }
        return rows;
    }
}
