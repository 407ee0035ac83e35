using System.Globalization;
using TradeApi.Rules;
using TradeApi.Rules.Values;

namespace TradeApi.Http;

/// <summary>
/// The body of a call that asks something. Each member is read by its name; whatever is wrong with any of them, or stands
/// there and was not asked for, is told together.
/// </summary>
sealed class Question
{
    readonly Dictionary<string, Member> left;
    readonly List<FindingAnswer> findings = [];
    Problem? problem;

    Question(JsonBody body)
    {
        problem = body.Problem;
        left = body
            .Members.Where(member => member.Text.Length > 0 || member.Kind == MemberKind.Other)
            .ToDictionary(member => member.Path, StringComparer.Ordinal);
    }

    public static async Task<Question> Read(HttpContext http) =>
        new(await JsonBody.Read(http.Request, http.RequestAborted));

    /// <summary>A member that must be there. What it answers counts only when there is no problem.</summary>
    public T Needed<T>(string name, Func<string, Reading<T>> read)
        where T : struct => TextOf(name, needed: true) is { } text ? Take(name, read(text)) : default;

    /// <summary>A member that may be left out.</summary>
    public T? Optional<T>(string name, Func<string, Reading<T>> read)
        where T : struct => TextOf(name, needed: false) is { } text ? Take(name, read(text)) : null;

    /// <summary>A text without a form of its own, which must be there.</summary>
    public string NeededText(string name, int most) => Plain(name, most, TextOf(name, needed: true)) ?? "";

    /// <summary>A text without a form of its own, which may be left out.</summary>
    public string? OptionalText(string name, int most) => Plain(name, most, TextOf(name, needed: false));

    /// <summary>One of a list, or left out.</summary>
    public string? Choice(string name, IReadOnlyCollection<string> choices)
    {
        var text = TextOf(name, needed: false);
        if (text is not null && !choices.Contains(text))
            Found(name, new Fault("field.unknown", $"{name} is one of {string.Join(", ", choices)}."));
        return text;
    }

    /// <summary>The members <c>limit</c> and <c>cursor</c>: how many items at most, and after which position of the list.</summary>
    public (int Limit, T? After) Page<T>(Func<string, T?> position)
        where T : struct
    {
        var limit = Paging.Limit(null)!.Value;
        if (left.Remove("limit", out var asked))
        {
            if (asked.Kind == MemberKind.Number && Paging.Limit(asked.Text) is { } most)
                limit = most;
            else
                problem ??= Paging.LimitRefused;
        }
        T? after = null;
        if (left.Remove("cursor", out var cursor))
        {
            if (cursor.Kind == MemberKind.Text && Paging.TryDecode(cursor.Text, out var text))
                after = position(text);
            if (after is null)
                problem ??= Paging.CursorRefused;
        }
        return (limit, after);
    }

    /// <summary>What is wrong, once every member has been asked for; null when nothing is.</summary>
    public Problem? Problem()
    {
        foreach (var member in left.Values)
            findings.Add(
                Finding(
                    member.Pointer,
                    new Fault("field.unknown", "This call has no such member. Leave it out; nothing is ever ignored.")
                )
            );
        left.Clear();
        if (problem is null && findings.Count > 0)
            problem = Problems.BodyRefused.Because(string.Join(" ", findings.Select(finding => finding.Message))) with
            {
                Findings = findings,
            };
        return problem;
    }

    /// <summary>A finding of the asker's own, about a member that could be read.</summary>
    public void Found(string name, Fault fault) => findings.Add(Finding("/" + name, fault));

    /// <summary>An instant by RFC 3339, in UTC. Without its offset nobody knows which instant is meant.</summary>
    public static Reading<DateTimeOffset> Instant(string text)
    {
        var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        return
            hasOffset
            && DateTimeOffset.TryParseExact(
                text,
                "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var instant
            )
            ? instant.ToUniversalTime()
            : new Fault("date.format", "The instant is not written by RFC 3339, such as 2026-11-24T09:30:00Z.");
    }

    string? TextOf(string name, bool needed)
    {
        if (!left.Remove(name, out var member))
        {
            if (needed)
                Found(name, new Fault("field.missing", $"{name} is required."));
            return null;
        }
        if (member.Kind == MemberKind.Text)
            return member.Text;
        Found(name, new Fault("field.type", $"{name} is a string: write it in quotes, so that no digit is lost."));
        return null;
    }

    T Take<T>(string name, Reading<T> reading)
        where T : struct
    {
        if (reading.Fault is { } fault)
            Found(name, fault);
        return reading.Value;
    }

    string? Plain(string name, int most, string? text)
    {
        if (text is null)
            return null;
        if (text.Length > most || string.IsNullOrWhiteSpace(text))
            Found(name, new Fault("field.length", $"{name} has 1 to {most} characters, not all of them blanks."));
        else if (text.Any(char.IsControl))
            Found(
                name,
                new Fault("field.characters", $"{name} holds a control character, such as a line break. Leave it out.")
            );
        return text;
    }

    static FindingAnswer Finding(string pointer, Fault fault) =>
        new(fault.Code, "refuse", pointer, fault.Message, fault.Suggestion);
}
