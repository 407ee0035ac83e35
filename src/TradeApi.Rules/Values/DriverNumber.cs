namespace TradeApi.Rules.Values;

/// <summary>
/// The 16-character number of a driving licence: five characters of the surname, decade, month (50 more for women), day
/// and year of birth, initials, and three check characters. Any case is read. Source: the rulebook; the former trade services.
/// </summary>
public readonly record struct DriverNumber
{
    const string Code = "driver-number.format";
    const int Length = 16;

    DriverNumber(string text) => Text = text;

    public string Text { get; }

    public static Reading<DriverNumber> Read(string text)
    {
        Span<char> number = stackalloc char[Length];
        var count = Characters.Compact(text, number, Separators.Spaces, out var illegal);
        // The spaces of a printed licence are refused as well: only the case of its letters may differ.
        var space = illegal < 0 && count != text.Length ? IndexOfSpace(text) : illegal;
        if (space >= 0)
        {
            return new Fault(
                Code,
                $"{Characters.At(text, space, "the driver number")}. It has only letters A to Z and digits: send the 16 "
                    + "characters of field 5 of the driving licence without spaces."
            );
        }

        if (count != Length)
        {
            return new Fault(
                Code,
                count == 0 ? "The driver number is empty. Send the 16 characters of field 5 of the driving licence."
                    : count == Length + 2
                        ? "The driver number has 18 characters. Send the first 16: the two digits after them are the licence's "
                            + "issue number."
                    : $"The driver number has {count} character{(count == 1 ? "" : "s")}, not 16. Send all of field 5 of the driving licence."
            );
        }

        for (var i = 0; i < Length; i++)
        {
            if (!Fits(i, number[i]))
            {
                return NotOfTheStructure(i);
            }
        }

        var month = Two(number[6..]);
        if (month % 50 is < 1 or > 12 || month > 62)
        {
            return NotOfTheStructure(6);
        }

        return Two(number[8..]) is < 1 or > 31
            ? NotOfTheStructure(8)
            : new DriverNumber(Characters.Reuse(text, number));
    }

    public override string ToString() => Text;

    static Fault NotOfTheStructure(int index) =>
        new(
            Code,
            $"Character {index + 1} of the driver number cannot stand there: a driver number is built of surname, date of birth, "
                + "initials and check characters. Check it against field 5 of the driving licence."
        );

    static bool Fits(int index, char character) =>
        index switch
        {
            0 or 11 or 14 or 15 => char.IsAsciiLetter(character),
            >= 1 and <= 4 => true,
            >= 5 and <= 10 => char.IsAsciiDigit(character),
            12 => char.IsAsciiLetter(character) || character == '9',
            _ => character is not ('0' or '1' or 'I' or 'O' or 'Q' or 'Y' or 'Z'),
        };

    static int Two(ReadOnlySpan<char> digits) => ((digits[0] - '0') * 10) + digits[1] - '0';

    static int IndexOfSpace(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (Characters.IsSpace(text[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
