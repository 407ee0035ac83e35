using TradeApi.Rules;
using TradeApi.Submissions.Reading;

namespace TradeApi.Tests.Submissions.Reading;

[CollectionDefinition(nameof(ReadingMemory), DisableParallelization = true)]
[Collection(nameof(ReadingMemory))]
public class ReadingMemory
{
    const long MiB = 1 << 20;

    [Fact]
    public async Task C081_an_endless_line_is_refused_at_the_row_limit_and_memory_stays_flat()
    {
        foreach (var reader in new RowReader[] { new NdjsonRowReader(), new CsvRowReader(Files.Columns) })
        {
            using var stream = new Repeated("xxxxxxxx"u8.ToArray(), 96 * MiB);

            var before = GC.GetTotalAllocatedBytes(precise: true);
            var refused = await Assert.ThrowsAsync<FileRefused>(() => Count(reader, stream));

            Assert.Equal(("row.too-long", 413, 1), (refused.Code, refused.Status, refused.Line));
            Assert.True(stream.Given <= 4 * 65_536, $"{stream.Given} bytes were read.");
            var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            Assert.True(allocated < 2 * MiB, $"{allocated} bytes were allocated.");
        }
    }

    [Fact]
    public async Task An_endless_quoted_cell_and_an_endless_element_are_refused_at_the_row_limit()
    {
        var quoted = new CsvRowReader(Files.Columns);
        using var cells = new Repeated("\"xxxxxxx"u8.ToArray(), 96 * MiB);
        Assert.Equal("row.too-long", (await Assert.ThrowsAsync<FileRefused>(() => Count(quoted, cells))).Code);
        Assert.True(cells.Given <= 4 * 65_536);

        using var elements = new Repeated("[[[[[[[["u8.ToArray(), 96 * MiB);
        var array = new JsonArrayRowReader();
        Assert.Equal("row.too-long", (await Assert.ThrowsAsync<FileRefused>(() => Count(array, elements))).Code);
        Assert.True(elements.Given <= 4 * 65_536);
    }

    [Fact]
    public async Task Two_hundred_thousand_rows_are_cut_in_flat_memory()
    {
        var row = Files.Utf8(
            """{"type":"acquisitionFromTrade","registrationNumber":"AB12CDE","newKeeper":{"lastName":"Jones"}}""" + "\n"
        );
        using var stream = new Repeated(row, 200_000L * row.Length);
        var members = new List<Member>();

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var rows = await Count(new NdjsonRowReader(), stream);
        var cut = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.Equal(200_000, rows);
        Assert.True(cut < 4 * MiB, $"Cutting allocated {cut} bytes.");

        JsonRow.Read(row, members);
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Null(JsonRow.Read(row, members));
        }

        var decoded = (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000;
        Assert.True(decoded < 256, $"Decoding allocated {decoded} bytes a row, more than the texts need.");
    }

    static async Task<int> Count(RowReader reader, Stream stream)
    {
        var rows = 0;
        await foreach (var batch in reader.Read(stream, TestContext.Current.CancellationToken))
        {
            rows += batch.Count;
        }

        return rows;
    }

    /// <summary>A stream that gives the same bytes again and again.</summary>
    sealed class Repeated(byte[] bytes, long length) : Stream
    {
        public long Given { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, length - Given);
            for (var at = 0; at < count; )
            {
                var from = bytes.AsSpan((int)(Given % bytes.Length));
                from = from[..Math.Min(from.Length, count - at)];
                from.CopyTo(buffer[at..]);
                at += from.Length;
                Given += from.Length;
            }

            return count;
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
