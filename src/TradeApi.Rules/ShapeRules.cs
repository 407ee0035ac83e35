namespace TradeApi.Rules;

/// <summary>Step 1, first half: what can be said of the notice alone and of today's date.</summary>
public static class ShapeRules
{
    /// <summary>The rules that every type of notice has.</summary>
    public static readonly IReadOnlyList<Rule> Common =
    [
        new("date.in-future", "The event date lies after today. Send the notice on the day or later.", DateIsInFuture)
        {
            About = Fields.EventDate,
        },
        new(
            "date.too-old",
            "The event date lies too far back for this type of notice. Tell the register by post.",
            DateIsTooOld
        )
        {
            About = Fields.EventDate,
        },
        new(
            "date.over-12-months",
            "The event date lies over 12 months back. If it is right, repeat the notice with this code in confirmations.",
            DateIsOverTwelveMonthsBack
        )
        {
            About = Fields.EventDate,
            Severity = Severity.Confirm,
        },
    ];

    internal static void Judge(Case @case, List<Finding> findings)
    {
        var type = @case.Change.Type;
        findings.AddRange(@case.Change.Unreadable);
        var uses = type?.AllMembers ?? Fields.Common;
        for (var i = 0; i < uses.Count; i++)
            uses[i].Judge(@case, findings);
        Common.Judge(@case, findings);
        type?.ShapeRules.Judge(@case, findings);
    }

    static bool DateIsInFuture(Case @case) => @case.Change.EventDate > @case.Today;

    static bool DateIsTooOld(Case @case) =>
        @case.Change is { Type: { } type, EventDate: { } date } && date < @case.Today.AddYears(-type.YearsBack);

    static bool DateIsOverTwelveMonthsBack(Case @case) =>
        @case.Change.EventDate < @case.Today.AddMonths(-12) && !DateIsTooOld(@case);
}
