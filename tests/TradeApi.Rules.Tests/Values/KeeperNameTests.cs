using CsCheck;
using TradeApi.Rules.Values;

namespace TradeApi.Rules.Tests.Values;

public class KeeperNameTests
{
    const string Length = "field.length";
    const string Illegal = "field.characters";

    [Theory]
    [InlineData("Mr", "Mr")]
    [InlineData(" Mr ", "Mr")]
    [InlineData("Dr. h.c.", "Dr. h.c.")]
    [InlineData("Lt-Col", "Lt-Col")]
    [InlineData("Rear  Adm", "Rear Adm")]
    [InlineData("Abcdefghij", "Abcdefghij")]
    public void A_title_is_trimmed_and_its_runs_of_spaces_joined(string text, string title) =>
        Assert.Equal(title, Title.Read(text).Accepted());

    [Theory]
    [InlineData("", Length)]
    [InlineData("  ", Length)]
    [InlineData("Abcdefghijk", Length)]
    [InlineData("Mr1", Illegal)]
    [InlineData("Mr/Mrs", Illegal)]
    [InlineData("-", Illegal)]
    [InlineData("Mr & Mrs", Illegal)]
    [InlineData("Mr and Mrs", Illegal)]
    public void A_title_that_does_not_fit_is_refused(string text, string code) => Title.Read(text).Refused(code);

    [Theory]
    [InlineData("E", "E")]
    [InlineData("O\u2019Sample", "O'Sample")]
    [InlineData("O\u2018Sample", "O'Sample")]
    [InlineData("O\u02bcSample", "O'Sample")]
    [InlineData("'t Proef", "'t Proef")]
    [InlineData("St. John", "St. John")]
    [InlineData("Van\u00a0Der  Berg", "Van Der Berg")]
    [InlineData("Sa\u0301mple", "S\u00e1mple")]
    [InlineData("M\u0304ler", "M\u0304ler")]
    [InlineData("And", "And")]
    [InlineData("\u674e", "\u674e")]
    [InlineData("Abcdefghijklmnopqrstuvwxy", "Abcdefghijklmnopqrstuvwxy")]
    // Twenty-five letters that were sent with their accents apart.
    [InlineData(
        "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301",
        "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
    )]
    public void A_last_name_keeps_its_letters_and_marks_in_composed_form(string text, string name) =>
        Assert.Equal(name, LastName.Read(text).Accepted());

    [Theory]
    [InlineData("", Length, "empty")]
    [InlineData("Abcdefghijklmnopqrstuvwxyz", Length, "26 characters; the register holds 25")]
    [InlineData("Sample3", Illegal, "Character 7")]
    [InlineData("Sample\n", Illegal, "line break")]
    [InlineData("Sam\u200dple", Illegal, "invisible")]
    [InlineData("\u0301Sample", Illegal, "accent without its letter")]
    [InlineData("Sample\U0001f697", Illegal, "Character 7")]
    [InlineData("Sample\u2013Test", Illegal, "hyphen or dash")]
    [InlineData(". -", Illegal, "no letter")]
    [InlineData("Sample & Test", Illegal, "joint keepers")]
    [InlineData("Sample + Test", Illegal, "joint keepers")]
    public void A_last_name_that_does_not_fit_is_refused_with_its_limit(string text, string code, string says)
    {
        var fault = LastName.Read(text).Says(code, says);
        Assert.DoesNotContain("Sample", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_with_half_of_a_broken_character_is_refused() =>
        LastName.Read("Sam\ud83dple").Says(Illegal, "broken");

    [Fact]
    public void A_position_counts_a_surrogate_pair_as_one_character() =>
        LastName.Read("\U00020bb7\U00020bb7?").Says(Illegal, "Character 3 of");

    [Fact]
    public void Title_and_first_names_have_26_characters_together_without_the_space()
    {
        var names = FirstNames.Read("Abcdefghijklmnopqrstuvwx").Value;
        Assert.Null(names.FaultWith(Title.Read("Mr").Value));

        var fault = names.FaultWith(Title.Read("Mrs").Value);
        Assert.Equal(Length, fault!.Code);
        Assert.Contains("27 characters together", fault.Message, StringComparison.Ordinal);
        FirstNames.Read("Abcdefghijklmnopqrstuvwxyza").Says(Length, "27 characters");
    }

    [Theory]
    [InlineData("T&S Motors")]
    [InlineData("3Q's Cars (& Son) Ltd.")]
    [InlineData("\"K\" Line")]
    [InlineData("A+B  Hire/Sales, Ltd")]
    [InlineData("24")]
    [InlineData("Caff\u00ed Cymru")]
    [InlineData("Abcdefghijklmnopqrstuvwxyz 123")]
    public void A_business_name_is_kept_as_given(string text) => Assert.Equal(text, BusinessName.Read(text).Accepted());

    [Fact]
    public void A_curly_apostrophe_of_a_business_is_stored_straight() =>
        Assert.Equal("O'Sample Ltd", BusinessName.Read("O\u2019Sample Ltd").Accepted());

    [Theory]
    [InlineData("", Length, "empty")]
    [InlineData("A", Length, "at least 2")]
    [InlineData("Abcdefghijklmnopqrstuvwxyz 1234", Length, "31 characters; the register holds 30")]
    [InlineData("Sample (North", Illegal, "bracket")]
    [InlineData("Sample )North(", Illegal, "bracket")]
    [InlineData("Sample *", Illegal, "Character 8")]
    [InlineData("Sample\u00a0Ltd", Illegal, "Character 7")]
    [InlineData("=Sample", Illegal, "Character 1")]
    [InlineData(" Sample", Illegal, "begins or ends with a space")]
    [InlineData("Sample ", Illegal, "begins or ends with a space")]
    [InlineData("--", Illegal, "no letter and no digit")]
    public void A_business_name_that_does_not_fit_is_refused(string text, string code, string says) =>
        BusinessName.Read(text).Says(code, says);

    [Fact]
    public void A_name_is_stored_whole_or_refused() =>
        Gen.Char["ab\u00e9\u0301 -.'\u2019"]
            .Array[0, 30]
            .Select(x => new string(x))
            .Sample(text =>
                LastName.Read(text) is not { IsValue: true } reading
                || (
                    LastName.Read(reading.Value.Text).Value == reading.Value
                    && LastName.Read(text.Normalize(System.Text.NormalizationForm.FormD)).Value == reading.Value
                    && reading.Value.Text
                        == string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                            .Replace('\u2019', '\'')
                            .Normalize()
                )
            );
}
