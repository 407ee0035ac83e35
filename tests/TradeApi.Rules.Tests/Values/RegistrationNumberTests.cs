using System.Globalization;
using CsCheck;
using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class RegistrationNumberTests
{
    const string Code = "registration-number.format";

    static Reading<RegistrationNumber> Read(string text) => RegistrationNumber.Read(text, Readings.Today);

    [Theory]
    [InlineData("AA19AAA", "AA19 AAA")]
    [InlineData("AA19EEE", "AA19 EEE")]
    [InlineData("BD51SMR", "BD51 SMR")]
    [InlineData("LK53KXM", "LK53 KXM")]
    [InlineData("YA25XYZ", "YA25 XYZ")]
    [InlineData("L2WPS", "L2 WPS")]
    [InlineData("A1BCD", "A1 BCD")]
    [InlineData("Y999ABC", "Y999 ABC")]
    [InlineData("R10ABC", "R10 ABC")]
    [InlineData("ABC1A", "ABC 1A")]
    [InlineData("ABC12D", "ABC 12D")]
    [InlineData("ABC999Y", "ABC 999Y")]
    [InlineData("A1", "A 1")]
    [InlineData("1A", "1 A")]
    [InlineData("A9999", "A 9999")]
    [InlineData("9999A", "9999 A")]
    [InlineData("AB1", "AB 1")]
    [InlineData("AB1234", "AB 1234")]
    [InlineData("1AB", "1 AB")]
    [InlineData("1234AB", "1234 AB")]
    [InlineData("ABC1", "ABC 1")]
    [InlineData("ABC123", "ABC 123")]
    [InlineData("1ABC", "1 ABC")]
    [InlineData("123ABC", "123 ABC")]
    [InlineData("AZ1234", "AZ 1234")]
    [InlineData("1234AZ", "1234 AZ")]
    [InlineData("AIA1234", "AIA 1234")]
    [InlineData("1234AIA", "1234 AIA")]
    [InlineData("1234ABZ", "1234 ABZ")]
    [InlineData("BIG123", "BIG 123")]
    [InlineData("AAZ1", "AAZ 1")]
    [InlineData("Q123ABC", "Q123 ABC")]
    [InlineData("Q1ABC", "Q1 ABC")]
    public void A_mark_of_every_layout_is_read_and_shown_with_its_space(string mark, string display)
    {
        Assert.Equal(mark, Read(mark).Accepted());
        Assert.Equal(display, Read(mark).Value.Display);
        Assert.Equal(mark, Read(display).Accepted());
    }

    [Theory]
    [InlineData("aa19aaa")]
    [InlineData("AA19 AAA")]
    [InlineData(" AA19AAA ")]
    [InlineData("A A 1 9 A A A")]
    [InlineData("AA19-AAA")]
    [InlineData("-AA-19-AAA-")]
    [InlineData("AA19\u00a0AAA")]
    [InlineData("AA19\u2009AAA")]
    [InlineData("AA19\u3000AAA")]
    [InlineData("AA19\u2010AAA")]
    [InlineData("AA19\u2011AAA")]
    [InlineData("AA19\u2013AAA")]
    [InlineData("AA19\u2014AAA")]
    [InlineData("AA19\uff0dAAA")]
    [InlineData("\uff21\uff21\uff11\uff19 \uff41\uff41\uff41")]
    [InlineData("\uff21A1\uff19\u3000AAA")]
    public void Case_spaces_hyphens_and_full_width_forms_do_not_matter(string text) =>
        Assert.Equal("AA19AAA", Read(text).Accepted());

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("---")]
    [InlineData("A")]
    [InlineData("AA")]
    [InlineData("AAA")]
    [InlineData("AAAAAAA")]
    [InlineData("99")]
    [InlineData("9999999")]
    [InlineData("AAAA")]
    [InlineData("AAAA9")]
    [InlineData("A99999")]
    [InlineData("99999")]
    [InlineData("99AAAA")]
    [InlineData("A9A")]
    [InlineData("A9AA")]
    [InlineData("AA9A")]
    [InlineData("AA99A")]
    [InlineData("AA99AA")]
    [InlineData("AA9AAA9")]
    [InlineData("9A9A99")]
    [InlineData("9A99A99")]
    [InlineData("9AAAA9")]
    [InlineData("A9999A")]
    [InlineData("AA999A")]
    [InlineData("A999A")]
    [InlineData("9999AA9")]
    [InlineData("AB53AB%")]
    [InlineData("AB00ABC")]
    [InlineData("AB01ABC")]
    [InlineData("AB50ABC")]
    [InlineData("QB51ABC")]
    [InlineData("ZA51ABC")]
    [InlineData("AB51QBC")]
    [InlineData("O123ABC")]
    [InlineData("ABC123Z")]
    [InlineData("A012BCD")]
    [InlineData("I123ABC")]
    [InlineData("U123ABC")]
    [InlineData("Z123ABC")]
    [InlineData("ABC123I")]
    [InlineData("ABC123Q")]
    [InlineData("ABC123O")]
    [InlineData("ABC123U")]
    [InlineData("A123BIC")]
    [InlineData("A123BQC")]
    [InlineData("A123BZC")]
    [InlineData("ABC0D")]
    [InlineData("1234ABC")]
    [InlineData("ABC1234")]
    [InlineData("ZAB1234")]
    [InlineData("AB51AIC")]
    [InlineData("00123")]
    [InlineData("12AB34")]
    [InlineData("A0")]
    [InlineData("0A")]
    [InlineData("AB01")]
    [InlineData("AA19AAAA")]
    // Diplomatic marks are not among the layouts of the rulebook.
    [InlineData("101D123")]
    public void A_text_of_no_layout_is_refused(string text) => Read(text).Refused(Code);

    [Theory]
    [InlineData("2002-02-28", "AB02CDE", false)]
    [InlineData("2002-03-01", "AB02CDE", true)]
    [InlineData("2001-08-31", "AB51CDE", false)]
    [InlineData("2001-09-01", "AB51CDE", true)]
    [InlineData("2026-08-31", "AB76CDE", false)]
    [InlineData("2026-09-01", "AB76CDE", true)]
    [InlineData("2027-02-28", "AB27CDE", false)]
    [InlineData("2027-03-01", "AB27CDE", true)]
    [InlineData("2050-02-28", "AB50CDE", false)]
    [InlineData("2050-03-01", "AB50CDE", true)]
    [InlineData("2049-09-01", "AB99CDE", true)]
    [InlineData("2050-08-31", "AB00CDE", false)]
    [InlineData("2050-09-01", "AB00CDE", true)]
    [InlineData("2051-03-01", "AB01CDE", false)]
    public void An_age_identifier_is_read_from_the_day_it_is_issued(string today, string mark, bool issued) =>
        Assert.Equal(
            issued,
            RegistrationNumber.Read(mark, DateOnly.Parse(today, CultureInfo.InvariantCulture)).IsValue
        );

    [Theory]
    [InlineData("A\u041212CDE", 2, "another script")]
    [InlineData("\u0410B12 CDE", 1, "another script")]
    [InlineData("AB1\u0662CDE", 4, "digit of another script")]
    [InlineData("AB12\nCDE", 5, "line break")]
    [InlineData("AB12CDE\r\n", 8, "line break")]
    [InlineData("AB12\u2028CDE", 5, "line break")]
    [InlineData("AB12\tCDE", 5, "tab")]
    [InlineData("AB12\u200bCDE", 5, "invisible")]
    [InlineData("AB12.CDE", 5, "symbol")]
    [InlineData("AB12*CDE", 5, "symbol")]
    [InlineData("AB 12_CDE", 6, "symbol")]
    [InlineData("\U0001f697AB12?", 1, "symbol")]
    [InlineData("AB12CD\u0131", 7, "another script")]
    [InlineData("\uff21B12\u0421DE", 5, "another script")]
    [InlineData("A\u030aB12CDE", 2, "accent")]
    public void A_mark_with_a_look_alike_or_a_symbol_is_refused_with_its_position(
        string text,
        int position,
        string sort
    )
    {
        var fault = Read(text).Says(Code, sort);
        Assert.StartsWith($"Character {position} of", fault.Message, StringComparison.Ordinal);
        Assert.Null(fault.Suggestion);
    }

    // An attribute cannot hold half of a surrogate pair.
    [Fact]
    public void A_mark_with_half_of_a_broken_character_is_refused() => Read("AB12\ud83dCDE").Says(Code, "broken");

    [Theory]
    [InlineData("BN2OUUE", "BN20UUE")]
    [InlineData("ae6o hff", "AE60HFF")]
    [InlineData("OXI7 ABC", "OX17ABC")]
    [InlineData("A012BCD", "AO12BCD")]
    [InlineData("AI12BCD", "A112BCD")]
    // Two exchanges are needed.
    [InlineData("ABIOCDE", null)]
    // No exchange gives a mark.
    [InlineData("AA99AA", null)]
    // A101 and AIO1 are both marks: which was meant cannot be told.
    [InlineData("A1O1", null)]
    [InlineData("II", null)]
    [InlineData("11", null)]
    public void A_suggestion_is_given_when_exactly_one_exchange_gives_a_mark(string text, string? suggestion) =>
        Assert.Equal(suggestion, Read(text).Refused(Code).Suggestion);

    [Theory]
    [InlineData("01-Mar")]
    [InlineData("1-Mar")]
    [InlineData("31-Dec")]
    [InlineData("May-01")]
    [InlineData("Mar-45")]
    [InlineData("01-Mar-26")]
    [InlineData("01-Mar-2026")]
    [InlineData(" 12-Sep ")]
    [InlineData("12-Sept")]
    public void A_date_that_a_spreadsheet_has_made_of_a_mark_is_refused(string text) =>
        Assert.Null(Read(text).Says(Code, "spreadsheet").Suggestion);

    [Theory]
    [InlineData("MAR1", "MAR1")]
    [InlineData("1MAR", "1MAR")]
    [InlineData("12 SEP", "12SEP")]
    [InlineData("12 Sep", "12SEP")]
    [InlineData("12-SEP", "12SEP")]
    [InlineData("SEP-12", "SEP12")]
    [InlineData("Sep-5", "SEP5")]
    [InlineData("32-Dec", "32DEC")]
    public void A_month_in_a_mark_is_no_date_unless_written_as_a_spreadsheet_does(string text, string mark) =>
        Assert.Equal(mark, Read(text).Accepted());

    [Theory]
    [InlineData("Q123ABC", true)]
    [InlineData("q1 abc", true)]
    [InlineData("Q1", false)]
    [InlineData("Q1234", false)]
    [InlineData("QAB123", false)]
    [InlineData("A123ABC", false)]
    public void A_Q_mark_is_told_from_others(string text, bool isQ) => Assert.Equal(isQ, Read(text).Value.IsQ);

    [Theory]
    [InlineData("AB12CDE1")]
    [InlineData("ZZ99QQI")]
    [InlineData("AB81CDE")]
    [InlineData("0034XY")]
    [InlineData("AB12*CDE")]
    public void A_message_never_holds_the_mark(string text)
    {
        var message = Read(text).Fault!.Message;
        Assert.DoesNotContain(text, message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_canonical_text_is_kept_and_not_copied()
    {
        var text = new string("AB12CDE".AsSpan());
        Assert.Same(text, Read(text).Value.Text);
    }

    [Fact]
    public void Reading_a_canonical_text_allocates_nothing()
    {
        Read("AB12CDE");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Read("AB12CDE");
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    static readonly Gen<string> Letters = Gen.Char["ABCDEFGHIJKLMNOPQRSTUVWXYZ"].Array[0, 3].Select(x => new string(x));
    static readonly Gen<string> Digits = Gen.Char["0123456789"].Array[0, 4].Select(x => new string(x));

    /// <summary>Letters, digits, letters in all lengths: a good part are marks.</summary>
    static readonly Gen<string> MarkLike = Gen.Select(Letters, Digits, Letters, (a, b, c) => a + b + c);

    static readonly Gen<string> Decoration = Gen.OneOf("", "", "", " ", "-", "  ", "\u00a0", "\u2013", "\u2011");

    static readonly Gen<(string Plain, string Decorated)> Decorated = MarkLike.SelectMany(mark =>
        Gen.Select(Decoration.Array[mark.Length + 1], Gen.Bool.Array[mark.Length])
            .Select(
                (between, lower) =>
                    (
                        mark,
                        string.Concat(mark.Select((c, i) => between[i] + (lower[i] ? char.ToLowerInvariant(c) : c)))
                            + between[^1]
                    )
            )
    );

    [Fact]
    public void Reading_a_canonical_form_gives_it_back() =>
        MarkLike.Sample(text =>
            Read(text) is not { IsValue: true } reading || Read(reading.Value.Text).Value == reading.Value
        );

    [Fact]
    public void Reading_a_display_form_gives_the_same_mark() =>
        MarkLike.Sample(text =>
            Read(text) is not { IsValue: true } reading
            || (Read(reading.Value.Display).Value == reading.Value && reading.Value.Display.Split(' ').Length == 2)
        );

    [Fact]
    public void Separators_and_case_never_change_the_verdict() =>
        Decorated.Sample(pair =>
        {
            var (plain, decorated) = (Read(pair.Plain), Read(pair.Decorated));
            return decorated.Fault?.Message.Contains("spreadsheet", StringComparison.Ordinal) == true
                || (
                    plain.Value == decorated.Value
                    && plain.Fault?.Message == decorated.Fault?.Message
                    && plain.Fault?.Suggestion == decorated.Fault?.Suggestion
                );
        });

    [Fact]
    public void A_suggestion_is_a_mark_one_character_away() =>
        MarkLike.Sample(text =>
            Read(text).Fault?.Suggestion is not { } suggestion
            || (Read(suggestion).IsValue && suggestion.Zip(text).Count(x => x.First != x.Second) == 1)
        );

    [Fact]
    public void Any_text_is_read_or_refused() =>
        Gen.String.Sample(text => Read(text).Fault is null == Read(text).IsValue);
}
