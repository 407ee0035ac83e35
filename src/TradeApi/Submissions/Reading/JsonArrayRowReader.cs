using System.Text.Json;

namespace TradeApi.Submissions.Reading;

/// <summary>The elements of one JSON array. Every element is read to its end, so that a lost quote joins no rows.</summary>
internal sealed class JsonArrayRowReader(ReadLimits? limits = null) : RowReader(limits)
{
    enum Place
    {
        BeforeArray,
        BeforeFirst,
        BeforeElement,
        AfterElement,
        AfterArray,
    }

    Place place = Place.BeforeArray;

    protected override int Cut(ReadOnlyMemory<byte> window, bool end)
    {
        var at = 0;
        while (SkipSpace(window.Span, ref at))
        {
            var next = window.Span[at];
            switch (place)
            {
                case Place.BeforeArray when next == '[':
                    place = Place.BeforeFirst;
                    at++;
                    break;
                case Place.BeforeFirst or Place.AfterElement when next == ']':
                    place = Place.AfterArray;
                    at++;
                    break;
                case Place.AfterElement when next == ',':
                    place = Place.BeforeElement;
                    at++;
                    break;
                case Place.BeforeFirst or Place.BeforeElement:
                    var length = ElementLength(window.Span[at..], end);
                    if (length == 0)
                    {
                        return at;
                    }

                    var element = window.Slice(at, length);
                    Add(element, Line, next == '{' ? null : JsonRow.NotAnObject);
                    place = Place.AfterElement;
                    Line += element.Span.Count((byte)'\n');
                    at += length;
                    break;
                case Place.BeforeArray:
                    throw Unreadable("The file must be one JSON array", Line);
                case Place.AfterElement:
                    throw Unreadable("A comma or the end of the array must follow", Line);
                default:
                    throw Unreadable("Nothing may follow the end of the array", Line);
            }
        }

        if (end && place is not (Place.BeforeArray or Place.AfterArray))
        {
            throw Unreadable("The array does not end: was the file cut off?", Line);
        }

        return at;
    }

    /// <summary>0 when the element does not end in the window.</summary>
    int ElementLength(ReadOnlySpan<byte> rest, bool end)
    {
        // A number ends only where the byte after it is seen.
        var text = rest[..Math.Min(rest.Length, Limits.RowBytes + 1)];
        var whole = end && text.Length == rest.Length;
        // Deep nesting is a fault of the row, found when the row is decoded.
        var options = new JsonReaderOptions { MaxDepth = Limits.RowBytes + 1 };
        var reader = new Utf8JsonReader(text, whole, new JsonReaderState(options));
        try
        {
            if (reader.Read() && reader.TrySkip())
            {
                var length = checked((int)reader.BytesConsumed);
                return length <= Limits.RowBytes ? length : throw TooLong(Line);
            }
        }
        catch (JsonException broken)
        {
            throw Unreadable("The JSON is broken", Line + (int)(broken.LineNumber ?? 0));
        }

        return text.Length > Limits.RowBytes ? throw TooLong(Line) : 0;
    }

    bool SkipSpace(ReadOnlySpan<byte> text, ref int at)
    {
        var length = text[at..].IndexOfAnyExcept(" \t\r\n"u8);
        var space = text.Slice(at, length < 0 ? text.Length - at : length);
        Line += space.Count((byte)'\n');
        at += space.Length;
        return length >= 0;
    }

    FileRefused Unreadable(string what, int line)
    {
        var row = place is Place.BeforeFirst or Place.BeforeElement ? RowNumber + 1 : RowNumber;
        return new FileRefused(
            "row.unreadable",
            StatusCodes.Status400BadRequest,
            Text($"The array cannot be read at row {row}, line {line}. {what}."),
            line
        );
    }
}
