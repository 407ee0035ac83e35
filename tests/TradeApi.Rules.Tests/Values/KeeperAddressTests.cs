using CsCheck;
using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class KeeperAddressTests
{
    const string Length = "field.length";
    const string Illegal = "field.characters";

    [Theory]
    [InlineData("1 Ivy")]
    [InlineData("12 Sample Road")]
    [InlineData("Flat 1/2, 12\u201314 King's Rd.")]
    [InlineData("T\u0177 Newydd (c/o Prawf & Co)")]
    [InlineData("Abcdefghijklmnopqrstuvwxyz 123")]
    public void Line_1_is_kept_as_given(string text) => Assert.Equal(text, AddressLine1.Read(text).Accepted());

    [Theory]
    [InlineData("", Length, "empty")]
    [InlineData("Ivy", Length, "at least 4")]
    [InlineData("Abcdefghijklmnopqrstuvwxyz 1234", Length, "31 characters; the register holds 30")]
    [InlineData("12 Iv", Illegal, "fewer than 3 letters")]
    [InlineData("12 Sample\nRoad", Illegal, "line break")]
    [InlineData("12 Sample Road\t", Illegal, "tab")]
    [InlineData("12 Sample Road ", Illegal, "begins or ends with a space")]
    [InlineData("<b>Sample</b>", Illegal, "Character 1")]
    public void A_line_1_that_does_not_fit_is_refused(string text, string code, string says) =>
        AddressLine1.Read(text).Says(code, says);

    [Theory]
    [InlineData("12")]
    [InlineData("Westward Ho!")]
    [InlineData("A")]
    public void A_further_line_needs_neither_letters_nor_length(string text) =>
        Assert.Equal(text, AddressLine.Read(text).Accepted());

    [Theory]
    [InlineData("", Length)]
    [InlineData("Abcdefghijklmnopqrstuvwxyz 1234", Length)]
    [InlineData("Sample\u0000", Illegal)]
    public void A_further_line_that_does_not_fit_is_refused(string text, string code) =>
        AddressLine.Read(text).Refused(code);

    [Theory]
    [InlineData("Bishop's Stortford", "Bishop's Stortford")]
    [InlineData("King\u2019s Lynn", "King's Lynn")]
    [InlineData("Stoke-on-Trent", "Stoke-on-Trent")]
    [InlineData("St. Ives", "St. Ives")]
    [InlineData("Ely", "Ely")]
    [InlineData("Llanfairpwllgwyngyll", "Llanfairpwllgwyngyll")]
    public void A_post_town_is_read(string text, string town) => Assert.Equal(town, PostTown.Read(text).Accepted());

    [Theory]
    [InlineData("El", Length, "at least 3")]
    [InlineData("Llanfairpwllgwyngyllg", Length, "21 characters; the register holds 20")]
    [InlineData("London 1", Illegal, "Character 8")]
    [InlineData("...", Illegal, "no letter")]
    public void A_post_town_that_does_not_fit_is_refused(string text, string code, string says) =>
        PostTown.Read(text).Says(code, says);

    [Fact]
    public void A_line_is_stored_as_given_or_refused() =>
        Gen.Char["abc12 ,-.'\u00e9"]
            .Array[0, 35]
            .Select(x => new string(x))
            .Sample(text => AddressLine1.Read(text) is not { IsValue: true } reading || reading.Value.Text == text);
}
