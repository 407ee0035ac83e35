using System.Globalization;

namespace TradeApi.Rules.Tests;

/// <summary>What keeps tables and vectors together: a rule that no vector triggers is a rule that nobody has proved.</summary>
public class VectorConventions
{
    public static TheoryData<string> Types() => [.. EventTypes.All.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_has_a_paragraph_a_source_and_vectors(string name)
    {
        var type = Type(name);

        Assert.True(
            type.Paragraph.Length > 80,
            $"{name} needs a paragraph: what it is, who tells us, what it stands for."
        );
        Assert.True(type.Source.Length > 0, $"{name} needs a source: where its rules come from.");
        Assert.True(type.WhatHappens.Length > 0, $"{name} must say in words what happens to the record.");
        Assert.True(
            VectorFile.All.Any(file => file.Type == type),
            $"{name} has no vectors. Add tests/vectors/{VectorFile.NameOf(type)}, with the plain accepted case first."
        );
    }

    [Fact]
    public void No_vectors_are_without_a_type()
    {
        var stray = VectorFile.NamesOnDisk.Except(EventTypes.All.Select(VectorFile.NameOf)).ToList();

        Assert.True(stray.Count == 0, $"No type of notice is called so: {string.Join(", ", stray)} in tests/vectors.");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_sentence_stands_once_and_the_first_row_is_the_plain_case(string name)
    {
        var vectors = VectorsOf(name);

        Assert.Equal(Outcome.Accepted, vectors[0].Expected);
        Assert.Empty(vectors[0].Codes);
        var twice = vectors
            .GroupBy(vector => vector.Sentence, StringComparer.Ordinal)
            .Where(group => group.Count() > 1);
        Assert.True(!twice.Any(), $"A sentence stands twice: {string.Join("; ", twice.Select(group => group.Key))}");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_rule_of_a_type_is_triggered_by_a_vector(string name)
    {
        var findings = FindingsOf(name);

        var unproved = CodesOf
            .Rules(Type(name))
            .Where(rule =>
                !findings.Any(finding =>
                    finding.Code == rule.Code && finding.Message.StartsWith(rule.Sentence, StringComparison.Ordinal)
                )
            )
            .Select(rule => $"{rule.Code}: {rule.Sentence}")
            .ToList();

        Assert.True(unproved.Count == 0, Unproved(name, unproved));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Everything_that_can_be_wrong_with_a_member_is_wrong_in_a_vector(string name)
    {
        var found = FindingsOf(name).Select(finding => new CodeAt(finding.Code, finding.Pointer)).ToHashSet();

        var unproved = CodesOf.Members(Type(name)).Except(found).Select(code => code.ToString()).ToList();

        Assert.True(unproved.Count == 0, Unproved(name, unproved));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Vectors_find_nothing_that_the_tables_do_not_name(string name)
    {
        var type = Type(name);
        var named = CodesOf
            .Rules(type)
            .Select(rule => new CodeAt(rule.Code, rule.Pointer))
            .Concat(CodesOf.Members(type))
            .ToHashSet();

        // A member that the type does not have is unknown wherever it stands.
        var unnamed = FindingsOf(name)
            .Where(finding => finding.Code != "field.unknown")
            .Select(finding => new CodeAt(finding.Code, finding.Pointer))
            .Where(code => !named.Contains(code))
            .Distinct()
            .ToList();

        Assert.True(
            unnamed.Count == 0,
            $"{name} finds what neither its tables nor the forms of its members name: {string.Join("; ", unnamed)}"
        );
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_allowed_state_and_every_kind_of_sender_has_an_accepted_vector(string name)
    {
        var type = Type(name);
        var accepted = VectorsOf(name)
            .Where(vector => vector.Expected == Outcome.Accepted)
            .Select(v => v.Case)
            .ToList();

        var states = type.AllowedIn.Except(accepted.Select(@case => @case.Vehicle!.State)).ToList();
        var kinds = type.Who.Except(accepted.Select(@case => @case.ActingFor!.Kind)).ToList();

        Assert.True(states.Count == 0, $"{name} is accepted by no vector in the states {string.Join(", ", states)}.");
        Assert.True(kinds.Count == 0, $"{name} is accepted by no vector of the kinds {string.Join(", ", kinds)}.");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_kind_that_may_not_send_has_a_refused_vector(string name)
    {
        var refused = VectorsOf(name)
            .Where(vector => vector.Codes.Contains("authority.event-type"))
            .Select(vector => vector.Case.ActingFor!.Kind);

        var missing = Enum.GetValues<OrganisationKind>().Except(Type(name).Who).Except(refused).ToList();

        Assert.True(missing.Count == 0, $"{name} is refused by no vector to the kinds {string.Join(", ", missing)}.");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_finding_that_can_be_confirmed_is_confirmed_in_a_vector(string name)
    {
        var codes = CodesOf
            .Rules(Type(name))
            .Where(rule => rule.Severity == Severity.Confirm)
            .Select(rule => rule.Code);
        var confirmed = VectorsOf(name)
            .Where(vector => vector.Expected == Outcome.Accepted)
            .SelectMany(vector =>
                CodesOf.Rules(Type(name)).Where(rule => Found(rule, vector)).Select(rule => rule.Code)
            );

        Assert.Empty(codes.Except(confirmed));

        static bool Found(Rule rule, Vector vector) => rule.Judge(vector.Case) is not null;
    }

    [Fact]
    public void Each_state_has_its_own_refusal_in_the_order_of_the_states()
    {
        var any = VectorsOf(DisposalName)[0].Case;

        foreach (var state in Enum.GetValues<VehicleState>())
            Assert.Equal(
                RecordRules.OfState[(int)state],
                Assert.Single(
                    RecordRules.OfState,
                    rule => rule.When(any with { Vehicle = any.Vehicle! with { State = state } })
                )
            );
    }

    const string DisposalName = "disposalToTrade";

    static EventType Type(string name) => EventTypes.All.Single(type => type.Name == name);

    static IReadOnlyList<Vector> VectorsOf(string name) =>
        VectorFile.All.Single(file => file.Type.Name == name).Vectors;

    static List<Finding> FindingsOf(string name) =>
        [.. VectorsOf(name).SelectMany(vector => Judgement.Decide(vector.Case).Findings)];

    static string Unproved(string name, List<string> what) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            No vector of {name} finds these {what.Count}; add a row for each to tests/vectors/{VectorFile.NameOf(
                Type(name)
            )}:
              {string.Join("\n  ", what)}
            """
        );
}
