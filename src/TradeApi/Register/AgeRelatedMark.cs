using System.Globalization;
using System.Security.Cryptography;

namespace TradeApi.Register;

/// <summary>
/// Makes a registration mark that was issued when a vehicle was first registered, so that it never looks newer than it
/// is. The series and their dates are those of the rulebook's value "registration mark".
/// </summary>
static class AgeRelatedMark
{
    // I, O, Q and Z are left out: they stand in no series, or are easily misread.
    const string Letters = "ABCDEFGHJKLMNPRSTUVWXY";

    /// <summary>The year letters of the prefix series with the month in which each began.</summary>
    static readonly (int Month, char Letter)[] Prefixes =
    [
        (198308, 'A'),
        (198408, 'B'),
        (198508, 'C'),
        (198608, 'D'),
        (198708, 'E'),
        (198808, 'F'),
        (198908, 'G'),
        (199008, 'H'),
        (199108, 'J'),
        (199208, 'K'),
        (199308, 'L'),
        (199408, 'M'),
        (199508, 'N'),
        (199608, 'P'),
        (199708, 'R'),
        (199808, 'S'),
        (199903, 'T'),
        (199909, 'V'),
        (200003, 'W'),
        (200009, 'X'),
        (200103, 'Y'),
    ];

    /// <summary>The year letters of the suffix series with the month in which each began.</summary>
    static readonly (int Month, char Letter)[] Suffixes =
    [
        (196302, 'A'),
        (196401, 'B'),
        (196501, 'C'),
        (196601, 'D'),
        (196701, 'E'),
        (196708, 'F'),
        (196808, 'G'),
        (196908, 'H'),
        (197008, 'J'),
        (197108, 'K'),
        (197208, 'L'),
        (197308, 'M'),
        (197408, 'N'),
        (197508, 'P'),
        (197608, 'R'),
        (197708, 'S'),
        (197808, 'T'),
        (197908, 'V'),
        (198008, 'W'),
        (198108, 'X'),
        (198208, 'Y'),
    ];

    /// <summary>A mark of the series of that day. Whether a vehicle bears it already only the register can say.</summary>
    public static string Of(DateOnly firstRegistered)
    {
        var month = (firstRegistered.Year * 100) + firstRegistered.Month;
        return month >= 200109 ? $"{Random(2)}{AgeIdentifier(firstRegistered):D2}{Random(3)}"
            : month >= 198308 ? $"{LetterOf(Prefixes, month)}{Number()}{Random(3)}"
            : month >= 196302 ? $"{Random(3)}{Number()}{LetterOf(Suffixes, month)}"
            : $"{Number()}{Random(3)}";
    }

    // March to August: the year; September to February: the year in which September was, and 50.
    static int AgeIdentifier(DateOnly day) =>
        day.Month switch
        {
            >= 9 => (day.Year % 100) + 50,
            >= 3 => day.Year % 100,
            _ => ((day.Year - 1) % 100) + 50,
        };

    static char LetterOf((int Month, char Letter)[] series, int month) =>
        series.Last(letter => letter.Month <= month).Letter;

    static string Random(int letters) => RandomNumberGenerator.GetString(Letters, letters);

    static string Number() => RandomNumberGenerator.GetInt32(100, 1000).ToString(CultureInfo.InvariantCulture);
}
