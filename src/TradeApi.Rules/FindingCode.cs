namespace TradeApi.Rules;

/// <summary>One code that a finding may have, as it is explained to partners.</summary>
/// <param name="Code">The stable code, such as <c>vehicle.not-matched</c>.</param>
/// <param name="Step">Where in the judgement it is found.</param>
/// <param name="Severity">What it does to the notice.</param>
/// <param name="Meaning">What has been found, in one sentence.</param>
/// <param name="WhoActs">Who must act next.</param>
/// <param name="Mend">What they have to do.</param>
/// <param name="SandboxTrigger">How a partner meets the code in the sandbox, to try out what its software makes of it.</param>
public sealed record FindingCode(
    string Code,
    FindingStep Step,
    Severity Severity,
    string Meaning,
    WhoActs WhoActs,
    string Mend,
    string SandboxTrigger
)
{
    /// <summary>
    /// Whether the very same notice can succeed later, after others have acted or time has passed. When not, sending it
    /// again unchanged is of no use.
    /// </summary>
    public bool SameAgainMaySucceed { get; init; }
}

/// <summary>Where in the judgement a finding is made.</summary>
public enum FindingStep
{
    /// <summary>While a file is read, before there is a notice to judge.</summary>
    Row,

    /// <summary>On the notice alone.</summary>
    Notice,

    /// <summary>On the right of the organisation acted for, and of the sender to act for it.</summary>
    Authority,

    /// <summary>On earlier notices with the same reference.</summary>
    Reference,

    /// <summary>On what the notice knows of the vehicle.</summary>
    Proof,

    /// <summary>On the vehicle's record.</summary>
    Record,

    /// <summary>On a reversal, a correction or a dispute of an earlier notice.</summary>
    Later,
}

/// <summary>Who must act on a finding before the notice can be accepted.</summary>
public enum WhoActs
{
    /// <summary>Who sends the notice: its content must be put right.</summary>
    Sender,

    /// <summary>The organisation that the sender acts for.</summary>
    OrganisationActedFor,

    /// <summary>The keeper, the new keeper or the executors of a keeper who has died.</summary>
    Keeper,

    /// <summary>The fleet that is the keeper.</summary>
    Fleet,

    /// <summary>The trader that holds the vehicle or takes it in.</summary>
    Trader,

    /// <summary>The insurer that took the vehicle.</summary>
    Insurer,

    /// <summary>The register.</summary>
    Register,

    /// <summary>Nobody: there is nothing to mend.</summary>
    Nobody,
}
