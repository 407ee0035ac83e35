namespace TradeApi.Rules;

/// <summary>What became of a notice.</summary>
public enum Outcome
{
    /// <summary>It is recorded.</summary>
    Accepted,

    /// <summary>It is not recorded; the findings say why.</summary>
    Refused,

    /// <summary>A person at the register must look before it is recorded.</summary>
    Referred,

    /// <summary>It was accepted or referred before; that decision stands.</summary>
    Duplicate,
}

/// <summary>What became of the proof. Who counts guesses counts the wrong ones; a notice that never came so far is no guess.</summary>
public enum ProofVerdict
{
    /// <summary>An earlier step ended the judgement.</summary>
    NotJudged,

    /// <summary>The mark is locked for the organisation acted for, so nobody looked at the proof.</summary>
    Locked,

    /// <summary>Mark and proof do not belong together.</summary>
    Wrong,

    /// <summary>The notice knows of the vehicle what it must.</summary>
    Right,
}

/// <summary>The decision on one notice, with all that was found in the step that ended it and the notes before.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Findings">All findings together; none is held back for the next try.</param>
/// <param name="After">The vehicle as the register has it afterwards; only of an accepted notice.</param>
public sealed record Decision(Outcome Outcome, IReadOnlyList<Finding> Findings, Vehicle? After = null)
{
    /// <summary>What became of its proof.</summary>
    public ProofVerdict Proof { get; init; }
}
