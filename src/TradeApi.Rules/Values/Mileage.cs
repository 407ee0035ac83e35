using System.Globalization;

namespace TradeApi.Rules.Values;

/// <summary>
/// The reading of a vehicle's odometer: a whole number from 0 to 999999, written in digits alone. Zeros in front, as many
/// odometers show them, say nothing. Source: the rulebook; DVLA web validators.
/// </summary>
public readonly record struct Mileage
{
    const string Code = "mileage.range";
    const int MostDigits = 6;

    Mileage(int value) => Value = value;

    public int Value { get; }

    public string Text => Value.ToString(CultureInfo.InvariantCulture);

    public static Reading<Mileage> Read(string text)
    {
        if (text.Length == 0)
        {
            return new Fault(
                Code,
                "The mileage is empty. Send a whole number from 0 to 999999, or leave the field out."
            );
        }

        if (text.AsSpan().IndexOfAnyExceptInRange('0', '9') is var other && other >= 0)
        {
            return new Fault(
                Code,
                $"{Characters.At(text, other, "the mileage")}. It is a whole number from 0 to 999999, written in digits without "
                    + "a sign, a comma, a decimal point or a unit."
            );
        }

        var digits = text.AsSpan().TrimStart('0');
        return digits.Length > MostDigits
            ? new Fault(
                Code,
                "The mileage is more than 999999. Send the whole number on the odometer, from 0 to 999999."
            )
            : new Mileage(digits.IsEmpty ? 0 : int.Parse(digits, CultureInfo.InvariantCulture));
    }

    public override string ToString() => Text;
}
