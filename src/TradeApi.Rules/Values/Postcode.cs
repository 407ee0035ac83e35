using System.Buffers;

namespace TradeApi.Rules.Values;

/// <summary>
/// A postcode of an address in the United Kingdom, with one space before the inward part: the geographic forms, forces
/// postcodes (BF1) and GIR 0AA, in any case, with spaces anywhere. Jersey, Guernsey, the Isle of Man, the overseas
/// territories and other countries have a code of their own. Source: the rulebook; DVLA web validators.
/// </summary>
public readonly record struct Postcode
{
    const string Code = "postcode.format";
    const string OutsideCode = "postcode.outside-uk";
    const int Inward = 3;

    // A BFPO number and a foreign postcode are longer than our own, and are to be recognised.
    const int LongestKnown = 10;

    static readonly SearchValues<char> Eircode = SearchValues.Create("0123456789ACDEFHKNPRTVWXY");

    Postcode(string text) => Text = text;

    public string Text { get; }

    public static Reading<Postcode> Read(string text)
    {
        Span<char> space = stackalloc char[LongestKnown];
        var count = Characters.Compact(text, space, Separators.Spaces, out var illegal);
        if (illegal >= 0)
        {
            return new Fault(
                Code,
                $"{Characters.At(text, illegal, "the postcode")}. A postcode has only the letters A to Z, digits and one "
                    + "space: type it again."
            );
        }

        var postcode = space[..Math.Min(count, LongestKnown)];
        if (count == 0)
        {
            return new Fault(Code, "The postcode is empty. Send the postcode of the keeper's address.");
        }

        if (postcode.StartsWith("BFPO"))
        {
            return new Fault(
                Code,
                "The postcode is a BFPO number. Send the postcode that belongs to it, which begins with BF1."
            );
        }

        if (count <= LongestKnown && Outside(postcode) is { } place)
        {
            return new Fault(
                OutsideCode,
                $"The postcode is one of {place}, and a registered keeper needs an address in the United Kingdom. If the "
                    + "vehicle goes there, send a permanentExport notice instead; otherwise check the postcode."
            );
        }

        if (count > LongestKnown || !IsUk(postcode))
        {
            return new Fault(
                Code,
                "The postcode is in no form that a UK postcode has: one or two letters, a district, a space, then one digit "
                    + "and two letters. Check it and send all of it.",
                // The last two letters are never I or O, so that a digit there is no misread letter.
                Characters.OneExchange(
                    postcode,
                    candidate => IsUk(candidate) && Outside(candidate) is null && !candidate[^2..].ContainsAny('I', 'O')
                )
                    is { } meant
                    ? Spaced("", meant)
                    : null
            );
        }

        return new Postcode(Spaced(text, postcode));
    }

    public override string ToString() => Text;

    static bool IsUk(ReadOnlySpan<char> postcode) =>
        postcode is "GIR0AA" || (IsInward(postcode) && IsOutward(postcode[..^Inward]));

    static bool IsInward(ReadOnlySpan<char> postcode) =>
        postcode.Length > Inward && char.IsAsciiDigit(postcode[^3]) && IsLetter(postcode[^2]) && IsLetter(postcode[^1]);

    // I and O stand neither in the inward part nor as the letter of a district.
    static bool IsLetter(char character) => char.IsAsciiLetter(character) && character is not ('I' or 'O');

    static bool IsOutward(ReadOnlySpan<char> outward)
    {
        if (!char.IsAsciiLetter(outward[0]) || outward[0] is 'Q' or 'V' or 'X')
        {
            return false;
        }

        var area = 1;
        if (outward.Length > 1 && char.IsAsciiLetter(outward[1]))
        {
            if (outward[1] is 'I' or 'Z')
            {
                return false;
            }

            area = 2;
        }

        var district = outward[area..];
        return district.Length switch
        {
            1 => char.IsAsciiDigit(district[0]),
            2 => char.IsAsciiDigit(district[0])
                && (char.IsAsciiDigit(district[1]) ? district[0] != '0' : IsLetter(district[1])),
            _ => false,
        };
    }

    /// <summary>The place a postcode belongs to when that is plainly not the United Kingdom.</summary>
    static string? Outside(ReadOnlySpan<char> postcode)
    {
        if (IsInward(postcode) && IsOutward(postcode[..^Inward]))
        {
            return postcode[..2] switch
            {
                "JE" => "Jersey",
                "GY" => "Guernsey",
                "IM" => "the Isle of Man",
                "GX" => "Gibraltar",
                _ => null,
            };
        }

        if (postcode.Length == 7 && postcode.EndsWith("1ZZ") && !postcode[..4].ContainsAnyExceptInRange('A', 'Z'))
        {
            return "an overseas territory";
        }

        return postcode.Length >= 4 && !postcode.ContainsAnyExceptInRange('0', '9') ? "another country"
            : IsEircode(postcode) ? "Ireland"
            : null;
    }

    static bool IsEircode(ReadOnlySpan<char> postcode) =>
        postcode.Length == 7
        && char.IsAsciiLetter(postcode[0])
        && char.IsAsciiDigit(postcode[1])
        && (char.IsAsciiDigit(postcode[2]) || postcode[..3] is "D6W")
        && !postcode.ContainsAnyExcept(Eircode);

    static string Spaced(string text, ReadOnlySpan<char> postcode)
    {
        Span<char> spaced = stackalloc char[postcode.Length + 1];
        postcode[..^Inward].CopyTo(spaced);
        spaced[^(Inward + 1)] = ' ';
        postcode[^Inward..].CopyTo(spaced[^Inward..]);
        return Characters.Reuse(text, spaced);
    }
}
