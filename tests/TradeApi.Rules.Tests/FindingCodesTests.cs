using System.Text.RegularExpressions;

namespace TradeApi.Rules.Tests;

/// <summary>The catalogue of codes against what rules, members and readers of files really give.</summary>
public partial class FindingCodesTests
{
    const string Catalogue = "src/TradeApi.Rules/FindingCodes.cs";

    [Fact]
    public void Every_code_that_a_table_or_a_member_can_give_is_in_the_catalogue()
    {
        var given = EventTypes.All.SelectMany(type =>
            CodesOf.Rules(type).Select(rule => rule.Code).Concat(CodesOf.Members(type).Select(code => code.Code))
        );

        AssertNone(
            given.Distinct().Except(FindingCodes.ByCode.Keys),
            $"These codes are not explained; add them to {Catalogue}"
        );
    }

    [Fact]
    public void Every_code_that_a_vector_expects_is_in_the_catalogue() =>
        AssertNone(
            ExpectedByVectors().Except(FindingCodes.ByCode.Keys),
            $"Vectors expect codes that are not explained; add them to {Catalogue}"
        );

    [Fact]
    public void The_catalogue_has_no_code_that_nothing_gives() =>
        AssertNone(
            FindingCodes
                .All.Where(code => code.Step is not (FindingStep.Row or FindingStep.Later))
                .Select(code => code.Code)
                // Told as an outcome.
                .Except(["duplicate.same-reference"])
                .Except(ExpectedByVectors()),
            $"No vector finds these codes. Add a vector, or take them out of {Catalogue}"
        );

    [Fact]
    public void The_codes_of_later_notices_are_those_of_their_tables_and_of_staff() =>
        Assert.Equal(
            LaterRules
                .Reversal.Concat(LaterRules.Correction)
                .Concat(LaterRules.Dispute)
                .Where(rule => rule.Severity == Severity.Refuse)
                .Select(rule => rule.Code)
                .Append("referred.refused")
                .Order(StringComparer.Ordinal),
            FindingCodes
                .All.Where(code => code.Step == FindingStep.Later)
                .Select(code => code.Code)
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void The_codes_of_rows_are_those_of_the_readers_of_files()
    {
        // A row that is too long ends the reading of its file: a problem of the file, no finding on a row.
        string[] ofFiles = ["row.too-long"];
        var given = Directory
            .EnumerateFiles(Checkout.PathOf("src/TradeApi/Submissions/Reading"), "*.cs")
            .SelectMany(file => RowCode().Matches(File.ReadAllText(file)).Select(match => match.Groups["code"].Value))
            .Distinct()
            .Except(ofFiles)
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            given,
            FindingCodes
                .All.Where(code => code.Step == FindingStep.Row)
                .Select(code => code.Code)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_rule_does_to_a_notice_what_the_catalogue_says() =>
        AssertNone(
            EventTypes
                .All.SelectMany(CodesOf.Rules)
                .Where(rule =>
                    FindingCodes.ByCode.TryGetValue(rule.Code, out var code) && code.Severity != rule.Severity
                )
                .Select(rule => $"{rule.Code} is {rule.Severity} in its table"),
            $"The severity differs from that in {Catalogue}"
        );

    [Fact]
    public void A_code_is_found_in_the_step_that_the_catalogue_names()
    {
        var steps = new Dictionary<FindingStep, IEnumerable<Rule>>
        {
            [FindingStep.Notice] = ShapeRules.Common,
            [FindingStep.Authority] = AuthorityRules.Common,
            [FindingStep.Reference] = ReferenceRules.Common,
            [FindingStep.Proof] = ProofRules.Common,
            [FindingStep.Record] =
            [
                RecordRules.AlreadyRecorded,
                .. RecordRules.Common,
                .. RecordRules.OfState,
                .. EventTypes.All.SelectMany(type => type.RecordRules),
            ],
        };

        AssertNone(
            steps.SelectMany(step =>
                step.Value.Where(rule => FindingCodes.ByCode[rule.Code].Step != step.Key)
                    .Select(rule => $"{rule.Code} is found in the step {step.Key}")
            ),
            $"The step differs from that in {Catalogue}"
        );
    }

    [Fact]
    public void Meaning_mend_and_sandbox_trigger_are_sentences() =>
        AssertNone(
            FindingCodes
                .All.SelectMany(code => new[] { code.Meaning, code.Mend, code.SandboxTrigger })
                .Where(sentence => !char.IsAsciiLetterUpper(sentence[0]) || !sentence.EndsWith('.')),
            "These begin without a capital or end without a full stop"
        );

    [Fact]
    public void Every_member_has_one_form() =>
        AssertNone(
            EventTypes
                .Members.Where(field => ValueForm.All.Count(form => form.Members.Contains(field)) != 1)
                .Select(field => field.Path),
            "These members stand in no form, or in two, of src/TradeApi.Rules/ValueForm.cs"
        );

    static HashSet<string> ExpectedByVectors() =>
        [.. VectorFile.All.SelectMany(file => file.Vectors).SelectMany(vector => vector.Codes)];

    static void AssertNone(IEnumerable<string> these, string why) =>
        Assert.True(!these.Any(), $"{why}: {string.Join("; ", these)}.");

    [GeneratedRegex("\"(?<code>row\\.[a-z-]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RowCode();
}
