using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class CasesOfNumbers
{
    [Fact]
    public void C087_A_reference_in_scientific_notation_is_refused() =>
        DocumentReferenceNumber.Read("1.23457E+10").Says("document-reference.format", "spreadsheet");

    [Fact]
    public void C088_A_lost_zero_is_not_added_and_a_kept_one_stays()
    {
        DocumentReferenceNumber.Read("1234567890").Says("document-reference.format", "10 digits");
        Assert.Equal("01234567890", DocumentReferenceNumber.Read("01234567890").Accepted());
    }

    [Fact]
    public void C173_The_number_of_the_new_keeper_slip_has_its_own_hint()
    {
        DocumentReferenceNumber.Read("210987654321").Says("document-reference.format", "V5C/2");
        DocumentReferenceNumber.Read("AB123456789").Refused("document-reference.format");
    }

    [Theory]
    [InlineData("098765", true)]
    [InlineData("67890-", true)]
    [InlineData("98765", false)]
    public void C195_A_fleet_number_is_never_padded(string text, bool read) =>
        Assert.Equal(read, FleetNumber.Read(text).IsValue);
}
