namespace TradeApi.Rules.Tests;

/// <summary>Cases from outside about names, addresses and postcodes, on whole notices.</summary>
public class NameCases
{
    static readonly (string, string)[] ABusiness =
    [
        ("newKeeper.title", "-"),
        ("newKeeper.firstNames", "-"),
        ("newKeeper.lastName", "-"),
        ("newKeeper.businessName", "Sample Hire Ltd"),
    ];

    [Theory]
    [InlineData("GIR 0AA")]
    [InlineData("gir0aa")]
    public void C016_Space_and_case_do_not_change_the_verdict_on_a_postcode(string postcode) =>
        Assert.Equal("GIR 0AA", Sold(("newKeeper.address.postcode", postcode)).Accepted().Keeper!.Postcode);

    [Fact]
    public void C017_A_keeper_with_a_forces_address_is_recorded() =>
        Sold(("newKeeper.address.postcode", "BF1 2AY"), ("newKeeper.address.line1", "BFPO 61")).Accepted();

    [Theory]
    [InlineData("BFPO 61", "postcode.format", "BF1")]
    [InlineData("FIQQ 1ZZ", "postcode.outside-uk", "overseas territory")]
    public void C018_Postcodes_that_are_known_but_not_usable_have_a_message_of_their_own(
        string postcode,
        string code,
        string says
    ) =>
        Assert.Contains(
            says,
            Sold(("newKeeper.address.postcode", postcode)).Refused(code).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("JE2 4AA")]
    [InlineData("GY1 1AA")]
    [InlineData("IM1 1AA")]
    public void C019_A_new_keeper_on_the_islands_needs_a_permanent_export(string postcode) =>
        Assert.Contains(
            "permanentExport",
            Sold(("newKeeper.address.postcode", postcode)).Refused("postcode.outside-uk").Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void C020_The_letter_O_for_zero_in_a_postcode_is_refused_with_the_suggestion() =>
        Assert.Equal("SA1 0AA", Sold(("newKeeper.address.postcode", "SA1 OAA")).Refused("postcode.format").Suggestion);

    [Theory]
    [InlineData("SW1A 11A")]
    [InlineData("SW1A1")]
    [InlineData("SW1A 1AAA")]
    public void C021_A_postcode_ends_with_one_digit_and_two_letters(string postcode) =>
        Sold(("newKeeper.address.postcode", postcode)).Refused("postcode.format");

    [Fact]
    public void C024_Curly_and_straight_apostrophes_are_the_same_content()
    {
        var curly = Plain.With(("newKeeper.lastName", "O\u2019Sample"));
        var straight = Plain.With(("newKeeper.lastName", "O'Sample"));

        Assert.Equal("O'Sample", curly.Decide().Accepted().Keeper!.LastName);
        Assert.Equal("O'Sample", straight.Decide().Accepted().Keeper!.LastName);
        Assert.Equal(straight.Change.Content(), curly.Change.Content());
    }

    [Fact]
    public void C025_A_keeper_may_have_a_surname_of_one_letter() =>
        Assert.Equal(
            "E",
            Sold(("newKeeper.firstNames", "Su"), ("newKeeper.lastName", "E")).Accepted().Keeper!.LastName
        );

    [Fact]
    public void C027_A_long_business_name_is_refused_with_its_limit_and_never_cut() =>
        Assert.Contains(
            "30 at most",
            Sold([.. ABusiness, ("newKeeper.businessName", "SAMPLE & DAUGHTERS VEHICLE HIRE (NORTH) LTD")])
                .Refused("field.length")
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("T&S Motors")]
    [InlineData("3Q's Cars (& Son) Ltd.")]
    public void C028_A_business_name_is_on_the_record_as_it_was_sent(string name) =>
        Assert.Equal(name, Sold([.. ABusiness, ("newKeeper.businessName", name)]).Accepted().Keeper!.BusinessName);

    [Theory]
    [InlineData("Si\u00e2n", "\u0174yn-Prawf")]
    [InlineData("Zo\u00eb", "Sa\u0301mple")]
    public void C030_Letters_with_accents_are_the_same_content_in_every_form(string firstNames, string lastName)
    {
        var (composed, parted) = (System.Text.NormalizationForm.FormC, System.Text.NormalizationForm.FormD);
        var sent = Named(firstNames, lastName);

        sent.Decide().Accepted();
        Assert.Equal(
            Named(firstNames.Normalize(composed), lastName.Normalize(composed)).Change.Content(),
            Named(firstNames.Normalize(parted), lastName.Normalize(parted)).Change.Content()
        );

        static Vector Named(string first, string last) =>
            Plain.With(("newKeeper.firstNames", first), ("newKeeper.lastName", last));
    }

    [Theory]
    [InlineData("BISHOP'S STORTFORD")]
    [InlineData("KING'S LYNN")]
    [InlineData("Stoke-on-Trent")]
    [InlineData("LLANFAIRPWLLGWYNGYLL")]
    public void C031_Real_post_towns_are_recorded(string town) =>
        Assert.Equal(town, Sold(("newKeeper.address.postTown", town)).Accepted().Keeper!.PostTown);

    [Fact]
    public void C032_A_house_number_alone_on_line_1_is_refused_and_told_its_shortest_length() =>
        Assert.Contains(
            "at least 4",
            Sold(("newKeeper.address.line1", "12"), ("newKeeper.address.line2", "Ivy Ct"))
                .Refused("field.length")
                .Message,
            StringComparison.Ordinal
        );

    static Vector Plain => Vector.Plain("acquisitionFromTrade");

    static Decision Sold(params IEnumerable<(string, string)> members) => Plain.With(members).Decide();
}
