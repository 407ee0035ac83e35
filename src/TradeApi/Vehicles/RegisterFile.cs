using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Submissions.Reading;

namespace TradeApi.Vehicles;

/// <summary>
/// A register file as it streams in: CSV, or NDJSON where its first character is a brace, either of them gzipped. What
/// it is shows in its first bytes, so that a name says nothing and a pipe will do.
/// </summary>
sealed class RegisterFile : IAsyncDisposable
{
    const int BytesAtOnce = 256 * 1024;
    const int BytesToTell = 4096;

    static readonly ReadLimits Limits = new(
        Rows: int.MaxValue,
        Bytes: long.MaxValue,
        RowBytes: 1024 * 1024,
        RowsInOtherEncodings: true
    );

    readonly Stream file;
    readonly Stream content;
    readonly RowReader reader;

    RegisterFile(Stream file, Stream content, bool isJson)
    {
        this.file = file;
        this.content = content;
        // A file of refused lines has the reason as a column, and is imported as it is.
        reader = isJson
            ? new NdjsonRowReader(Limits)
            : new CsvRowReader([.. ImportedVehicle.Columns, RefusedLines.ReasonColumn], Limits);
    }

    public bool IsJson => reader is NdjsonRowReader;

    /// <summary>The header of a CSV file; it is there with the first row.</summary>
    public CsvHeader? Header => (reader as CsvRowReader)?.Header;

    /// <summary>How much of the file has been read, from 0 to 1; null for a pipe, which has no end that is known.</summary>
    public double? Share => file.CanSeek ? (double)file.Position / Math.Max(file.Length, 1) : null;

    public static async Task<RegisterFile> Open(Stream file, CancellationToken cancel)
    {
        var (content, start) = await Peek(file, cancel);
        if (start is [0x1F, 0x8B, ..])
            (content, start) = await Peek(new GZipStream(content, CompressionMode.Decompress), cancel);
        var text = start.AsSpan(TextEncoding.ByteOrderMark(start)).TrimStart(" \t\r\n"u8);
        return new RegisterFile(file, content, isJson: text is [(byte)'{', ..]);
    }

    public IAsyncEnumerable<IReadOnlyList<Row>> Read(CancellationToken cancel) => reader.Read(content, cancel);

    /// <summary>The members of a row, or why it cannot be read.</summary>
    public Fault? Members(Row row, List<Member> members) =>
        row.Fault ?? (IsJson ? JsonRow.Read(row.Bytes.Span, members) : CsvRow.Read(row.Bytes.Span, Header!, members));

    public ValueTask DisposeAsync() => content.DisposeAsync();

    static async Task<(Stream Content, byte[] Start)> Peek(Stream stream, CancellationToken cancel)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BytesAtOnce));
        var read = await pipe.ReadAtLeastAsync(BytesToTell, cancel);
        var start = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, BytesToTell));
        var bytes = System.Buffers.BuffersExtensions.ToArray(start);
        pipe.AdvanceTo(read.Buffer.Start);
        return (pipe.AsStream(), bytes);
    }
}
