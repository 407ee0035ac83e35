using System.Globalization;
using System.Runtime.InteropServices;

namespace TradeApi.Rules.Values;

/// <summary>
/// A registration mark: capitals and digits without a space. Every layout on the civil register of Great Britain and
/// Northern Ireland is read (current, prefix, suffix, dateless both ways, three-letter Northern Ireland both ways, Q),
/// in any case, with spaces and hyphens anywhere. Source: the rulebook; DVLA web validators and INF104.
/// </summary>
public readonly record struct RegistrationNumber
{
    const string Code = "registration-number.format";
    const int Longest = 7;

    RegistrationNumber(string text) => Text = text;

    public string Text { get; }

    /// <summary>
    /// True for a Q mark, given where age or identity is uncertain: it can be neither retained nor transferred.
    /// </summary>
    public bool IsQ => Text.Length >= 5 && Text[0] == 'Q' && char.IsAsciiDigit(Text[1]) && !char.IsAsciiDigit(Text[^1]);

    /// <summary>The mark with the space that a number plate has.</summary>
    public string Display
    {
        get
        {
            var groups = new Groups(Text);
            // A current mark is parted after its age identifier, a prefix mark after its number, all others where
            // letters and digits first meet.
            var at =
                groups is { First: > 0, Last: 3 } ? groups.First + groups.Digits
                : groups.First > 0 ? groups.First
                : groups.Digits;
            return $"{Text.AsSpan(0, at)} {Text.AsSpan(at)}";
        }
    }

    public static Reading<RegistrationNumber> Read(string text, DateOnly today)
    {
        Span<char> space = stackalloc char[Longest];
        var count = Compact(text, space, out var illegal);
        if (illegal >= 0)
        {
            return new Fault(
                Code,
                $"{Characters.At(text, illegal, "the registration number")}. A mark has only the letters A to Z and digits, "
                    + "with spaces or hyphens between them: type it again as it is printed on the V5C."
            );
        }

        var mark = space[..Math.Min(count, Longest)];
        var verdict = count > Longest ? Verdict.TooLong : Judge(mark, today);
        if (IsSpreadsheetDate(text))
        {
            return new Fault(
                Code,
                "A spreadsheet has turned the registration number into a date, and which mark it was cannot be told from "
                    + "it. Set the column to text, type the mark again as it is printed on the V5C, and send it without a "
                    + "hyphen."
            );
        }

        return verdict == Verdict.Mark
            ? new RegistrationNumber(Characters.Reuse(text, mark))
            : Refuse(verdict, mark, today);
    }

    public override string ToString() => Text;

    // Apart from Read, since a closure there would cost an allocation for each mark that is read.
    static Fault Refuse(Verdict verdict, ReadOnlySpan<char> mark, DateOnly today) =>
        new(
            Code,
            Message(verdict),
            verdict == Verdict.TooLong
                ? null
                : Characters.OneExchange(mark, candidate => Judge(candidate, today) == Verdict.Mark)
        );

    static int Compact(string text, Span<char> mark, out int illegal)
    {
        var count = Characters.Compact(text, mark, Separators.Dashes, out illegal);
        if (illegal < 0 || !IsFullWidth(text[illegal]))
        {
            return count;
        }

        // Full-width input is rare, so that only it pays for a second text.
        var folded = string.Create(
            text.Length,
            text,
            static (into, from) =>
            {
                for (var i = 0; i < from.Length; i++)
                {
                    into[i] = IsFullWidth(from[i]) ? (char)(from[i] - 0xFEE0) : from[i];
                }
            }
        );
        return Characters.Compact(folded, mark, Separators.Dashes, out illegal);
    }

    static bool IsFullWidth(char character) =>
        character is (>= '\uff10' and <= '\uff19') or (>= '\uff21' and <= '\uff3a') or (>= '\uff41' and <= '\uff5a');

    static Verdict Judge(ReadOnlySpan<char> mark, DateOnly today)
    {
        if (mark.Length == 0)
        {
            return Verdict.Empty;
        }

        var groups = new Groups(mark);
        var number = mark.Slice(groups.First, groups.Digits);
        switch (groups)
        {
            case { Rest: > 0 }:
                return Verdict.Layout;
            case { First: 2, Digits: 2, Last: 3 }:
                return mark[..2].ContainsAny('I', 'Q', 'Z') ? Verdict.Tag
                    : mark[4..].ContainsAny('I', 'Q') ? Verdict.CurrentSerial
                    : IsIssued(number, today) ? Verdict.Mark
                    : Verdict.Age;
            case { First: 1, Digits: >= 1 and <= 3, Last: 3 }:
                return number[0] == '0' ? Verdict.LeadingZero
                    // Q is no year letter, yet stands in its place on the marks of vehicles of uncertain age.
                    : mark[0] != 'Q' && IsNoYearLetter(mark[0]) ? Verdict.YearLetter
                    : mark[^3..].ContainsAny('I', 'Q', 'Z') ? Verdict.PrefixSerial
                    : Verdict.Mark;
            case { First: 3, Digits: >= 1 and <= 3, Last: 1 }:
                return number[0] == '0' ? Verdict.LeadingZero
                    : IsNoYearLetter(mark[^1]) ? Verdict.YearLetter
                    : Verdict.Mark;
            case { First: >= 1 and <= 3, Digits: >= 1 and <= 4, Last: 0 }:
            case { First: 0, Digits: >= 1 and <= 4, Last: >= 1 and <= 3 }:
                var letters = groups.First > 0 ? mark[..groups.First] : mark[^groups.Last..];
                return number[0] == '0' ? Verdict.LeadingZero
                    // Four digits beside three letters are issued in Northern Ireland only, and its county codes hold
                    // I or Z.
                    : letters.Length == 3 && number.Length == 4 && !letters[1..].ContainsAny('I', 'Z')
                        ? Verdict.NorthernIreland
                    : Verdict.Mark;
            default:
                return Verdict.Layout;
        }
    }

    static bool IsNoYearLetter(char letter) => letter is 'I' or 'O' or 'Q' or 'U' or 'Z';

    /// <summary>
    /// 02 came on 1 March 2002, 51 on 1 September 2001, and so on to 50 in March and 00 in September 2050; 01 never comes.
    /// </summary>
    static bool IsIssued(ReadOnlySpan<char> identifier, DateOnly today)
    {
        var value = ((identifier[0] - '0') * 10) + identifier[1] - '0';
        return value switch
        {
            1 => false,
            0 => today >= new DateOnly(2050, 9, 1),
            <= 50 => today >= new DateOnly(2000 + value, 3, 1),
            _ => today >= new DateOnly(1950 + value, 9, 1),
        };
    }

    /// <summary>
    /// 01-Mar, 1-Mar, 12-Sep, May-01 and 01-Mar-26, exactly as spreadsheets write them. Without this, 12-Sep would be
    /// read as 12SEP by the rule that hyphens are separators, though the mark typed was as likely SEP12: another
    /// vehicle. Only this one spelling (title case, one hyphen, two digits after a month) is taken from that rule;
    /// SEP-12, 12-SEP and 12 Sep are read as marks, since no spreadsheet writes them.
    /// </summary>
    static bool IsSpreadsheetDate(ReadOnlySpan<char> text)
    {
        text = text.Trim(' ');
        var hyphen = text.IndexOf('-');
        if (hyphen < 0)
        {
            return false;
        }

        var before = text[..hyphen];
        var after = text[(hyphen + 1)..];
        if (IsMonth(before))
        {
            return after.Length == 2 && IsNumber(after);
        }

        var year = after.IndexOf('-');
        return before.Length is 1 or 2
            && IsNumber(before)
            && int.Parse(before, CultureInfo.InvariantCulture) is >= 1 and <= 31
            && IsMonth(year < 0 ? after : after[..year])
            && (year < 0 || IsNumber(after[(year + 1)..]));
    }

    static bool IsMonth(ReadOnlySpan<char> text) =>
        text
            is "Jan"
                or "Feb"
                or "Mar"
                or "Apr"
                or "May"
                or "Jun"
                or "Jul"
                or "Aug"
                or "Sep"
                or "Sept"
                or "Oct"
                or "Nov"
                or "Dec";

    static bool IsNumber(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    static string Message(Verdict verdict) =>
        verdict switch
        {
            Verdict.Empty => "The registration number is empty. Send the mark as it is printed on the V5C.",
            Verdict.TooLong =>
                "The registration number has more than 7 letters and digits, and the longest mark has 7. Send the mark alone, "
                    + "as it is printed on the V5C.",
            Verdict.LeadingZero =>
                "The number in the registration number begins with 0, which no mark has. Leave out zeros that a system has "
                    + "put before it; if it should be the letter O, type that.",
            Verdict.Tag =>
                "The first two letters of the registration number hold I, Q or Z, which no mark of this layout has. Check "
                    + "them against the V5C.",
            Verdict.CurrentSerial =>
                "The last three letters of the registration number hold I or Q, which no mark of this layout has. Check "
                    + "them against the V5C.",
            Verdict.PrefixSerial =>
                "The last three letters of the registration number hold I, Q or Z, which no mark of this layout has. Check "
                    + "them against the V5C.",
            Verdict.YearLetter =>
                "The year letter of the registration number is I, O, Q, U or Z, which were never issued as year letters. "
                    + "Check it against the V5C.",
            Verdict.Age =>
                "The third and fourth characters of the registration number are an age identifier that has not been issued. "
                    + "Check them against the V5C.",
            Verdict.NorthernIreland =>
                "The registration number has three letters and four digits: such a mark is from Northern Ireland and has I "
                    + "or Z as its second or third letter. Check it against the V5C.",
            _ =>
                "The letters and digits of the registration number stand in an order that no UK mark has. Check it against "
                    + "the V5C and send it whole.",
        };

    enum Verdict
    {
        Mark,
        Empty,
        TooLong,
        Layout,
        LeadingZero,
        Tag,
        CurrentSerial,
        PrefixSerial,
        YearLetter,
        Age,
        NorthernIreland,
    }

    /// <summary>How many letters, then digits, then letters a mark has, and how many characters follow those.</summary>
    [StructLayout(LayoutKind.Auto)]
    readonly ref struct Groups
    {
        public Groups(ReadOnlySpan<char> mark)
        {
            var at = 0;
            First = Run(mark, ref at, digits: false);
            Digits = Run(mark, ref at, digits: true);
            Last = Run(mark, ref at, digits: false);
            Rest = mark.Length - at;
        }

        public int First { get; }

        public int Digits { get; }

        public int Last { get; }

        public int Rest { get; }

        static int Run(ReadOnlySpan<char> mark, ref int at, bool digits)
        {
            var start = at;
            while (at < mark.Length && mark[at] <= '9' == digits)
            {
                at++;
            }

            return at - start;
        }
    }
}
