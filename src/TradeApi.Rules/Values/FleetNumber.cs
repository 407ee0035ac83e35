namespace TradeApi.Rules.Values;

/// <summary>
/// The number of a fleet whose documents DVLA withholds: six digits, or five digits and a hyphen, the whole text.
/// Zeros are never added, since that could name another fleet. Source: the rulebook; DVLA web validators.
/// </summary>
public readonly record struct FleetNumber
{
    const string Code = "fleet-number.format";
    const int Length = 6;

    FleetNumber(string text) => Text = text;

    public string Text { get; }

    public static Reading<FleetNumber> Read(string text)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if ((text.Length == Length && digits < 0) || (text.Length == Length && digits == Length - 1 && text[^1] == '-'))
        {
            return new FleetNumber(text);
        }

        return new Fault(
            Code,
            text.Length == 0 ? "The fleet number is empty. Send its six digits, or its five digits and hyphen."
                : digits < 0 && text.Length == Length - 1
                    ? "The fleet number has five digits only: a spreadsheet may have dropped a zero at the front, or the hyphen at "
                        + "the end is missing. Send it as text, whole; we add nothing."
                : digits < 0
                    ? $"The fleet number has {text.Length} digit{(text.Length == 1 ? "" : "s")}. It has six, or five and a hyphen: send it whole."
                : $"{Characters.At(text, digits, "the fleet number")}. It is six digits, or five digits and a plain hyphen, "
                    + "without spaces."
        );
    }

    public override string ToString() => Text;
}
