using CsCheck;
using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class DocumentReferenceNumberTests
{
    const string Code = "document-reference.format";

    [Theory]
    [InlineData("12345678901")]
    [InlineData(" 12345678901 ")]
    [InlineData("123 4567 8901")]
    [InlineData("123\u00a045678901")]
    public void Eleven_digits_are_read_and_spaces_ignored(string text) =>
        Assert.Equal("12345678901", DocumentReferenceNumber.Read(text).Accepted());

    [Theory]
    [InlineData("", "empty")]
    [InlineData("123456789012", "V5C/2")]
    [InlineData("1234 5678 9012", "V5C/2")]
    [InlineData("1234567890123456", "V11")]
    [InlineData("1234567890", "zero at the front")]
    [InlineData("1", "1 digit,")]
    [InlineData("123456789", "9 digits")]
    [InlineData("1.23457E+10", "scientific")]
    [InlineData("1,23457e10", "scientific")]
    [InlineData("1234567890A", "Character 11")]
    [InlineData("12345-678901", "Character 6")]
    [InlineData("12345678901.0", "Character 12")]
    [InlineData("1234567890\u0661", "another script")]
    [InlineData("12345678901\n", "line break")]
    public void Anything_else_is_refused_and_the_message_says_what_it_is(string text, string says) =>
        Assert.Null(DocumentReferenceNumber.Read(text).Says(Code, says).Suggestion);

    [Fact]
    public void Spaces_never_change_the_number() =>
        Gen.Char["0123456789"]
            .Array[11]
            .Select(Gen.Int[0, 11])
            .Sample(
                (digits, at) =>
                {
                    var number = new string(digits);
                    return DocumentReferenceNumber.Read(number.Insert(at, " ")).Value.Text == number;
                }
            );
}
