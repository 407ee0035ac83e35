using System.IO.Compression;
using System.Net;

namespace TradeApi.Client.Transport;

/// <summary>A file as a request body: read while it is sent, so that memory stays flat however long it is.</summary>
sealed class FileContent : HttpContent
{
    const int BlockSize = 64 * 1024;

    readonly Stream source;
    readonly bool gzip;
    readonly long start;
    bool begun;

    public FileContent(Stream source, bool gzip)
    {
        this.source = source;
        this.gzip = gzip;
        start = source.CanSeek ? source.Position : 0;
        if (gzip)
            Headers.ContentEncoding.Add("gzip");
    }

    /// <summary>What went wrong when the caller's stream was read.</summary>
    public Exception? SourceFailure { get; private set; }

    /// <summary>Back to the start for another attempt; false when that cannot be.</summary>
    public bool Rewind()
    {
        if (!begun)
            return true;
        if (!source.CanSeek)
            return false;
        source.Position = start;
        begun = false;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        begun = true;
        if (!gzip)
        {
            await Copy(stream, cancellationToken).ConfigureAwait(false);
            return;
        }
        var zip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        await using (zip.ConfigureAwait(false))
            await Copy(zip, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = source.CanSeek && !gzip ? source.Length - start : 0;
        return source.CanSeek && !gzip;
    }

    async Task Copy(Stream target, CancellationToken cancel)
    {
        var block = new byte[BlockSize];
        while (true)
        {
            int read;
            try
            {
                read = await source.ReadAsync(block, cancel).ConfigureAwait(false);
            }
            catch (Exception broken) when (broken is not OperationCanceledException)
            {
                SourceFailure = broken;
                throw;
            }
            if (read == 0)
                return;
            await target.WriteAsync(block.AsMemory(0, read), cancel).ConfigureAwait(false);
        }
    }
}
