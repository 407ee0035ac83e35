using System.Buffers;
using System.Globalization;
using System.Text;

namespace TradeApi.Rules.Values;

/// <summary>What may stand between the letters and digits of a code without being part of it.</summary>
[Flags]
internal enum Separators
{
    Spaces = 0,
    Dashes = 1,
    Strokes = 2,
}

/// <summary>How the codes of this folder are scanned: capitals and digits out, separators dropped, the rest refused.</summary>
internal static class Characters
{
    /// <summary>
    /// Writes the capitals and digits of a text as far as the space allows and says how many there are; <c>illegal</c>
    /// is the index of the first character that is neither one of them nor a separator, or -1.
    /// </summary>
    public static int Compact(string text, Span<char> compact, Separators separators, out int illegal)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (char.IsAsciiLetterLower(character))
            {
                character = (char)(character - 'a' + 'A');
            }
            else if (!char.IsAsciiLetterUpper(character) && !char.IsAsciiDigit(character))
            {
                if (IsSeparator(character, separators))
                {
                    continue;
                }

                illegal = i;
                return count;
            }

            if (count < compact.Length)
            {
                compact[count] = character;
            }

            count++;
        }

        illegal = -1;
        return count;
    }

    public static bool IsSpace(char character) =>
        character == ' '
        || (character > '\x7f' && char.GetUnicodeCategory(character) == UnicodeCategory.SpaceSeparator);

    public static bool IsSeparator(char character, Separators separators) =>
        IsSpace(character)
        || (
            separators.HasFlag(Separators.Dashes)
            && char.GetUnicodeCategory(character) == UnicodeCategory.DashPunctuation
        )
        || (separators.HasFlag(Separators.Strokes) && character == '/');

    /// <summary>The text itself when it is canonical already, so that reading a register allocates nothing.</summary>
    public static string Reuse(string text, ReadOnlySpan<char> canonical) =>
        canonical.SequenceEqual(text) ? text : canonical.ToString();

    /// <summary>The place of a character as a person counts it: from 1, and a surrogate pair is one.</summary>
    public static int Position(string text, int index)
    {
        var position = 1;
        for (var i = 0; i < index; i++)
        {
            if (!char.IsLowSurrogate(text[i]))
            {
                position++;
            }
        }

        return position;
    }

    /// <summary>
    /// "Character 4 of the VIN is a symbol". It names the sort of the character and never the character: messages go to
    /// logs and screens that values must not reach.
    /// </summary>
    public static string At(string text, int index, string field) =>
        $"Character {Position(text, index)} of {field} is {Sort(text, index)}";

    /// <summary>
    /// The text that one exchange of O and 0 or of I and 1 turns into a value, when there is exactly one such exchange.
    /// </summary>
    public static string? OneExchange(ReadOnlySpan<char> compact, Func<ReadOnlySpan<char>, bool> isValue)
    {
        string? only = null;
        Span<char> candidate = stackalloc char[compact.Length];
        for (var i = 0; i < compact.Length; i++)
        {
            if ("O0I1".IndexOf(compact[i]) is var pair && pair < 0)
            {
                continue;
            }

            compact.CopyTo(candidate);
            candidate[i] = "0O1I"[pair];
            if (!isValue(candidate))
            {
                continue;
            }

            if (only is not null)
            {
                return null;
            }

            only = candidate.ToString();
        }

        return only;
    }

    static string Sort(string text, int index)
    {
        if (Rune.DecodeFromUtf16(text.AsSpan(index), out var rune, out _) != OperationStatus.Done)
        {
            return "half of a broken character";
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            _ when rune.Value is '\n' or '\r' or '\v' or '\f' or 0x85 => "a line break",
            _ when rune.Value == '\t' => "a tab",
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => "a line break",
            UnicodeCategory.Control or UnicodeCategory.Format => "an invisible character",
            UnicodeCategory.SpaceSeparator => "a space",
            UnicodeCategory.DashPunctuation => "a hyphen or dash",
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber =>
                rune.IsAscii ? "a digit" : "a digit of another script",
            _ when Rune.IsLetter(rune) => rune.IsAscii ? "a letter" : "a letter with an accent or of another script",
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark =>
                "an accent without its letter",
            _ => "a symbol",
        };
    }
}
