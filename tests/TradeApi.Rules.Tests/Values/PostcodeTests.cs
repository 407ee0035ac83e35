using CsCheck;
using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class PostcodeTests
{
    const string Code = "postcode.format";
    const string Outside = "postcode.outside-uk";

    [Theory]
    [InlineData("M1 1AA", "M1 1AA")]
    [InlineData("M60 1NW", "M60 1NW")]
    [InlineData("CR2 6XH", "CR2 6XH")]
    [InlineData("DN55 1PT", "DN55 1PT")]
    [InlineData("W1A 1HQ", "W1A 1HQ")]
    [InlineData("EC1A 1BB", "EC1A 1BB")]
    [InlineData("sl0 0aa", "SL0 0AA")]
    [InlineData("SA11AA", "SA1 1AA")]
    [InlineData("  sa1  1aa ", "SA1 1AA")]
    [InlineData("SA1\u00a01AA", "SA1 1AA")]
    [InlineData("BT1 1AA", "BT1 1AA")]
    [InlineData("ZE1 0AA", "ZE1 0AA")]
    [InlineData("GIR 0AA", "GIR 0AA")]
    [InlineData("BF1 2AY", "BF1 2AY")]
    public void A_UK_postcode_is_read_with_one_space(string text, string postcode) =>
        Assert.Equal(postcode, Postcode.Read(text).Accepted());

    [Theory]
    [InlineData("JE2 4AA", "Jersey")]
    [InlineData("gy11aa", "Guernsey")]
    [InlineData("IM1 1AA", "Isle of Man")]
    [InlineData("GX11 1AA", "Gibraltar")]
    [InlineData("FIQQ 1ZZ", "overseas territory")]
    [InlineData("75001", "another country")]
    [InlineData("D02 X285", "Ireland")]
    [InlineData("D6W XY00", "Ireland")]
    public void A_postcode_of_another_register_asks_for_a_permanent_export(string text, string place)
    {
        var fault = Postcode.Read(text).Says(Outside, place);
        Assert.Contains("permanentExport", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("BFPO 61", "BF1")]
    [InlineData("bfpo61", "BF1")]
    [InlineData("SA1-1AA", "Character 4")]
    [InlineData("SA1\n1AA", "line break")]
    [InlineData("S\u04101 1AA", "another script")]
    [InlineData("SA1", "no form")]
    [InlineData("1AA", "no form")]
    [InlineData("SA1 AAA", "no form")]
    [InlineData("SA111 1AA", "no form")]
    [InlineData("SA01 1AA", "no form")]
    [InlineData("SI1 1AA", "no form")]
    [InlineData("QA1 1AA", "no form")]
    [InlineData("GIR 1AA", "no form")]
    [InlineData("a very long text that is no postcode at all", "no form")]
    public void Anything_else_is_refused(string text, string says) => Postcode.Read(text).Says(Code, says);

    [Theory]
    [InlineData("SA1 OAA", "SA1 0AA")]
    [InlineData("SAI 1AA", "SA1 1AA")]
    [InlineData("SA1 IAA", "SA1 1AA")]
    [InlineData("0X1 1AA", "OX1 1AA")]
    [InlineData("GIR OAA", "GIR 0AA")]
    [InlineData("SAI OAA", null)]
    [InlineData("JE2 OAA", null)]
    [InlineData("SW1A 11A", null)]
    public void A_suggestion_is_given_when_exactly_one_exchange_gives_a_postcode(string text, string? suggestion) =>
        Assert.Equal(suggestion, Postcode.Read(text).Refused(Code).Suggestion);

    [Fact]
    public void Spaces_and_case_never_change_the_verdict() =>
        Gen.Char["ABCEIJMOYZ0129"]
            .Array[0, 9]
            .Select(Gen.Int[0, 9])
            .Sample(
                (characters, at) =>
                {
                    var plain = new string(characters);
                    var spaced = plain.ToLowerInvariant().Insert(Math.Min(at, plain.Length), " ");
                    var (one, other) = (Postcode.Read(plain), Postcode.Read(spaced));
                    return one.Value == other.Value
                        && one.Fault?.Code == other.Fault?.Code
                        && one.Fault?.Suggestion == other.Fault?.Suggestion
                        && (!one.IsValue || Postcode.Read(one.Value.Text).Value == one.Value);
                }
            );

    [Fact]
    public void A_canonical_text_is_kept_and_not_copied()
    {
        var text = new string("PE30 1AA".AsSpan());
        Assert.Same(text, Postcode.Read(text).Value.Text);
    }
}
