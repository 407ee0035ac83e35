using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class CasesB
{
    [Theory]
    [InlineData("GIR 0AA")]
    [InlineData("gir0aa")]
    public void C016_Space_and_case_do_not_change_a_postcode(string text) =>
        Assert.Equal("GIR 0AA", Postcode.Read(text).Accepted());

    [Fact]
    public void C017_A_forces_postcode_and_address_are_read()
    {
        Assert.Equal("BF1 2AY", Postcode.Read("BF1 2AY").Accepted());
        Assert.Equal("BFPO 61", AddressLine1.Read("BFPO 61").Accepted());
    }

    [Fact]
    public void C018_Forces_numbers_and_territories_are_refused_with_what_to_do()
    {
        Postcode.Read("BFPO 61").Says("postcode.format", "BF1");
        Postcode.Read("FIQQ 1ZZ").Says("postcode.outside-uk", "overseas territory");
    }

    [Theory]
    [InlineData("JE2 4AA")]
    [InlineData("GY1 1AA")]
    [InlineData("IM1 1AA")]
    public void C019_A_keeper_on_the_islands_needs_a_permanent_export(string text) =>
        Postcode.Read(text).Says("postcode.outside-uk", "permanentExport");

    [Fact]
    public void C020_The_letter_O_for_zero_is_refused_with_the_suggestion() =>
        Assert.Equal("SA1 0AA", Postcode.Read("SA1 OAA").Refused("postcode.format").Suggestion);

    [Theory]
    [InlineData("SW1A 11A")]
    [InlineData("SW1A1")]
    [InlineData("SW1A 1AAA")]
    public void C021_The_inward_part_is_one_digit_and_two_letters(string text) =>
        Postcode.Read(text).Refused("postcode.format");

    [Theory]
    [InlineData("O\u2019Sample")]
    [InlineData("O'Sample")]
    public void C024_Curly_and_straight_apostrophes_are_the_same_name(string text) =>
        Assert.Equal("O'Sample", LastName.Read(text).Accepted());

    [Fact]
    public void C025_A_last_name_may_be_one_letter()
    {
        Assert.Equal("Su", FirstNames.Read("Su").Accepted());
        Assert.Equal("E", LastName.Read("E").Accepted());
    }

    [Fact]
    public void C027_A_long_business_name_is_refused_with_its_limit_and_not_cut() =>
        BusinessName.Read("SAMPLE & DAUGHTERS VEHICLE HIRE (NORTH) LTD").Says("field.length", "30 at most");

    [Theory]
    [InlineData("T&S Motors")]
    [InlineData("3Q's Cars (& Son) Ltd.")]
    public void C028_A_business_name_is_stored_byte_for_byte(string text) =>
        Assert.Equal(text, BusinessName.Read(text).Accepted());

    [Fact]
    public void C030_Letters_with_accents_are_read_and_their_forms_are_equal()
    {
        Assert.Equal("Si\u00e2n", FirstNames.Read("Si\u00e2n").Accepted());
        Assert.Equal("\u0174yn-Prawf", LastName.Read("\u0174yn-Prawf").Accepted());
        Assert.Equal("Zo\u00eb", FirstNames.Read("Zo\u00eb").Accepted());
        Assert.Equal(LastName.Read("S\u00e1mple").Value, LastName.Read("Sa\u0301mple").Value);
    }

    [Theory]
    [InlineData("BISHOP'S STORTFORD")]
    [InlineData("KING'S LYNN")]
    [InlineData("Stoke-on-Trent")]
    [InlineData("LLANFAIRPWLLGWYNGYLL")]
    public void C031_Real_post_towns_are_read(string text) => Assert.Equal(text, PostTown.Read(text).Accepted());

    [Fact]
    public void C032_A_house_number_alone_on_line_1_is_refused_as_the_rulebook_asks_for_four_characters()
    {
        AddressLine1.Read("12").Says("field.length", "at least 4");
        Assert.Equal("Ivy Ct", AddressLine.Read("Ivy Ct").Accepted());
    }

    [Fact]
    public void C194_Joint_keepers_are_refused_and_businesses_keep_their_ampersand()
    {
        Title.Read("Mr & Mrs").Says("field.characters", "joint keepers cannot be recorded");
        FirstNames.Read("Mr I & Mrs J").Says("field.characters", "joint keepers cannot be recorded");
        LastName.Read("Mr I & Mrs J Sample").Says("field.characters", "joint keepers cannot be recorded");
        Assert.Equal("I & J Sample", BusinessName.Read("I & J Sample").Accepted());
    }
}
