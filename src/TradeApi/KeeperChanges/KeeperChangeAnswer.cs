using System.Globalization;
using TradeApi.Http;
using TradeApi.Register;
using TradeApi.Rules;

namespace TradeApi.KeeperChanges;

/// <summary>One keeper change as it was decided.</summary>
sealed record KeeperChangeAnswer
{
    /// <summary>Its id: `kc_` and a UUIDv7.</summary>
    public required string Id { get; init; }

    /// <summary>The type of notice, such as `disposalToTrade`; or `reversal`, `correction`.</summary>
    public required string Type { get; init; }

    /// <summary>`accepted`, `referred` (a person at the register must look), `refused` or `reversed`. New outcomes may be added.</summary>
    public required string Outcome { get; init; }

    /// <summary>The notice that a reversal or a correction is about.</summary>
    public string? Concerns { get; init; }

    /// <summary>The reversal of this notice, when it has been reversed.</summary>
    public string? ReversedBy { get; init; }

    /// <summary>The latest correction of this notice. What was notified stands here unchanged; the correction says what counts.</summary>
    public string? CorrectedBy { get; init; }

    /// <summary>`sandbox` or `live`.</summary>
    public required string Environment { get; init; }

    /// <summary>Your own reference.</summary>
    public string? ClientReference { get; init; }

    /// <summary>The organisation whose software sent it.</summary>
    public required string SubmittedBy { get; init; }

    /// <summary>The organisation acted for.</summary>
    public required string OnBehalfOf { get; init; }

    /// <summary>When it was received, a UTC instant (RFC 3339). Dates are judged by this instant's day in Europe/London.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When it was decided, a UTC instant (RFC 3339).</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>When it was referred, a UTC instant (RFC 3339), of a notice that staff of the register have decided since.</summary>
    public DateTimeOffset? ReferredAt { get; init; }

    /// <summary>The mark in canonical form: upper case without spaces.</summary>
    public string? RegistrationNumber { get; init; }

    /// <summary>The day it happened, as notified; a late notice never changes it.</summary>
    public DateOnly? EventDate { get; init; }

    /// <summary>What the rules found; notes may stand beside an acceptance.</summary>
    public required IReadOnlyList<FindingAnswer> Findings { get; init; }

    /// <summary>Where the proof is; absent when the notice was refused.</summary>
    public ReceiptAnswer? Receipt { get; init; }

    /// <summary>The 12 digits of the certificate of destruction, of an accepted notice of that type.</summary>
    public string? CertificateNumber { get; init; }

    /// <summary>The mark that the vehicle bears since, of an accepted notice that has changed it.</summary>
    public string? NewRegistrationNumber { get; init; }

    public static KeeperChangeAnswer Of(DecidedNotice notice, string environment) =>
        new()
        {
            Id = Ids.KeeperChange(notice.KeeperChangeId),
            Type = notice.Type,
            Outcome = notice.ReversedBy is null ? notice.Outcome : "reversed",
            Concerns = Kc(notice.ConcernsId),
            ReversedBy = Kc(notice.ReversedBy),
            CorrectedBy = Kc(notice.CorrectedBy),
            Environment = environment,
            ClientReference = notice.ClientReference,
            SubmittedBy = notice.SubmittedBy,
            OnBehalfOf = notice.OrganisationId,
            ReceivedAt = notice.ReceivedAt,
            DecidedAt = notice.DecidedAt,
            ReferredAt = notice.ReferredAt,
            RegistrationNumber = notice.RegistrationNumber,
            EventDate = notice.EventDate,
            Findings = FindingText.Read(notice.Findings),
            Receipt = ReceiptAnswer.Of(notice, environment),
            CertificateNumber = CertificateNumberOf(notice),
            NewRegistrationNumber = notice.NewRegistrationNumber,
        };

    static string? Kc(Guid? id) => id is { } some ? Ids.KeeperChange(some) : null;

    // The certificate's number is the notice's place in the ledger, in twelve digits: unique, and proved by the receipt.
    static string? CertificateNumberOf(DecidedNotice notice) =>
        notice is { Outcome: "accepted", LedgerPosition: { } position }
        && EventTypes.All.Any(type => type.Name == notice.Type && type.GivesCertificate)
            ? (100_000_000_000 + position).ToString(CultureInfo.InvariantCulture)
            : null;
}

/// <summary>Where the proof of a notice is.</summary>
/// <param name="Reference">The receipt's reference, to be quoted to the register.</param>
/// <param name="LedgerPosition">The place in the ledger, counted from 1.</param>
/// <param name="Href">Where the signed receipt is fetched.</param>
sealed record ReceiptAnswer(string Reference, long LedgerPosition, string Href)
{
    public static ReceiptAnswer? Of(DecidedNotice notice, string environment) =>
        notice.LedgerPosition is { } position
            ? new ReceiptAnswer(
                ReferenceOf(position, environment),
                position,
                $"/v1/keeper-changes/{Ids.KeeperChange(notice.KeeperChangeId)}/receipt"
            )
            : null;

    /// <summary>The reference of the receipt at a position: the environment's letter and ten digits.</summary>
    public static string ReferenceOf(long position, string environment) =>
        string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(environment[0])}-{position:D10}");
}

/// <summary>What the decision on a notice would be now. Nothing is recorded.</summary>
/// <param name="Outcome">`accepted`, `refused`, `referred` or `duplicate`.</param>
/// <param name="Findings">What the rules found.</param>
sealed record Verdict(string Outcome, IReadOnlyList<FindingAnswer> Findings);

/// <summary>What became of a call whose answer was lost.</summary>
/// <param name="IdempotencyKey">The key that the call brought.</param>
/// <param name="Operation">`keeper-changes` or `submissions`.</param>
/// <param name="State">`completed`, or `inProgress` while a file is still being received.</param>
/// <param name="Status">The HTTP status of the lost answer; absent while in progress.</param>
/// <param name="KeeperChange">The notice, of a call that brought one.</param>
/// <param name="SubmissionId">The submission, of a call that brought a file.</param>
sealed record CallOutcome(
    string IdempotencyKey,
    string Operation,
    string State,
    int? Status,
    KeeperChangeAnswer? KeeperChange,
    string? SubmissionId
);
