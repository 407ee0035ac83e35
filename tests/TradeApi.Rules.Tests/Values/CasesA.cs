using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class CasesA
{
    const string Code = "registration-number.format";

    static Reading<RegistrationNumber> Read(string text) => RegistrationNumber.Read(text, Readings.Today);

    [Fact]
    public void C001_A_mark_of_Northern_Ireland_with_four_digits_is_read()
    {
        Assert.Equal("ABZ1234", Read("ABZ 1234").Accepted());
        Assert.Equal("ABZ 1234", Read("ABZ 1234").Value.Display);
    }

    [Fact]
    public void C003_A_Q_mark_is_read_and_known_as_one()
    {
        Assert.Equal("Q123ABC", Read("Q123 ABC").Accepted());
        Assert.True(Read("Q123 ABC").Value.IsQ);
    }

    [Theory]
    [InlineData("A1")]
    [InlineData("1A")]
    [InlineData("ABC1")]
    public void C004_The_shortest_dateless_marks_are_read(string text) => Assert.Equal(text, Read(text).Accepted());

    [Theory]
    [InlineData("AB31 CDE", true)]
    [InlineData("AB01 CDE", false)]
    [InlineData("AB50 CDE", false)]
    [InlineData("AB81 CDE", false)]
    public void C006_Age_identifiers_are_computed_from_today(string text, bool issued) =>
        Assert.Equal(issued, RegistrationNumber.Read(text, new DateOnly(2031, 4, 1)).IsValue);

    [Fact]
    public void C007_Case_and_spacing_carry_no_meaning() => Assert.Equal("AB12CDE", Read(" ab12  cde ").Accepted());

    [Theory]
    [InlineData("\u0410\u041212 \u0421DE", 1)]
    [InlineData("AB12*CDE", 5)]
    [InlineData("AB12CDE; DROP", 8)]
    public void C009_Look_alikes_and_symbols_are_refused_with_their_position(string text, int position) =>
        Read(text).Says(Code, $"Character {position} of");

    [Fact]
    public void C010_A_letter_for_a_digit_is_refused_with_the_suggestion() =>
        Assert.Equal("AB10CDE", Read("AB1O CDE").Refused(Code).Suggestion);

    [Theory]
    [InlineData("OX17 ABC", "OX17ABC")]
    [InlineData("ABO 10", "ABO10")]
    [InlineData("COO 1A", "COO1A")]
    public void C011_An_O_in_the_place_of_a_letter_stays(string text, string mark) =>
        Assert.Equal(mark, Read(text).Accepted());

    [Fact]
    public void C013_I_and_Z_are_read_in_Northern_Ireland_only()
    {
        Assert.Equal("AIZ4321", Read("AIZ 4321").Accepted());
        Read("AI12 BCD").Refused(Code);
    }

    [Theory]
    [InlineData("0034 XY")]
    [InlineData("0007XYZ")]
    public void C014_Leading_zeros_are_refused_and_make_no_second_vehicle(string text) =>
        Read(text).Says(Code, "begins with 0");

    // The case's own Y8XYZ ends in Z, which no prefix mark has: the layouts of the rulebook refuse it, as the case allows.
    [Fact]
    public void C014_Inner_blanks_are_dropped()
    {
        Assert.Equal("Y8XYB", Read("Y  8XYB").Accepted());
        Read("Y  8XYZ").Says(Code, "last three letters");
    }

    [Theory]
    [InlineData("01-Mar")]
    [InlineData("12-Sep")]
    [InlineData("May-01")]
    public void C090_A_mark_that_a_spreadsheet_turned_into_a_date_is_refused(string text) =>
        Read(text).Says(Code, "spreadsheet");
}
