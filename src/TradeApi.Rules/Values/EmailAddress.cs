namespace TradeApi.Rules.Values;

/// <summary>
/// An email address of 3 to 254 characters, kept as given: one @, a local part of at most 64 characters without a stroke,
/// and a domain whose labels have 1 to 63 characters and no hyphen at either end. Source: the rulebook; the
/// former trade services.
/// </summary>
public readonly record struct EmailAddress
{
    const string Code = "email.format";
    const int Shortest = 3;
    const int Longest = 254;
    const int LongestLocal = 64;
    const int LongestLabel = 63;

    EmailAddress(string text) => Text = text;

    public string Text { get; }

    public static Reading<EmailAddress> Read(string text)
    {
        if (text.Length is < Shortest or > Longest)
        {
            return new Fault(
                Code,
                $"The email address has {text.Length} character{(text.Length == 1 ? "" : "s")}. It may have 3 to 254: send it whole."
            );
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsLetterOrDigit(text[i]) && !"@.!#$%&'*+-=?^_`{|}~/".Contains(text[i]))
            {
                return new Fault(
                    Code,
                    $"{Characters.At(text, i, "the email address")} that no email address has. Type it again, alone and "
                        + "without a name or brackets."
                );
            }
        }

        var at = text.IndexOf('@');
        if (at < 0 || text.IndexOf('@', at + 1) >= 0)
        {
            return new Fault(Code, "The email address must have exactly one @. Send one address, whole.");
        }

        if (at is 0 or > LongestLocal || text.AsSpan(0, at).Contains('/'))
        {
            return new Fault(
                Code,
                "The part before the @ of the email address must have 1 to 64 characters and no stroke (/). Check the address."
            );
        }

        foreach (var label in text.AsSpan(at + 1).Split('.'))
        {
            if (!IsLabel(text.AsSpan(at + 1)[label]))
            {
                return new Fault(
                    Code,
                    "The part after the @ of the email address must be a domain name: words of 1 to 63 letters, digits and inner "
                        + "hyphens, with dots between them. Check the address."
                );
            }
        }

        return new EmailAddress(text);
    }

    public override string ToString() => Text;

    static bool IsLabel(ReadOnlySpan<char> label)
    {
        foreach (var character in label)
        {
            if (!char.IsLetterOrDigit(character) && character != '-')
            {
                return false;
            }
        }

        return label.Length is >= 1 and <= LongestLabel && label[0] != '-' && label[^1] != '-';
    }
}
