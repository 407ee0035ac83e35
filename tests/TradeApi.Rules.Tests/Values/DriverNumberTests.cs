using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class DriverNumberTests
{
    [Theory]
    [InlineData("MORGA753116SM9IJ", "MORGA753116SM9IJ")]
    [InlineData("morga753116sm9ij", "MORGA753116SM9IJ")]
    [InlineData("E9999701015J99AA", "E9999701015J99AA")]
    [InlineData("SAMPL612311A9AZZ", "SAMPL612311A9AZZ")]
    public void A_number_of_the_right_structure_is_read_in_capitals(string text, string number) =>
        Assert.Equal(number, DriverNumber.Read(text).Accepted());

    [Theory]
    [InlineData("", "empty")]
    [InlineData("MORGA753116SM9I", "15 characters")]
    [InlineData("MORGA753116SM9IJ35", "issue number")]
    [InlineData("MORGA 753116 SM9IJ", "Character 6")]
    [InlineData("MORGA753116SM9I?", "Character 16")]
    [InlineData("1ORGA753116SM9IJ", "Character 1 ")]
    [InlineData("MORGAX53116SM9IJ", "Character 6")]
    [InlineData("MORGA713116SM9IJ", "Character 7")]
    [InlineData("MORGA700116SM9IJ", "Character 7")]
    [InlineData("MORGA763116SM9IJ", "Character 7")]
    [InlineData("MORGA753006SM9IJ", "Character 9")]
    [InlineData("MORGA753326SM9IJ", "Character 9")]
    [InlineData("MORGA7531169M9IJ", "Character 12")]
    [InlineData("MORGA753116S89IJ", "Character 13")]
    [InlineData("MORGA753116SM1IJ", "Character 14")]
    [InlineData("MORGA753116SMOIJ", "Character 14")]
    [InlineData("MORGA753116SM91J", "Character 15")]
    public void Anything_else_is_refused(string text, string says) =>
        DriverNumber.Read(text).Says("driver-number.format", says);
}
