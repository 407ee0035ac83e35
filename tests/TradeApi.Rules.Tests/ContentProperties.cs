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
        ["newKeeper.fleetNumber"] = "777777",
        ["newKeeper.driverNumber"] = "ANOTH912238FF9IJ",
        ["newKeeper.email"] = "another@example.com",
        ["dateOfLoss"] = "2018-06-01",
        ["aqpIdentifier"] = "AQP77777",
        ["destinationCountry"] = "ZW",
        ["informant.name"] = "Another",
        ["informant.relationship"] = "another",
        ["evidenceReference"] = "ANOTHER-7",
        ["startDate"] = "2020-01-01",
        ["certificateNumber"] = "7 77777 7777 AB12CDE",
        ["newRegistrationNumber"] = "CD21 EFG",
    };

    static readonly Dictionary<string, string> OtherNamesAndPlaces = new(StringComparer.Ordinal)
    {
        ["title"] = "Dr",
        ["firstNames"] = "Other",
        ["lastName"] = "Another",
        ["businessName"] = "Another Ltd",
        ["line1"] = "77 Another Street",
        ["line2"] = "Another Place",
        ["line3"] = "Another Village",
        ["postTown"] = "Another",
        ["postcode"] = "ZE1 0AA",
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
            "A" or "B" or "S" => "N",
            "N" => "S",
            _ => OtherFacts.GetValueOrDefault(member.Path) ?? OtherNamesAndPlaces[Last(member.Path)],
        };

    static string Last(string path) => path[(path.LastIndexOf('.') + 1)..];

    static string Respelt(Member member, bool upper, string space)
    {
        var text = member.Text;
        return Last(member.Path) switch
        {
            "registrationNumber" or "newRegistrationNumber" => Spread(Cased(text, upper), space + "-"),
            "vin" => Spread(Cased(text, upper), space + "-"),
            "documentReferenceNumber" => Spread(text, space),
            "certificateNumber" => Spread(Cased(text, upper), " "),
            "destinationCountry" => Cased(text, upper),
            "postcode" => Spread(Cased(text, upper), space),
            "driverNumber" => Cased(text, upper),
            "title" or "firstNames" or "lastName" => space
                + (upper ? Curly(text) : text.Normalize(NormalizationForm.FormD)).Replace(" ", space + space)
                + space,
            "businessName" or "postTown" => upper ? Curly(text) : text,
            "mileage" => upper ? "0" + text : text,
            _ => text,
        };
    }

    static string Cased(string text, bool upper) => upper ? text.ToUpperInvariant() : text.ToLowerInvariant();

    static string Spread(string text, string separator) => string.Join(separator, text.AsEnumerable());

    static string Curly(string text) => text.Replace('\'', '\u2019');
}
