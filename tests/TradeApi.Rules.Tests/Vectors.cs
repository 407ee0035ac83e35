namespace TradeApi.Rules.Tests;

/// <summary>The cases of <c>tests/vectors</c>: each row is a test, and its sentence the test's name.</summary>
public class Vectors
{
    public static IEnumerable<TheoryDataRow<string, int>> Rows() =>
        VectorFile.All.SelectMany(file =>
            file.Vectors.Select(
                (vector, index) =>
                    new TheoryDataRow<string, int>(file.Type.Name, index)
                    {
                        TestDisplayName = vector.Sentence,
                        Label = "",
                    }
            )
        );

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_notice_is_decided_as_its_vector_says(string type, int index)
    {
        var vector = VectorFile.All.Single(file => file.Type.Name == type).Vectors[index];

        var decision = Judgement.Decide(vector.Case);

        var found = decision.Findings.Select(finding => finding.Code).Distinct().Order(StringComparer.Ordinal).ToList();
        var expected = vector.Codes.Order(StringComparer.Ordinal).ToList();
        Assert.True(
            decision.Outcome == vector.Expected && found.SequenceEqual(expected),
            $"""
            {vector.Place}: {vector.Sentence}
              expected: {vector.Expected} {string.Join(' ', expected)}
              found:    {decision.Outcome} {string.Join(' ', found)}
            {string.Join(
                '\n',
                decision.Findings.Select(finding => $"    {finding.Code} {finding.Pointer} {finding.Message}")
            )}
            """
        );
        Assert.Equal(
            vector.Suggestion,
            decision.Findings.Select(finding => finding.Suggestion).FirstOrDefault(s => s is not null)
        );
        Assert.Equal(decision.Outcome == Outcome.Accepted, decision.After is not null);
        if (decision.After is { } after)
            Assert.All(
                vector.After,
                said => Assert.Equal(said.Value, vector.InWords(after, said.Key), ignoreCase: true)
            );
    }
}
