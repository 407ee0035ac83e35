using System.Buffers;

namespace TradeApi.Rules.Values;

/// <summary>
/// A vehicle identification number: 17 characters without I, O and Q (ISO 3779), or the shorter chassis number of a
/// vehicle first registered before 1981. The check digit is a North American rule and is not computed; spaces, hyphens
/// and strokes are dropped. Source: the rulebook; ISO 3779.
/// </summary>
public readonly record struct Vin
{
    const string Code = "vin.format";
    const int Full = 17;
    const int ShortestChassis = 3;
    const int FirstYearOfFull = 1981;

    static readonly SearchValues<char> NeverUsed = SearchValues.Create("IOQioq");

    Vin(string text) => Text = text;

    public string Text { get; }

    /// <summary>
    /// Reads the VIN of a notice. A notice does not say when the vehicle was first registered, so that a chassis number
    /// of any length is read; whether it is the vehicle's is the proof's business.
    /// </summary>
    public static Reading<Vin> Read(string text) => Read(text, mayBeShort: true);

    /// <summary>Reads the VIN of a vehicle whose first registration is known.</summary>
    public static Reading<Vin> Read(string text, DateOnly firstRegistration) =>
        Read(text, mayBeShort: firstRegistration.Year < FirstYearOfFull);

    static Reading<Vin> Read(string text, bool mayBeShort)
    {
        Span<char> space = stackalloc char[Full];
        var count = Characters.Compact(text, space, Separators.Dashes | Separators.Strokes, out var illegal);
        if (illegal >= 0)
        {
            return new Fault(
                Code,
                $"{Characters.At(text, illegal, "the VIN")}. A VIN has only the letters A to Z and digits: type it again as "
                    + "it stands on the V5C or the vehicle."
            );
        }

        if (count > Full)
        {
            return new Fault(
                Code,
                $"The VIN has {count} letters and digits, and a VIN has 17. Check it against the V5C or the vehicle."
            );
        }

        var vin = space[..count];
        if (count == Full)
        {
            return vin.ContainsAny('I', 'O', 'Q') ? LetterNeverUsed(text, vin) : new Vin(Characters.Reuse(text, vin));
        }

        if (mayBeShort && count >= ShortestChassis)
        {
            return new Vin(Characters.Reuse(text, vin));
        }

        return new Fault(
            Code,
            count == 0 ? "The VIN is empty. Send the 17 characters that stand on the V5C or the vehicle."
                : mayBeShort
                    ? "The VIN has fewer than 3 letters and digits. A VIN has 17; the chassis number of a vehicle first "
                        + "registered before 1981 has 3 to 16. Send all of it."
                : $"The VIN has {count} letters and digits. That of a vehicle first registered in 1981 or later has 17: send "
                    + "all of it."
        );
    }

    public override string ToString() => Text;

    static Fault LetterNeverUsed(string text, Span<char> vin)
    {
        var index = text.AsSpan().IndexOfAny(NeverUsed);
        var letter = char.ToUpperInvariant(text[index]);
        var digit = letter == 'I' ? '1' : '0';
        var message =
            $"Character {Characters.Position(text, index)} of the VIN is the letter {letter}, which no VIN of 17 characters "
            + $"has; it is probably the digit {digit}. Check it against the V5C or the vehicle.";
        vin[vin.IndexOfAny('I', 'O', 'Q')] = digit;
        return new Fault(Code, message, vin.ContainsAny('I', 'O', 'Q') ? null : vin.ToString());
    }
}
