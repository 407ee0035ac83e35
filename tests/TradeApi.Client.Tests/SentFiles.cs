using System.IO.Compression;
using System.Text;
using static TradeApi.Client.Tests.Samples;
using static TradeApi.Client.Tests.Script;

namespace TradeApi.Client.Tests;

/// <summary>Alone, since what others allocate meanwhile would be measured with it.</summary>
[CollectionDefinition(nameof(SentFiles), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(SentFiles))]
public sealed class SentFiles
{
    const long Large = 200L * 1024 * 1024;
    static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(FileFormat.Csv, "text/csv")]
    [InlineData(FileFormat.Ndjson, "application/x-ndjson")]
    [InlineData(FileFormat.Json, "application/json")]
    public async Task C141_A_large_file_passes_through_with_its_media_type(FileFormat format, string mediaType)
    {
        using var sink = new Sink();
        using var client = sink.Client();
        // Once before, so that only the file is measured.
        await client.SendFileAsync(new OneWay(10), format, null, Cancel);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await client.SendFileAsync(new OneWay(Large), format, null, Cancel);

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 8 * 1024 * 1024);
        Assert.Equal(Large, sink.Received);
        Assert.Equal(mediaType, sink.MediaType);
    }

    [Fact]
    public async Task A_file_says_its_name_and_that_it_is_only_tried()
    {
        var script = new Script(Answer(202, Submission("processing")));
        using var client = script.Client();

        await client.SendFileAsync(
            new MemoryStream("type\nx\n"u8.ToArray()),
            FileFormat.Csv,
            new() { FileName = "Dydd Gŵyl.csv", ValidateOnly = true },
            Cancel
        );

        var sent = Assert.Single(script.Calls);
        Assert.Equal("?mode=validate", sent.Address.Query);
        Assert.Equal("attachment; filename*=utf-8''Dydd%20G%C5%B5yl.csv", sent.Headers["Content-Disposition"]);
        Assert.Equal("type\nx\n", sent.Text);
    }

    [Fact]
    public async Task A_file_can_be_compressed_on_its_way()
    {
        var script = new Script(Answer(202, Submission("processing")));
        using var client = script.Client();

        await client.SendFileAsync(
            new MemoryStream("type\nx\n"u8.ToArray()),
            FileFormat.Csv,
            new() { Gzip = true },
            Cancel
        );

        var sent = Assert.Single(script.Calls);
        Assert.Equal("gzip", sent.Headers["Content-Encoding"]);
        using var unzipped = new StreamReader(new GZipStream(new MemoryStream(sent.Body), CompressionMode.Decompress));
        Assert.Equal("type\nx\n", await unzipped.ReadToEndAsync(Cancel));
    }

    [Fact]
    public async Task C115_A_file_that_can_be_read_again_is_sent_again_with_the_same_key_and_bytes()
    {
        var script = new Script(Broken(), Answer(503, ""), Answer(202, Submission("processing")));
        using var client = script.Client();
        var stream = new MemoryStream(Encoding.UTF8.GetBytes("skipped;type\nx\n")) { Position = 8 };

        await client.SendFileAsync(stream, FileFormat.Csv, null, Cancel);

        Assert.Equal(3, script.Calls.Count);
        Assert.All(script.Calls, call => Assert.Equal("type\nx\n", call.Text));
        Assert.Single(script.Calls.Select(call => call.Headers["Idempotency-Key"]).Distinct());
        Assert.True(stream.CanRead);
    }

    [Fact]
    public async Task A_file_that_can_be_read_once_is_sent_once()
    {
        var script = new Script(Answer(503, ""));
        using var client = script.Client();

        var failure = await Assert.ThrowsAsync<TradeApiException>(() =>
            client.SendFileAsync(new OneWay(10), FileFormat.Csv, null, Cancel)
        );

        Assert.Equal(503, failure.Status);
        Assert.Single(script.Calls);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_the_callers_error_and_is_not_repeated()
    {
        var script = new Script(Answer(202, Submission("processing")));
        using var client = script.Client();

        var failure = await Assert.ThrowsAsync<IOException>(() =>
            client.SendFileAsync(new OneWay(10) { Breaks = true }, FileFormat.Csv, null, Cancel)
        );

        Assert.IsType<IOException>(failure.InnerException);
        Assert.Empty(script.Calls);
    }

    [Fact]
    public async Task Results_that_break_off_are_not_taken_for_all()
    {
        var script = new Script(
            (_, _) =>
            {
                var response = Response(200, "");
                response.Content = new StreamContent(
                    new OneWay(200)
                    {
                        Text = """{"rowNumber":1,"outcome":"accepted","findings":[]}""" + "\n",
                        Breaks = true,
                    }
                );
                return Task.FromResult(response);
            }
        );
        using var client = script.Client();

        await Assert.ThrowsAsync<TradeApiException>(async () =>
        {
            await foreach (var _ in client.ReadResultsAsync("sub_1", cancellationToken: Cancel)) { }
        });
    }

    /// <summary>Takes files without keeping them.</summary>
    sealed class Sink : HttpMessageHandler
    {
        readonly Script script = new(Answer(202, Submission("processing")));

        public long Received { get; private set; }

        public string? MediaType { get; private set; }

        public TradeApiClient Client() =>
            new(
                new HttpClient(this) { BaseAddress = new Uri("https://api.example.com") },
                ClientCredentials.FromSecret("cli_1", "secret")
            );

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (!request.RequestUri!.AbsolutePath.EndsWith("/v1/submissions", StringComparison.Ordinal))
            {
                using var invoker = new HttpMessageInvoker(script, disposeHandler: false);
                return await invoker.SendAsync(request, cancellationToken);
            }
            using var counter = new Counter();
            await request.Content!.CopyToAsync(counter, cancellationToken);
            Received = counter.Count;
            MediaType = request.Content.Headers.ContentType?.ToString();
            return Response(202, Submission("processing"));
        }
    }

    sealed class Counter : MemoryStream
    {
        public long Count { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Count += buffer.Length;
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>A stream that can be read once, and may break at its end.</summary>
    sealed class OneWay(long length) : Stream
    {
        long left = length;

        public bool Breaks { get; init; }

        public string Text { get; init; } = "a,b,c\n";

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (left == 0 && Breaks)
                throw new IOException("the disk is gone");
            var most = (int)Math.Min(left, buffer.Length);
            for (var i = 0; i < most; i++)
                buffer[i] = (byte)Text[i % Text.Length];
            left -= most;
            return most;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
