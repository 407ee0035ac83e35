using System.Text.RegularExpressions;

namespace TradeApi.Rules.Tests;

/// <summary>
/// What a sender reads of members and values. These sentences stand in no table of rules: they are collected from the
/// vectors, which find each of them, and told once, whatever the type and the numbers in them.
/// </summary>
static partial class RulebookSentences
{
    const string Any = "any";

    /// <summary>One sentence, and when it is read.</summary>
    public sealed record Said(string Of, string Sent, string Code, string Sentence);

    static readonly Vector[] All = [.. VectorFile.All.SelectMany(file => file.Vectors)];

    /// <summary>Of members: one that is missing, unknown, of another kind, or at odds with another.</summary>
    public static IEnumerable<Said> OfMembers() =>
        (
            from vector in All
            from finding in vector
                .Change.Unreadable.Where(finding => !IsOfValue(finding))
                .Concat(OfUses(vector).Where(finding => !IsOfRule(vector, finding)))
            select InGeneral(vector, finding)
        )
            .DistinctBy(said => (said.Code, said.Sentence))
            .OrderBy(said => said.Code, StringComparer.Ordinal)
            .ThenBy(said => said.Of != Any)
            .ThenBy(said => said.Of, StringComparer.Ordinal)
            .ThenBy(said => said.Sentence, StringComparer.Ordinal);

    /// <summary>Of values: why a text is none, with a text of which it is said.</summary>
    public static IEnumerable<Said> OfValues() =>
        (
            from form in ValueForm.All
            from vector in All
            from finding in vector.Change.Unreadable
            where IsOfValue(finding) && ValueForm.Of(MemberAt(finding)!) == form
            select new Said(form.Name, Sent(vector, MemberAt(finding)!), finding.Code, finding.Message)
        ).DistinctBy(said => (said.Of, said.Code, Number().Replace(said.Sentence, "")));

    static IEnumerable<Finding> OfUses(Vector vector) =>
        (vector.Change.Type?.AllMembers ?? Fields.Common).SelectMany(use => use.Findings(vector.Case));

    static bool IsOfValue(Finding finding) =>
        MemberAt(finding) is { } member && ValueForm.Of(member).Codes.Contains(finding.Code) && !IsUnknown(finding);

    // A member that the type does not have is unknown whatever its value.
    static bool IsUnknown(Finding finding) =>
        finding.Code == "field.unknown"
        && (MemberAt(finding) is null || finding.Message.Contains("no such member", StringComparison.Ordinal));

    // Consents and members whose absence has a code of its own stand among the rules of their types.
    static bool IsOfRule(Vector vector, Finding finding) =>
        vector.Change.Type is { } type
        && type.Members.Any(use =>
            (use is Consent consent && consent.Sentence == finding.Message)
            || (use is RequiredAs required && required.Sentence == finding.Message)
        );

    static Said InGeneral(Vector vector, Finding finding)
    {
        var path = finding.Pointer![1..].Replace('/', '.');
        if (MemberAt(finding) is { } member && finding.Message == member.Missing().Message)
            return new Said(Any, "", finding.Code, "*member* is required. *Its meaning follows.*");
        if (finding.Code == "field.type")
            return new Said(Any, "", finding.Code, finding.Message.Replace(path, "*member*"));
        if (IsUnknown(finding))
            return new Said(
                Any,
                "",
                finding.Code,
                vector.Change.Type is { } type ? finding.Message.Replace(type.Name, "*type*") : finding.Message
            );
        return new Said($"`{path}`", "", finding.Code, finding.Message);
    }

    static Field? MemberAt(Finding finding) =>
        EventTypes.Members.FirstOrDefault(field => field.Pointer == finding.Pointer);

    static string Sent(Vector vector, Field field)
    {
        var text = vector.Members.First(member => member.Path == field.Path).Text.Replace("\n", "↵");
        return text.Length <= 40 ? text : $"{text[..12]}… ({text.Length} characters)";
    }

    [GeneratedRegex("[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
