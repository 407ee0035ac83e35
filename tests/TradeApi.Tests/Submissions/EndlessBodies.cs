using TradeApi.Submissions;
using TradeApi.Submissions.Reading;

namespace TradeApi.Tests.Submissions;

/// <summary>A body is read to its end for its digest, and nobody may send for ever.</summary>
public class EndlessBodies
{
    [Theory]
    [InlineData(999)]
    [InlineData(1000)]
    public async Task A_body_that_is_no_longer_than_a_file_may_be_has_a_digest(int length)
    {
        await using var body = new HashingStream(new MemoryStream(new byte[length]), mostBytes: 1000);

        var digest = await body.Finish(TestContext.Current.CancellationToken);

        Assert.Equal(System.Security.Cryptography.SHA256.HashData(new byte[length]), digest);
    }

    [Fact]
    public async Task A_longer_one_is_refused_when_it_gets_too_long_and_not_at_its_end()
    {
        await using var body = new HashingStream(new Endless(), mostBytes: 1_000_000);

        var refused = await Assert.ThrowsAsync<FileRefused>(() => body.Finish(TestContext.Current.CancellationToken));

        Assert.Equal(("file.too-large", 413), (refused.Code, refused.Status));
    }

    sealed class Endless : Stream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(buffer.Length);

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => buffer.Length;

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
