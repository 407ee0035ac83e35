using System.Text;
using CsCheck;

namespace TradeApi.Rules.Tests;

/// <summary>The content of a notice: the same facts are the same text, however they are written, and other facts another.</summary>
public class ContentProperties
{
    static readonly Vector[] Accepted =
    [
        .. VectorFile.All.SelectMany(file => file.Vectors).Where(vector => vector.Expected == Outcome.Accepted),
    ];

    static readonly Dictionary<string, string> OtherFacts = new(StringComparer.Ordinal)
    {
        ["registrationNumber"] = "CD21 EFG",
        ["eventDate"] = "2020-01-01",
        ["documentReferenceNumber"] = "98765432109",
        ["fleetNumber"] = "777777",
        ["vin"] = "WVWZZZ1KZAW000001",
        ["mileage"] = "77777",
        ["tradeOrganisation"] = "org_another",
        ["toOrganisation"] = "org_another",
        ["permitNumber"] = "EAWML77777",
        ["newKeeper.title"] = "Dr",
        ["newKeeper.firstNames"] = "Other",
        ["newKeeper.lastName"] = "Another",
        ["newKeeper.businessName"] = "Another Ltd",
        ["newKeeper.fleetNumber"] = "777777",
        ["newKeeper.driverNumber"] = "ANOTH912238FF9IJ",
        ["newKeeper.email"] = "another@example.com",
        ["newKeeper.address.line1"] = "77 Another Street",
        ["newKeeper.address.line2"] = "Another Place",
        ["newKeeper.address.line3"] = "Another Village",
        ["newKeeper.address.postTown"] = "Another",
        ["newKeeper.address.postcode"] = "ZE1 0AA",
    };

    [Fact]
    public void Another_spelling_is_the_same_content_and_the_same_verdict() =>
        Gen.Select(Gen.OneOf(Accepted), Gen.Bool.Array[30], Gen.OneOf(" ", "\u00a0", "\u2009"))
            .Sample(
                (vector, upper, space) =>
                {
                    var spelt = vector.CaseWith([
                        .. vector.Members.Select(
                            (member, at) => member with { Text = Respelt(member, upper[at % upper.Length], space) }
                        ),
                    ]);

                    Assert.Equal(vector.Change.Content(), spelt.Change.Content());
                    Assert.Equal(vector.Decide().InWords(), Judgement.Decide(spelt).InWords());
                },
                iter: 2000
            );

    [Fact]
    public void Another_fact_in_any_member_is_another_content()
    {
        foreach (var (vector, member) in Facts)
        {
            var other = member with { Kind = MemberKind.Cell, Text = OtherFact(member) };
            var changed = vector.CaseWith([.. vector.Members.Select(one => one == member ? other : one)]).Change;

            Assert.Empty(changed.Unreadable);
            Assert.True(
                vector.Change.Content() != changed.Content(),
                $"{vector.Place}: another {member.Path} is the same content."
            );
        }
    }

    [Fact]
    public void A_member_more_or_less_is_another_content()
    {
        foreach (var (vector, member) in Facts)
        {
            var without = vector.CaseWith([.. vector.Members.Where(one => one != member)]).Change;

            Assert.NotEqual(vector.Change.Content(), without.Content());
        }
    }

    [Fact]
    public void These_tests_change_every_member_that_is_content() =>
        Assert.Equal(
            EventTypes.OfContent.Select(field => field.Path).Order(StringComparer.Ordinal),
            Facts.Select(fact => fact.Member.Path).Distinct().Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Reference_confirmations_and_the_organisation_acted_for_are_no_content()
    {
        var plain = Vector.Plain("disposalToTrade");
        var other = plain.With(
            ("clientReference", "another"),
            ("confirmations", "date.over-12-months"),
            ("onBehalfOf", "org_other")
        );

        Assert.Equal(plain.Change.Content(), other.Change.Content());
    }

    static IEnumerable<(Vector Vector, Member Member)> Facts =>
        from vector in Accepted
        from member in vector.Members
        where EventTypes.OfContent.Any(one => one.Path == member.Path)
        select (vector, member);

    static string OtherFact(Member member) =>
        member.Text switch
        {
            "true" => "false",
            "false" => "true",
            "tax" or "sorn" => "none",
            "none" => "tax",
            _ => OtherFacts[member.Path],
        };

    static string Respelt(Member member, bool upper, string space)
    {
        var text = member.Text;
        return member.Path switch
        {
            "registrationNumber" => Spread(Cased(text, upper), space + "-"),
            "vin" => Spread(Cased(text, upper), space + "-"),
            "documentReferenceNumber" => Spread(text, space),
            "newKeeper.address.postcode" => Spread(Cased(text, upper), space),
            "newKeeper.driverNumber" => Cased(text, upper),
            "newKeeper.title" or "newKeeper.firstNames" or "newKeeper.lastName" => space
                + (upper ? Curly(text) : text.Normalize(NormalizationForm.FormD)).Replace(" ", space + space)
                + space,
            "newKeeper.businessName" or "newKeeper.address.postTown" => upper ? Curly(text) : text,
            "mileage" => upper ? "0" + text : text,
            _ => text,
        };
    }

    static string Cased(string text, bool upper) => upper ? text.ToUpperInvariant() : text.ToLowerInvariant();

    static string Spread(string text, string separator) => string.Join(separator, text.AsEnumerable());

    static string Curly(string text) => text.Replace('\'', '\u2019');
}
