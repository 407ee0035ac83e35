using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using TradeApi.Rules.Values;

namespace TradeApi.Submissions.Reading;

/// <summary>
/// Cuts a file into rows while it streams in. A reader reads one file. It holds one buffer of four rows' limit, so
/// neither an endless line nor a million rows need more.
/// </summary>
internal abstract class RowReader(ReadLimits? limits)
{
    readonly List<Row> batch = [];

    protected ReadLimits Limits { get; } = limits ?? new ReadLimits();

    /// <summary>The physical line that the reader stands in.</summary>
    protected int Line { get; set; } = 1;

    protected int RowNumber { get; private set; }

    /// <summary>Batches of rows in file order; a batch is valid until the next one is asked for.</summary>
    /// <exception cref="FileRefused">The file as a whole is refused.</exception>
    public async IAsyncEnumerable<IReadOnlyList<Row>> Read(
        Stream file,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var size = 4 * Limits.RowBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var kept = 0;
            var total = 0L;
            for (var end = false; !end; )
            {
                // The buffer is filled before it is cut, so that the rows do not depend on how the bytes arrive.
                var free = buffer.AsMemory(kept, size - kept);
                var read = await file.ReadAtLeastAsync(free, free.Length, throwOnEndOfStream: false, cancellation);
                end = read < free.Length;
                ReadOnlyMemory<byte> window = buffer.AsMemory(0, kept + read);
                if (total == 0)
                {
                    window = window[TextEncoding.ByteOrderMark(window.Span)..];
                }

                total += read;
                if (total > Limits.Bytes)
                {
                    throw new FileRefused(
                        "file.too-large",
                        StatusCodes.Status413PayloadTooLarge,
                        Text($"A file may hold {Limits.Bytes:N0} bytes, measured unpacked. Send it in parts.")
                    );
                }

                batch.Clear();
                var used = Cut(window, end);
                if (batch.Count > 0)
                {
                    yield return batch;
                }

                kept = window.Length - used;
                window[used..].CopyTo(buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (RowNumber == 0)
        {
            throw new FileRefused(
                "file.empty",
                StatusCodes.Status422UnprocessableEntity,
                "The file holds no rows. An empty file often means that the export which made it failed."
            );
        }
    }

    /// <summary>
    /// Adds every row that lies whole in the window and says how many bytes it is done with. It may leave no more than
    /// one row, its line end and a few bytes behind.
    /// </summary>
    protected abstract int Cut(ReadOnlyMemory<byte> window, bool end);

    protected void Add(ReadOnlyMemory<byte> row, int line, Fault? fault = null)
    {
        if (RowNumber == Limits.Rows)
        {
            throw new FileRefused(
                "file.too-large",
                StatusCodes.Status413PayloadTooLarge,
                Text($"A file may hold {Limits.Rows:N0} rows. Send it in parts."),
                line
            );
        }

        if (!Limits.RowsInOtherEncodings)
            EnsureUtf8(row.Span, line);
        RowNumber++;
        batch.Add(new Row(RowNumber, line, row, fault));
    }

    protected static void EnsureUtf8(ReadOnlySpan<byte> row, int line)
    {
        if (!Utf8.IsValid(row))
        {
            throw TextEncoding.NotUtf8(row, line);
        }
    }

    protected FileRefused TooLong(int line) =>
        new(
            "row.too-long",
            StatusCodes.Status413PayloadTooLarge,
            Text($"The row that starts in line {line} is longer than {Limits.RowBytes:N0} bytes."),
            line
        );

    protected static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>White space between rows is passed over, and only counts as lines.</summary>
    protected static bool IsBlank(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(" \t\r"u8) < 0;

    public static ReadOnlySpan<byte> WithoutCarriageReturn(ReadOnlySpan<byte> line) =>
        line is [.. var text, (byte)'\r'] ? text : line;
}
