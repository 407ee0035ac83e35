using System.Text.Json;
using TradeApi.Http;
using TradeApi.Rules;

namespace TradeApi.Register;

/// <summary>Findings between the rules, the database and the partner. They are kept as they are answered.</summary>
static class FindingText
{
    public static string? Write(IReadOnlyList<Finding> findings) =>
        findings.Count == 0 ? null : JsonSerializer.Serialize(findings.Select(ToAnswer), Json.Options);

    public static IReadOnlyList<FindingAnswer> Read(string? text) =>
        text is null ? [] : JsonSerializer.Deserialize<IReadOnlyList<FindingAnswer>>(text, Json.Options)!;

    /// <summary>Findings as the rules gave them, from what was answered.</summary>
    public static IReadOnlyList<Finding> ToFindings(string? text) =>
        Read(text)
            .Select(finding => new Finding(
                finding.Code,
                finding.Severity switch
                {
                    "refuse" => Severity.Refuse,
                    "confirm" => Severity.Confirm,
                    _ => Severity.Note,
                },
                finding.Pointer,
                finding.Message,
                finding.Suggestion,
                finding.Line
            ))
            .ToList();

    // That a notice is referred is no secret, why is; so the finding is answered as a note.
    static FindingAnswer ToAnswer(Finding finding) =>
        new(
            finding.Code,
            finding.Severity switch
            {
                Severity.Refuse => "refuse",
                Severity.Confirm => "confirm",
                _ => "note",
            },
            finding.Pointer,
            finding.Message,
            finding.Suggestion,
            finding.Line
        );
}
