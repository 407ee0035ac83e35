using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class EmailAddressTests
{
    static readonly string Label63 = new('a', 63);

    public static TheoryData<string> Addresses =>
        ["a@b", "fleet@example.co.uk", "First.Last+tax@Example.com", "o'sample@example.com", $"a@{Label63}.com"];

    public static TheoryData<string, string> Others =>
        new()
        {
            { "", "0 characters" },
            { "@a", "2 characters" },
            { new string('a', 255), "255 characters" },
            { "example.com", "exactly one @" },
            { "a@b@c", "exactly one @" },
            { "@example.com", "before the @" },
            { new string('a', 65) + "@example.com", "before the @" },
            { "a/b@example.com", "before the @" },
            { $"a@{Label63}a.com", "after the @" },
            { "a@example..com", "after the @" },
            { "ab@", "after the @" },
            { "a@-example.com", "after the @" },
            { "a@example-.com", "after the @" },
            { "a@exa_mple.com", "after the @" },
            { " a@example.com", "Character 1" },
            { "a <a@example.com>", "Character 2" },
            { "a@example.com\r\n", "line break" },
        };

    [Theory]
    [MemberData(nameof(Addresses))]
    public void An_address_is_kept_as_given(string text) => Assert.Equal(text, EmailAddress.Read(text).Accepted());

    [Theory]
    [MemberData(nameof(Others))]
    public void Anything_else_is_refused(string text, string says) =>
        EmailAddress.Read(text).Says("email.format", says);
}
