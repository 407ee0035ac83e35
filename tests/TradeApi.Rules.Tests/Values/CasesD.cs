using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class CasesD
{
    const string Code = "vin.format";

    [Fact]
    public void C045_No_check_digit_is_asked() =>
        Assert.Equal("VF9ZZZ77ZHC000123", Vin.Read("VF9ZZZ77ZHC000123").Accepted());

    [Theory]
    [InlineData("VF9ZZZ77ZHC0OO123", "Character 13 of the VIN is the letter O", "digit 0", null)]
    [InlineData("VF9ZZZI7ZHC000123", "Character 7 of the VIN is the letter I", "digit 1", "VF9ZZZ17ZHC000123")]
    [InlineData("VF9ZZZQ7ZHC000123", "Character 7 of the VIN is the letter Q", "digit 0", "VF9ZZZ07ZHC000123")]
    public void C047_I_O_and_Q_are_refused_with_place_and_replacement(
        string text,
        string at,
        string digit,
        string? meant
    )
    {
        var fault = Vin.Read(text).Says(Code, at);
        Assert.Contains(digit, fault.Message, StringComparison.Ordinal);
        Assert.Equal(meant, fault.Suggestion);
    }

    [Fact]
    public void C048_Case_and_outer_spaces_do_not_matter() =>
        Assert.Equal("VF9ZZZ77ZHC000123", Vin.Read(" vf9zzz77zhc000123 ").Accepted());

    [Theory]
    [InlineData("GAN5-123456X", 1974, 6, "GAN5123456X")]
    [InlineData("12345", 1936, 1, "12345")]
    public void C049_Older_chassis_numbers_are_read(string text, int year, int month, string vin) =>
        Assert.Equal(vin, Vin.Read(text, new DateOnly(year, month, 1)).Accepted());

    // That a JSON number is refused is the members' business; here no digit is rounded.
    [Fact]
    public void C051_A_VIN_of_digits_keeps_every_digit() =>
        Assert.Equal("12345678901234567", Vin.Read("12345678901234567").Accepted());

    [Fact]
    public void C054_A_VIN_with_a_check_digit_is_read_like_any_other() =>
        Assert.Equal("1Z9AB2C3XEF000006", Vin.Read("1Z9AB2C3XEF000006").Accepted());
}
