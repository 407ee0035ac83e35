namespace TradeApi.Rules;

/// <summary>What a reversal, a correction or a dispute is judged by: the earlier notice, and what has followed.</summary>
public sealed record LaterCase
{
    /// <summary>The type of the notice concerned; null when that is itself a reversal or a correction.</summary>
    public required EventType? Type { get; init; }

    /// <summary>Whether the notice concerned is accepted and has not been reversed.</summary>
    public required bool Stands { get; init; }

    /// <summary>The date in Europe/London of the decision on it.</summary>
    public required DateOnly DecidedOn { get; init; }

    /// <summary>The date in Europe/London.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>Whether no event of the vehicle has followed it.</summary>
    public bool IsLastEvent { get; init; }

    /// <summary>Whether another vehicle bears the mark that this one would bear again.</summary>
    public bool MarkIsTaken { get; init; }

    /// <summary>Whether the register's own staff act.</summary>
    public bool ByStaff { get; init; }

    /// <summary>Whether the correction changes the event date.</summary>
    public bool ChangesDate { get; init; }

    /// <summary>The vehicle as the register has it now.</summary>
    public Vehicle? Vehicle { get; init; }

    /// <summary>Whether the notice disputed is one that the disputing organisation sent or had sent.</summary>
    public bool IsOwnNotice { get; init; }

    /// <summary>Whether the organisation has a dispute open on the same notice.</summary>
    public bool DisputeIsOpen { get; init; }

    /// <summary>Whether staff have decided the organisation's dispute of the same notice.</summary>
    public bool DisputeIsDecided { get; init; }

    /// <summary>Whether the register still keeps what the notice said and what was before it.</summary>
    public bool IsKept { get; init; } = true;
}

/// <summary>One row of a table of rules on what follows a decision.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Sentence">What is wrong and what to do, in the partner's words.</param>
/// <param name="When">The condition.</param>
public sealed record LaterRule(string Code, string Sentence, Func<LaterCase, bool> When)
{
    /// <summary>What the finding does; a refusal unless the row says otherwise.</summary>
    public Severity Severity { get; init; } = Severity.Refuse;
}

/// <summary>What may follow a decision, and until when.</summary>
public static class LaterRules
{
    /// <summary>For so many days after the decision a notice can be reversed or corrected.</summary>
    public const int DaysToReverse = 28;

    /// <summary>For so many days after the decision a notice can be disputed.</summary>
    public const int DaysToDispute = 90;

    static readonly LaterRule RegisterCheck = new(
        "referred.register-check",
        "A person at the register must look before this is recorded. If the notice is referred, you are told the decision; do not send it again.",
        @case => !@case.ByStaff && @case.Vehicle is { Stolen: true } or { DisputeOpen: true } or { UnderGuard: true }
    )
    {
        Severity = Severity.Refer,
    };

    /// <summary>A reversal: the record becomes what it was before the notice.</summary>
    public static readonly IReadOnlyList<LaterRule> Reversal =
    [
        new(
            "reversal.not-accepted",
            "Only an accepted notice that has not been reversed can be reversed. A reversal or a correction cannot be reversed.",
            @case => !@case.Stands || @case.Type is null
        ),
        new(
            "reversal.by-staff-only",
            "A destruction is reversed by the register's own staff only. Write to the register.",
            @case => !@case.ByStaff && IsDestruction(@case.Type)
        ),
        new(
            "reversal.too-late",
            "A notice can be reversed for 28 days after its decision. Write to the register.",
            @case => !@case.ByStaff && @case.Today > @case.DecidedOn.AddDays(DaysToReverse)
        ),
        new(
            "reversal.not-last-event",
            "Another event has followed on the vehicle. Only its last event can be reversed.",
            @case => @case.Stands && !@case.IsLastEvent
        ),
        new(
            "reversal.not-kept",
            "The register no longer keeps what was before this notice. Write to the register.",
            @case => @case.Stands && @case.Type is not null && !@case.IsKept
        ),
        new(
            "reversal.mark-taken",
            "Another vehicle bears the mark that this one would bear again. It must be taken off that vehicle first.",
            @case => @case.MarkIsTaken
        ),
        RegisterCheck,
    ];

    /// <summary>A correction: some members of the notice are other than notified. The notice as corrected is judged by the rules of its type.</summary>
    public static readonly IReadOnlyList<LaterRule> Correction =
    [
        new(
            "correction.not-accepted",
            "Only an accepted notice that has not been reversed can be corrected. To change a correction, send another correction of the same notice.",
            @case => !@case.Stands || @case.Type is null
        ),
        new(
            "correction.too-late",
            "A notice can be corrected for 28 days after its decision. Write to the register.",
            @case => !@case.ByStaff && @case.Today > @case.DecidedOn.AddDays(DaysToReverse)
        ),
        new(
            "correction.not-kept",
            "The register no longer keeps what this notice said. Write to the register.",
            @case => @case.Stands && @case.Type is not null && !@case.IsKept
        ),
        new(
            "correction.not-last-event",
            "Another event has followed on the vehicle and builds on this date. Only the date of its last event can be corrected.",
            @case => @case.ChangesDate && !@case.IsLastEvent
        ),
        RegisterCheck,
    ];

    /// <summary>A dispute: an organisation that held or kept the vehicle contradicts a notice by another.</summary>
    public static readonly IReadOnlyList<LaterRule> Dispute =
    [
        new("dispute.own-notice", "The notice is your own. Reverse or correct it instead.", @case => @case.IsOwnNotice),
        new(
            "dispute.not-accepted",
            "Only an accepted notice that has not been reversed can be disputed.",
            @case => !@case.Stands || @case.Type is null
        ),
        new(
            "dispute.too-late",
            "A notice can be disputed for 90 days after its decision. Write to the register.",
            @case => @case.Today > @case.DecidedOn.AddDays(DaysToDispute)
        ),
        new(
            "dispute.open-already",
            "Your dispute of this notice is open already. Staff of the register will decide it.",
            @case => @case.DisputeIsOpen
        ),
        new(
            "dispute.decided-already",
            "Staff of the register have decided your dispute of this notice. Write to the register if you have learnt something new.",
            @case => @case.DisputeIsDecided
        ),
    ];

    /// <summary>What the rules of a table find.</summary>
    public static IReadOnlyList<Finding> Judge(this IReadOnlyList<LaterRule> rules, LaterCase @case) =>
        [
            .. rules
                .Where(rule => rule.When(@case))
                .Select(rule => new Finding(rule.Code, rule.Severity, null, rule.Sentence)),
        ];

    static bool IsDestruction(EventType? type) =>
        type == CertificateOfDestruction.Type || type == NotificationOfDestruction.Type;
}
