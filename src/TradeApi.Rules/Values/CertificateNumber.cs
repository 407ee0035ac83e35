namespace TradeApi.Rules.Values;

/// <summary>
/// The number of a certificate that gives the right to a mark (V750, V778): up to 20 letters and digits, spaces and case
/// without meaning. Whether there is such a certificate only the register can say. Source: the rulebook; the certificates'
/// four boxes make 14 to 20 characters.
/// </summary>
public readonly record struct CertificateNumber
{
    const int Most = 20;

    CertificateNumber(string text) => Text = text;

    public string Text { get; }

    public static Reading<CertificateNumber> Read(string text)
    {
        var number = string.Concat(text.Where(character => character != ' ')).ToUpperInvariant();
        if (number.Length is 0 or > Most)
            return new Fault(
                "field.length",
                $"A certificate number has 1 to {Most} letters and digits; this has {number.Length}. Type it again from the certificate."
            );
        return number.All(char.IsAsciiLetterOrDigit)
            ? new CertificateNumber(number)
            : new Fault(
                "field.characters",
                "A certificate number has letters, digits and spaces only. Type it again from the certificate."
            );
    }

    public override string ToString() => Text;
}
