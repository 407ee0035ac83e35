using System.Globalization;
using System.Text;

namespace TradeApi.Submissions.Reading;

/// <summary>Tells UTF-8 from the encodings that spreadsheets also save, so that no name is ever stored mangled.</summary>
internal static class TextEncoding
{
    /// <summary>The length of the UTF-8 mark at the start of the file.</summary>
    public static int ByteOrderMark(ReadOnlySpan<byte> start)
    {
        var other = start switch
        {
            [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => "UTF-32",
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => "UTF-16",
            [not 0, 0, 0, 0, ..] or [0, 0, 0, not 0, ..] => "UTF-32",
            [not 0, 0, ..] or [0, not 0, ..] => "UTF-16",
            _ => null,
        };
        if (other is not null)
        {
            throw Refused($"The file is {other}. Save it as UTF-8 and send it again.", 1);
        }

        return start is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
    }

    /// <summary>The refusal of a file with a row that is no UTF-8, with the line of the first wrong byte.</summary>
    public static FileRefused NotUtf8(ReadOnlySpan<byte> row, int line)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(row[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        line += row[..at].Count((byte)'\n');
        // Windows-1252 leaves five bytes unused; no other clue tells it from a damaged file.
        var guess = row[at] is 0x81 or 0x8D or 0x8F or 0x90 or 0x9D ? "not UTF-8" : "not UTF-8, probably Windows-1252";
        return Refused(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The text of line {line} is {guess}. Save the file as UTF-8 and send it again."
            ),
            line
        );
    }

    static FileRefused Refused(string message, int line) =>
        new("file.encoding", StatusCodes.Status422UnprocessableEntity, message, line);
}
