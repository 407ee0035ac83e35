using System.Buffers;

namespace TradeApi.Rules.Values;

/// <summary>
/// The 11-digit number of a V5C registration certificate. It names the document, not the vehicle, and changes with every
/// reissue; spaces are ignored, and zeros are never added. Source: the rulebook; DVLA web validators.
/// </summary>
public readonly record struct DocumentReferenceNumber
{
    const string Code = "document-reference.format";
    const int Length = 11;

    static readonly SearchValues<char> Significand = SearchValues.Create("0123456789.,");
    static readonly SearchValues<char> Exponent = SearchValues.Create("0123456789+-");

    DocumentReferenceNumber(string text) => Text = text;

    public string Text { get; }

    public static Reading<DocumentReferenceNumber> Read(string text)
    {
        Span<char> digits = stackalloc char[Length];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (char.IsAsciiDigit(character))
            {
                if (count < Length)
                {
                    digits[count] = character;
                }

                count++;
            }
            else if (!Characters.IsSpace(character))
            {
                return new Fault(
                    Code,
                    IsScientific(text)
                        ? "A spreadsheet has rewritten the document reference number in scientific notation and lost digits. Set "
                            + "the column to text and type the 11 digits again from the V5C."
                        : $"{Characters.At(text, i, "the document reference number")}. It has 11 digits and nothing else: type "
                            + "it again as it is printed on the V5C."
                );
            }
        }

        return count == Length
            ? new DocumentReferenceNumber(Characters.Reuse(text, digits))
            : new Fault(Code, Message(count));
    }

    public override string ToString() => Text;

    static string Message(int count) =>
        count switch
        {
            0 => "The document reference number is empty. Send the 11 digits that are printed on the V5C.",
            10 =>
                "The document reference number has 10 digits, not 11: a spreadsheet or a number field has probably dropped "
                    + "a zero at the front. Send it as text with all 11 digits of the V5C; we add none.",
            12 =>
                "The document reference number has 12 digits: that is the number of the new keeper slip (V5C/2). Send the "
                    + "11-digit number of the V5C itself.",
            16 => "The document reference number has 16 digits: that is the number of the tax reminder (V11). Send the "
                + "11-digit number of the V5C.",
            _ =>
                $"The document reference number has {count} digit{(count == 1 ? "" : "s")}, not 11. Check it against the V5C "
                    + "and send all of it.",
        };

    /// <summary>1.23457E+10, also with a decimal comma.</summary>
    static bool IsScientific(ReadOnlySpan<char> text)
    {
        text = text.Trim(' ');
        var exponent = text.IndexOfAny('E', 'e');
        return exponent > 0
            && !text[..exponent].ContainsAnyExcept(Significand)
            && exponent + 1 < text.Length
            && !text[(exponent + 1)..].ContainsAnyExcept(Exponent);
    }
}
