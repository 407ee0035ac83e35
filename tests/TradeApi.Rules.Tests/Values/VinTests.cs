using CsCheck;
using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class VinTests
{
    const string Code = "vin.format";

    static readonly DateOnly In1980 = new(1980, 12, 31);
    static readonly DateOnly In1981 = new(1981, 1, 1);

    [Theory]
    [InlineData("SALVA2AE4EH877322", "SALVA2AE4EH877322")]
    [InlineData("WVWZZZ1KZAW000001", "WVWZZZ1KZAW000001")]
    [InlineData("VF1AAAAA123456789", "VF1AAAAA123456789")]
    [InlineData("12345678901234567", "12345678901234567")]
    [InlineData(" wvw-zzz 1kz/aw000001 ", "WVWZZZ1KZAW000001")]
    public void Seventeen_characters_are_read_whatever_the_year(string text, string vin)
    {
        Assert.Equal(vin, Vin.Read(text).Accepted());
        Assert.Equal(vin, Vin.Read(text, In1980).Accepted());
        Assert.Equal(vin, Vin.Read(text, In1981).Accepted());
    }

    [Theory]
    [InlineData("1E12345")]
    [InlineData("850123")]
    [InlineData("HN745678")]
    [InlineData("IOQ")]
    [InlineData("SALVA2AE4EH87732")]
    public void A_chassis_number_is_read_in_a_notice_and_for_a_vehicle_of_before_1981(string text)
    {
        Assert.Equal(text, Vin.Read(text).Accepted());
        Assert.Equal(text, Vin.Read(text, In1980).Accepted());
        Vin.Read(text, In1981).Says(Code, "1981 or later has 17");
    }

    [Theory]
    [InlineData("SALVO2AE4EH877322", "Character 5", "digit 0", "SALV02AE4EH877322")]
    [InlineData("SALVI2AE4EH877322", "Character 5", "digit 1", "SALV12AE4EH877322")]
    [InlineData("SALVQ2AE4EH877322", "Character 5", "digit 0", "SALV02AE4EH877322")]
    [InlineData("salv-o2ae4eh877322", "Character 6", "digit 0", "SALV02AE4EH877322")]
    [InlineData("SALVO2AE4EH87732I", "Character 5", "digit 0", null)]
    public void I_O_and_Q_are_refused_with_place_and_likely_digit(
        string text,
        string at,
        string digit,
        string? suggestion
    )
    {
        var fault = Vin.Read(text).Says(Code, at);
        Assert.Contains(digit, fault.Message, StringComparison.Ordinal);
        Assert.Equal(suggestion, fault.Suggestion);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("AB", "fewer than 3")]
    [InlineData("SALVA2AE4EH8773222", "18 letters and digits")]
    [InlineData("SALVA2AE4EH87732?", "Character 17")]
    [InlineData("SALVA2AE4EH87732\u0410", "Character 17")]
    [InlineData("SALVA2AE4\nEH877322", "line break")]
    public void Anything_else_is_refused(string text, string says) => Vin.Read(text).Says(Code, says);

    [Fact]
    public void Separators_and_case_never_change_the_verdict() =>
        Gen.Char["ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"]
            .Array[1, 19]
            .Select(Gen.Int[0, 19], Gen.OneOf(" ", "-", "/", "\u2013"))
            .Sample(
                (characters, at, separator) =>
                {
                    var plain = new string(characters);
                    var decorated = plain.ToLowerInvariant().Insert(Math.Min(at, plain.Length), separator);
                    return Vin.Read(plain).Value == Vin.Read(decorated).Value
                        && Vin.Read(plain, In1981).Value == Vin.Read(decorated, In1981).Value
                        && Vin.Read(plain).Fault?.Suggestion == Vin.Read(decorated).Fault?.Suggestion;
                }
            );

    [Fact]
    public void Reading_a_canonical_form_gives_it_back_uncopied() =>
        Gen.Char["ABCDEFGHJKLMNPRSTUVWXYZ0123456789"]
            .Array[17]
            .Select(x => new string(x))
            .Sample(vin => ReferenceEquals(Vin.Read(vin).Value.Text, vin));
}
