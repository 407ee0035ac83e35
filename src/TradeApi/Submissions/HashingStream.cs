using System.Security.Cryptography;
using TradeApi.Submissions.Reading;

namespace TradeApi.Submissions;

/// <summary>Passes a stream on and takes its SHA-256 on the way.</summary>
/// <param name="inner">The stream.</param>
/// <param name="mostBytes">How long it may be: whoever reads it to its end for the digest alone would read for ever.</param>
sealed class HashingStream(Stream inner, long mostBytes = HashingStream.MostOfAFile) : Stream
{
    // Twice what a file may hold unpacked: nothing that is packed gets longer than that.
    const long MostOfAFile = 2 * ReadLimits.MostBytes;

    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    long length;

    /// <summary>Reads what is left and gives the digest of the whole.</summary>
    /// <exception cref="FileRefused">It is too long.</exception>
    public async Task<byte[]> Finish(CancellationToken cancel)
    {
        var block = new byte[81920];
        while (await ReadAsync(block, cancel) > 0) { }
        return hash.GetHashAndReset();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        hash.AppendData(buffer.Span[..read]);
        return (length += read) <= mostBytes
            ? read
            : throw new FileRefused(
                "file.too-large",
                StatusCodes.Status413PayloadTooLarge,
                "The body is longer than any file may be. Send it in parts."
            );
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        hash.Dispose();
        base.Dispose(disposing);
    }
}
