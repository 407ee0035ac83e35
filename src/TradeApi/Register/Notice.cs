using TradeApi.Rules;
using TradeApi.Tokens;

namespace TradeApi.Register;

/// <summary>One notice on its way into the register.</summary>
sealed record Notice
{
    public required Guid Id { get; init; }

    public required KeeperChange Change { get; init; }

    /// <summary>The organisation whose software sent it.</summary>
    public required string SubmittedBy { get; init; }

    public required string ClientId { get; init; }

    /// <summary>
    /// The client that sent it, as it was at an earlier call: if it is not the same when the notice is decided, nothing comes of
    /// it. Null when the client was found in force at this call.
    /// </summary>
    public Client? Presumed { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What could not even be read as a notice: a fault in the text of a row. It is refused for that alone.</summary>
    public Finding? Unreadable { get; init; }

    public Guid? SubmissionId { get; init; }

    public int? RowNumber { get; init; }

    /// <summary>What the partner wrote, of a notice sent singly. A row's text is kept with its submission.</summary>
    public byte[]? Payload { get; init; }

    /// <summary>The key that makes a repeated call harmless, of a notice sent singly.</summary>
    public IdempotencyKey? Key { get; init; }

    /// <summary>The earlier notice that this one is about; null of a notice of an event.</summary>
    public Later? Later { get; init; }

    /// <summary>The organisation acted for, by its id; it may not exist.</summary>
    public string ActingFor => Later?.Concerns.OrganisationId ?? Change.OnBehalfOf ?? SubmittedBy;

    /// <summary>The reference that the notice uses up.</summary>
    public string? ClientReference => Later is null ? Change.ClientReference : Later.Notice?.ClientReference;
}

/// <summary>An Idempotency-Key with the fingerprint of the body that came with it.</summary>
sealed record IdempotencyKey(string Text, byte[] Fingerprint);

/// <summary>A decided notice, as the register keeps it.</summary>
sealed record DecidedNotice
{
    public required Guid KeeperChangeId { get; init; }
    public string Type { get; init; } = "";
    public required string Outcome { get; init; }

    /// <summary>The notice that a reversal or a correction is about.</summary>
    public Guid? ConcernsId { get; init; }

    /// <summary>The reversal or the latest correction of this notice.</summary>
    public Guid? ReversedBy { get; init; }
    public Guid? CorrectedBy { get; init; }

    /// <summary>When it was referred, of a notice that staff have decided since.</summary>
    public DateTimeOffset? ReferredAt { get; init; }
    public required string OrganisationId { get; init; }
    public required string SubmittedBy { get; init; }
    public required string ClientId { get; init; }
    public string? ClientReference { get; init; }
    public string? RegistrationNumber { get; init; }
    public Guid? VehicleId { get; init; }
    public DateOnly? EventDate { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>The findings as they are answered, in JSON; null when there are none.</summary>
    public string? Findings { get; init; }

    /// <summary>What a notice was told when it was referred; its own findings are those of staff's decision since.</summary>
    public static string FindingsOfReferral { get; } = FindingText.Write([RecordRules.RegisterCheck.ToFinding()])!;

    public Guid? SubmissionId { get; init; }
    public int? RowNumber { get; init; }

    /// <summary>16 random bytes; without them the digest tells nothing. Null once the personal data is erased.</summary>
    public byte[]? Salt { get; init; }
    public required byte[] Digest { get; init; }

    /// <summary>What the notice has changed on the vehicle's record, as it was before; see <see cref="Register.RecordBefore"/>.</summary>
    public string? RecordBefore { get; set; }

    /// <summary>The keepership that the notice has ended.</summary>
    public KeepershipRecord? FormerKeepership { get; set; }

    /// <summary>The document that the notice has replaced.</summary>
    public FormerDocument? FormerDocument { get; set; }

    /// <summary>The mark that the vehicle bears since, of a notice that has changed it.</summary>
    public string? NewRegistrationNumber { get; set; }

    /// <summary>The other trader whose stock the vehicle has left by this notice.</summary>
    public string? LeftStockOf { get; set; }

    /// <summary>The sender of the notice that a reversal or a correction is about, when that is another one.</summary>
    public string? ToldSender { get; init; }

    /// <summary>The notice that was tied to the vehicle before this one; the empty id when it is the first.</summary>
    public Guid? PreviousId { get; set; }

    /// <summary>Where what was written in it is kept, of a notice sent singly: the payload, its first byte there, from 0, and how many.</summary>
    public Guid? PayloadId { get; set; }
    public int? PayloadStart { get; set; }
    public int? PayloadLength { get; set; }

    /// <summary>The page of the ledger with its leaf, and the leaf's place there, from 0; none of a notice that was refused at once.</summary>
    public Guid? LedgerPageId { get; set; }
    public int? LedgerPlace { get; set; }

    /// <summary>Its position in the ledger, from 1, which is known once the ledger's head is held.</summary>
    public long? LedgerPosition { get; set; }
}

/// <summary>What a caller is told of one notice.</summary>
/// <param name="Notice">The notice as it came.</param>
/// <param name="Outcome">This time's outcome: a duplicate has the decision of the first.</param>
/// <param name="Decision">The decision that stands; null when nothing was decided.</param>
/// <param name="Replayed">Whether an earlier call with the same key is answered again.</param>
sealed record Answer(Notice Notice, Outcome Outcome, DecidedNotice? Decision, bool Replayed = false)
{
    /// <summary>The key was used before with another body: nothing was decided.</summary>
    public static Answer KeyReused(Notice notice) => new(notice, Outcome.Refused, null) { IsKeyReused = true };

    public bool IsKeyReused { get; private init; }

    /// <summary>The organisation acted for is held to a pace and this was too early: nothing was decided.</summary>
    public static Answer HeldBack(Notice notice) => new(notice, Outcome.Refused, null) { IsHeldBack = true };

    public bool IsHeldBack { get; private init; }

    /// <summary>The client that sent it is not the same as it was presumed to be: nothing was decided.</summary>
    public static Answer NotAsPresumed(Notice notice) => new(notice, Outcome.Refused, null) { IsNotAsPresumed = true };

    public bool IsNotAsPresumed { get; private init; }

    /// <summary>So many wait already that this one would wait too long: nothing was decided, not even whether it is a repeat.</summary>
    public static Answer TurnedAway(Notice notice) => new(notice, Outcome.Refused, null) { IsTurnedAway = true };

    public bool IsTurnedAway { get; private init; }

    /// <summary>Whether it says of a reference or a key of the notice that it was used before.</summary>
    public bool Repeats =>
        Replayed
        || IsKeyReused
        || Outcome == Outcome.Duplicate
        || Decision?.Findings?.Contains("duplicate.reference-reused", StringComparison.Ordinal) == true;

    /// <summary>How long the mark stays locked for the organisation acted for, when the notice was refused for that.</summary>
    public TimeSpan? LockedFor { get; init; }
}
