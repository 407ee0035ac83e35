using System.Globalization;
using System.Text;
using System.Text.Json;
using TradeApi.Rules;
using TradeApi.Rules.Values;

namespace TradeApi.Submissions.Reading;

/// <summary>Walks one JSON object and lists its members by path.</summary>
internal readonly ref struct JsonMembers(Span<char> buffer, List<Member> members)
{
    /// <summary>No member of the contract comes near it; the bound keeps a row of nested long names small in memory.</summary>
    public const int LongestPath = 512;

    readonly Span<char> path = buffer;
    readonly KnownPaths known = KnownPaths.OfThread();

    /// <summary>
    /// Reads from the opening brace to the closing one. The first <paramref name="prefix"/> characters of the path are
    /// those of the object.
    /// </summary>
    public Fault? Object(ref Utf8JsonReader reader, int prefix, out bool empty)
    {
        empty = true;
        var depth = reader.CurrentDepth;
        if (depth >= JsonRow.MaxDepth)
        {
            return TooDeep();
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            empty = false;
            var start = prefix;
            if (depth > 0)
            {
                if (start == path.Length)
                {
                    return NameTooLong();
                }

                path[start++] = '.';
            }

            if (!TryName(ref reader, start, out var end))
            {
                return NameTooLong();
            }

            if (!known.TryTake(path[..end], out var name))
            {
                return Duplicate(name);
            }

            reader.Read();
            if (Value(ref reader, name, end) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    Fault? Value(ref Utf8JsonReader reader, string name, int end)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                members.Add(new Member(name, MemberKind.Text, reader.GetString()!));
                return null;
            case JsonTokenType.Number:
                members.Add(new Member(name, MemberKind.Number, Encoding.ASCII.GetString(reader.ValueSpan)));
                return null;
            case JsonTokenType.True:
                members.Add(new Member(name, MemberKind.Boolean, "true"));
                return null;
            case JsonTokenType.False:
                members.Add(new Member(name, MemberKind.Boolean, "false"));
                return null;
            case JsonTokenType.StartArray:
                return Array(ref reader, name, end);
            default:
                return Nested(ref reader, name, end);
        }
    }

    Fault? Nested(ref Utf8JsonReader reader, string name, int end)
    {
        var fault = Object(ref reader, end, out var empty);
        if (fault is null && empty)
        {
            members.Add(new Member(name, MemberKind.Other, ""));
        }

        return fault;
    }

    Fault? Array(ref Utf8JsonReader reader, string name, int end)
    {
        if (reader.CurrentDepth >= JsonRow.MaxDepth)
        {
            return TooDeep();
        }

        var items = new List<string>();
        var isList = true;
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (
                reader.TokenType == JsonTokenType.String
                && reader.GetString() is { Length: > 0 } item
                && !item.Contains(' ')
            )
            {
                items.Add(item);
                continue;
            }

            isList = false;
            if (Item(ref reader, index, end) is { } fault)
            {
                return fault;
            }
        }

        var text = isList ? string.Join(' ', items) : "";
        members.Add(new Member(name, isList ? MemberKind.List : MemberKind.Other, text));
        return null;
    }

    /// <summary>An item that makes no list is still searched for doubled names, but its members are no members of the notice.</summary>
    Fault? Item(ref Utf8JsonReader reader, int index, int end)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return null;
        }

        if (!path[end..].TryWrite(CultureInfo.InvariantCulture, $".{index}", out var written))
        {
            return NameTooLong();
        }

        var before = members.Count;
        var fault =
            reader.TokenType == JsonTokenType.StartObject
                ? Object(ref reader, end + written, out _)
                : Array(ref reader, "", end + written);
        members.RemoveRange(before, members.Count - before);
        return fault;
    }

    bool TryName(ref Utf8JsonReader reader, int start, out int end)
    {
        end = start;
        var room = path[start..];
        if (reader.ValueSpan.Length > room.Length)
        {
            return false;
        }

        var name = room[..reader.CopyString(room)];
        if (!name.ContainsAny('.', '%'))
        {
            end = start + name.Length;
            return true;
        }

        var escaped = name.ToString()
            .Replace("%", "%25", StringComparison.Ordinal)
            .Replace(".", "%2E", StringComparison.Ordinal);
        end = start + escaped.Length;
        return escaped.TryCopyTo(room);
    }

    static Fault Duplicate(string path)
    {
        var pointer = new Member(path, MemberKind.Other, "")
            .Pointer.Replace("%2E", ".", StringComparison.Ordinal)
            .Replace("%25", "%", StringComparison.Ordinal);
        return new Fault("row.duplicate-member", $"The member {pointer} stands twice. Send it once.");
    }

    static Fault NameTooLong() =>
        JsonRow.Unreadable($"The name of a member is longer than {Number(LongestPath)} characters.");

    static Fault TooDeep() => JsonRow.Unreadable($"The JSON is nested deeper than {Number(JsonRow.MaxDepth)} levels.");

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
