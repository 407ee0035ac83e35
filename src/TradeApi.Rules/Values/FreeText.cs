using System.Buffers;
using System.Globalization;
using System.Text;

namespace TradeApi.Rules.Values;

/// <summary>What a field of names or addresses holds.</summary>
internal sealed record FreeTextRule(string Field, int Fewest, int Most)
{
    /// <summary>The marks it may hold beside letters, plain spaces and the apostrophe.</summary>
    public string Marks { get; init; } = "";

    /// <summary>What may stand in it, as the partner reads it.</summary>
    public required string Holds { get; init; }

    public bool Digits { get; init; }

    public int FewestLetters { get; init; } = 1;

    /// <summary>A person's name: trimmed, runs of spaces joined, one keeper only. Other texts stay as given.</summary>
    public bool Person { get; init; }
}

/// <summary>
/// Reads names and addresses: stored whole in Unicode's composed form (NFC) with straight apostrophes, or refused; never
/// cut. Lengths count Unicode code points of that form, as maxLength of JSON Schema does, so that an accented letter is
/// one character and contract and rule agree; a letter that has no composed form counts its marks.
/// </summary>
internal static class FreeText
{
    const string LengthCode = "field.length";
    const string CharactersCode = "field.characters";

    public static Reading<string> Read(string text, FreeTextRule rule)
    {
        if (rule.Person && IsJoint(text))
        {
            return new Fault(
                CharactersCode,
                $"{rule.Field} names more than one person, and joint keepers cannot be recorded. Name one registered keeper; a "
                    + "company's name belongs in businessName."
            );
        }

        var illegal = IndexOfIllegal(text, rule);
        if (illegal >= 0)
        {
            return new Fault(
                CharactersCode,
                $"{Characters.At(text, illegal, LowerFirst(rule.Field))}, which it may not hold there. It takes {rule.Holds}."
            );
        }

        var stored = Stored(text, rule);
        if (Length(stored) is var length && (length < rule.Fewest || length > rule.Most))
        {
            return new Fault(LengthCode, LengthMessage(rule, length));
        }

        if (!rule.Person && (stored[0] == ' ' || stored[^1] == ' '))
        {
            return new Fault(
                CharactersCode,
                $"{rule.Field} begins or ends with a space. Send it without: it is stored as given."
            );
        }

        return Letters(stored) < rule.FewestLetters
            ? new Fault(
                CharactersCode,
                rule.FewestLetters == 1
                    ? $"{rule.Field} has no letter. Send it in full."
                    : $"{rule.Field} has fewer than {rule.FewestLetters} letters. Send house and street together."
            )
            : stored;
    }

    /// <summary>The number of Unicode code points.</summary>
    public static int Length(string text)
    {
        var length = 0;
        foreach (var character in text)
        {
            length += char.IsLowSurrogate(character) ? 0 : 1;
        }

        return length;
    }

    static string LengthMessage(FreeTextRule rule, int length) =>
        length == 0 ? $"{rule.Field} is empty. Send it, or leave the field out where it is optional."
        : length < rule.Fewest
            ? $"{rule.Field} has {length} character{(length == 1 ? "" : "s")}; it needs at least {rule.Fewest}. Send it in full."
        : $"{rule.Field} has {length} characters; the register holds {rule.Most} at most, and we never cut a text. Send a "
            + "shorter form that is still right.";

    static int IndexOfIllegal(string text, FreeTextRule rule)
    {
        var afterLetter = false;
        for (var i = 0; i < text.Length; )
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var used) != OperationStatus.Done)
            {
                return i;
            }

            var isMark =
                Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            var isLetter = Rune.IsLetter(rune) && !IsApostrophe(text[i]);
            if (
                !(isMark && afterLetter)
                && !isLetter
                && !IsApostrophe(text[i])
                && !(rule.Person ? Characters.IsSpace(text[i]) : text[i] == ' ')
                && !(rule.Digits && char.IsAsciiDigit(text[i]))
                && !rule.Marks.Contains(text[i])
            )
            {
                return i;
            }

            afterLetter = isLetter || (isMark && afterLetter);
            i += used;
        }

        return -1;
    }

    static string Stored(string text, FreeTextRule rule)
    {
        if (Ascii.IsValid(text) && !(rule.Person && HasLooseSpaces(text)))
        {
            return text;
        }

        var composed = Ascii.IsValid(text) ? text : text.Normalize(NormalizationForm.FormC);
        var stored = new StringBuilder(composed.Length);
        foreach (var character in composed)
        {
            if (rule.Person && Characters.IsSpace(character))
            {
                if (stored.Length > 0 && stored[^1] != ' ')
                {
                    stored.Append(' ');
                }
            }
            else
            {
                stored.Append(IsApostrophe(character) ? '\'' : character);
            }
        }

        if (rule.Person && stored.Length > 0 && stored[^1] == ' ')
        {
            stored.Length--;
        }

        return stored.ToString();
    }

    static bool HasLooseSpaces(string text) =>
        text.StartsWith(' ') || text.EndsWith(' ') || text.Contains("  ", StringComparison.Ordinal);

    /// <summary>Straight, and the three that keyboards and word processors put in its place.</summary>
    static bool IsApostrophe(char character) => character is '\'' or '\u2018' or '\u2019' or '\u02bc';

    /// <summary>"Mr I &amp; Mrs J", "Mr and Mrs"; a surname that is And alone is a surname.</summary>
    static bool IsJoint(string text)
    {
        if (text.AsSpan().ContainsAny('&', '+'))
        {
            return true;
        }

        if (!text.Contains("and", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 1; i < words.Length - 1; i++)
        {
            if (words[i].Equals("and", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    static int Letters(string text)
    {
        var letters = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            letters += Rune.IsLetter(rune) ? 1 : 0;
        }

        return letters;
    }

    static string LowerFirst(string field) => char.ToLowerInvariant(field[0]) + field[1..];
}
