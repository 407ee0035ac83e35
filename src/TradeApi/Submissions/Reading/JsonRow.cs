using System.Text.Json;
using System.Text.Unicode;
using TradeApi.Rules;
using TradeApi.Rules.Values;

namespace TradeApi.Submissions.Reading;

/// <summary>
/// Decodes one JSON object: a row of a file, or the body of a single notice. Nested objects become paths with dots.
/// A dot inside a member's name is written <c>%2E</c>, and a percent sign <c>%25</c>, so that such a name stays unknown and
/// can never stand for a nested member.
/// </summary>
internal static class JsonRow
{
    /// <summary>Objects and arrays inside each other, the row itself among them.</summary>
    public const int MaxDepth = 8;

    public static readonly Fault NotAnObject = Unreadable("A notice must be a JSON object.");
    static readonly Fault NotUtf8 = Unreadable("The text is not UTF-8.");

    /// <summary>Fills <paramref name="members"/>, or says why the text cannot be read.</summary>
    public static Fault? Read(ReadOnlySpan<byte> json, List<Member> members)
    {
        members.Clear();
        var fault = Decode(json, members);
        if (fault is not null)
        {
            members.Clear();
        }

        return fault;
    }

    internal static Fault Unreadable(string message) => new("row.unreadable", message);

    static Fault? Decode(ReadOnlySpan<byte> json, List<Member> members)
    {
        if (!Utf8.IsValid(json))
        {
            return NotUtf8;
        }

        if (json is [0xEF, 0xBB, 0xBF, .. var unmarked])
        {
            json = unmarked;
        }

        // One level more than is allowed, so that our own check names the depth.
        scoped var reader =
            new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return NotAnObject;
            }

            var decoder = new JsonMembers(stackalloc char[JsonMembers.LongestPath], members);
            var fault = decoder.Object(ref reader, 0, out _);
            if (fault is null)
            {
                // Throws when anything but white space follows.
                reader.Read();
            }

            return fault;
        }
        catch (JsonException broken)
        {
            return BrokenAt(broken.LineNumber ?? 0, broken.BytePositionInLine ?? 0);
        }
        catch (InvalidOperationException)
        {
            // The reader's answer to half of a surrogate pair.
            return Unreadable("A text holds half of a character: a \\u escape of a surrogate without its other half.");
        }
    }

    static Fault BrokenAt(long line, long position)
    {
        var where =
            line == 0
                ? FormattableString.Invariant($"byte {position + 1}")
                : FormattableString.Invariant($"line {line + 1}, byte {position + 1}");
        return Unreadable($"The text is not valid JSON: reading stopped at {where}.");
    }
}
