using System.Globalization;

namespace TradeApi.Rules.Values;

/// <summary>
/// The legal day, which is the day in Europe/London, and the dates of notices: YYYY-MM-DD and real. A timestamp is
/// refused, since its day depends on the reader's time zone, and so is any order of day and month that could be read two
/// ways. Source: the rulebook.
/// </summary>
public static class LondonDate
{
    const string Code = "date.format";

    static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    public static DateOnly Of(DateTimeOffset instant) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, London).DateTime);

    public static Reading<DateOnly> Read(string text)
    {
        if (HasForm(text))
        {
            return DateOnly.TryParseExact(
                text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var date
            )
                ? date
                : new Fault(
                    Code,
                    "The date is not in the calendar. Check its month and day: it is written YYYY-MM-DD."
                );
        }

        return new Fault(
            Code,
            text.Length == 0 ? "The date is empty. Send it as YYYY-MM-DD."
                : text.Length > 10 && HasForm(text.AsSpan(0, 10)) && text[10] is 'T' or 't' or ' '
                    ? "The date has a time with it. Send the calendar day in the United Kingdom alone, as YYYY-MM-DD: we do not "
                        + "choose a day from a time."
                : text.AsSpan().ContainsAny('/', '.')
                    ? "The date may be read as day and month or as month and day. Send it as YYYY-MM-DD; in a spreadsheet, set "
                        + "the column to text first."
                : "The date is not written YYYY-MM-DD: four digits of the year, two of the month and two of the day, with "
                    + "hyphens. Send it so, without spaces."
        );
    }

    static bool HasForm(ReadOnlySpan<char> text)
    {
        if (text.Length != 10)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (i is 4 or 7 ? text[i] != '-' : !char.IsAsciiDigit(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
