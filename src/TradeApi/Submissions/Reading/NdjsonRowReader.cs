namespace TradeApi.Submissions.Reading;

/// <summary>One JSON text a line.</summary>
internal sealed class NdjsonRowReader(ReadLimits? limits = null) : RowReader(limits)
{
    protected override int Cut(ReadOnlyMemory<byte> window, bool end)
    {
        var at = 0;
        while (at < window.Length)
        {
            var rest = window.Span[at..];
            var length = rest.IndexOf((byte)'\n');
            var ended = length >= 0;
            if (!ended)
            {
                length = rest.Length;
            }

            // One byte more than the limit is left for the carriage return.
            if (length > Limits.RowBytes + 1)
            {
                throw TooLong(Line);
            }

            if (!ended && !end)
            {
                break;
            }

            var text = WithoutCarriageReturn(rest[..length]);
            if (text.Length > Limits.RowBytes)
            {
                throw TooLong(Line);
            }

            if (!IsBlank(text))
            {
                Add(window.Slice(at, text.Length), Line);
            }

            at += ended ? length + 1 : length;
            Line += ended ? 1 : 0;
        }

        return at;
    }
}
