namespace TradeApi.Client;

/// <summary>What became of a notice, also when the rules refused it.</summary>
public sealed class NoticeResult
{
    internal NoticeResult() { }

    /// <summary><c>accepted</c>, <c>referred</c> (a person at the register must look) or <c>refused</c>. New outcomes may be added.</summary>
    public required string Outcome { get; init; }

    /// <summary>The notice is recorded.</summary>
    public bool IsAccepted => Outcome == "accepted";

    /// <summary>A person at the register must look; do not send it again.</summary>
    public bool IsReferred => Outcome == "referred";

    /// <summary>The rules refused it: mend it by the findings and send it as a new notice.</summary>
    public bool IsRefused => Outcome == "refused";

    /// <summary>What the rules found; notes may stand beside an acceptance.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The notice's id; null when a refused notice was not kept.</summary>
    public required string? KeeperChangeId { get; init; }

    /// <summary>The notice as it was decided; null when it was refused, see <see cref="TradeApiClient.GetKeeperChangeAsync"/>.</summary>
    public KeeperChange? KeeperChange { get; init; }

    /// <summary>Where the proof is; null when the notice was refused.</summary>
    public Receipt? Receipt => KeeperChange?.Receipt;

    /// <summary>Of a refusal its kind, such as <c>keeper-change.refused</c> or <c>keeper-change.not-authorised</c>.</summary>
    public string? Code { get; init; }

    /// <summary>Of a refusal the sentences of its findings, for a person.</summary>
    public string? Detail { get; init; }

    /// <summary>The key under which it was sent: the same key and notice again bring the same answer.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>True when this is the answer to an earlier call with the same key.</summary>
    public bool Replayed { get; init; }

    /// <summary>The path under which the notice can be read.</summary>
    public string? Location { get; init; }

    /// <summary>The id of the request; quote it when you ask us.</summary>
    public string? RequestId { get; init; }
}
