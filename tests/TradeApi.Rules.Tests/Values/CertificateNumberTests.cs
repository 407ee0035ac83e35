using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class CertificateNumberTests
{
    [Theory]
    [InlineData("7", "7")]
    [InlineData("1 26112 1030 AB12CDE", "1261121030AB12CDE")]
    [InlineData(" 1 26112 1030 ab12cde ", "1261121030AB12CDE")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0", "12345678901234567890")]
    public void Letters_and_digits_are_read_and_spaces_and_case_carry_no_meaning(string text, string number) =>
        Assert.Equal(number, CertificateNumber.Read(text).Accepted());

    [Theory]
    [InlineData("", "this has 0")]
    [InlineData("   ", "this has 0")]
    [InlineData("123456789012345678901", "this has 21")]
    public void An_empty_or_longer_text_is_refused_with_its_length(string text, string says) =>
        CertificateNumber.Read(text).Says("field.length", says);

    [Theory]
    [InlineData("1-26112")]
    [InlineData("1/26112")]
    [InlineData("1\u00a026112")]
    [InlineData("1\n26112")]
    [InlineData("\u0410B12")]
    [InlineData("\u0661")]
    [InlineData("\u00c2B12")]
    public void Anything_but_letters_digits_and_spaces_is_refused(string text) =>
        CertificateNumber.Read(text).Refused("field.characters");

    [Fact]
    public void A_letter_for_a_digit_is_another_number() =>
        Assert.NotEqual(CertificateNumber.Read("1O2").Value, CertificateNumber.Read("102").Value);
}
