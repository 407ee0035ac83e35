using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Submissions.Reading;

namespace TradeApi.Submissions;

/// <summary>A submission as it is kept: one file of notices.</summary>
sealed record Submission
{
    public required Guid SubmissionId { get; init; }
    public required string OrganisationId { get; init; }
    public required string ClientId { get; init; }
    public required string State { get; init; }
    public required string Mode { get; init; }
    public required string Format { get; init; }
    public string? CsvHeader { get; init; }
    public string? FileName { get; init; }
    public string? ContentDigest { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public int RowsTotal { get; init; }
    public int RowsAccepted { get; init; }
    public int RowsRefused { get; init; }
    public int RowsReferred { get; init; }
    public int RowsDuplicate { get; init; }

    /// <summary>The cursor: the first row that is not decided.</summary>
    public int NextRow { get; init; } = 1;

    /// <summary>How often a batch has failed on our side since the last that succeeded.</summary>
    public int Failures { get; init; }
    public string? LeaseOwner { get; init; }
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Grows with each claim: a worker that lost its lease cannot write any more.</summary>
    public int Epoch { get; init; }

    public bool IsRunning => State is "receiving" or "processing";

    public bool IsValidation => Mode == "validate";
}

/// <summary>One submission: a file of notices, and how far it has come.</summary>
sealed record SubmissionAnswer
{
    /// <summary>Its id: `sub_` and a UUIDv7.</summary>
    public required string Id { get; init; }

    /// <summary>`receiving`, `processing`, `completed`, `cancelled` or `failed`.</summary>
    public required string State { get; init; }

    /// <summary>`commit`, or `validate` when nothing is to be recorded.</summary>
    public required string Mode { get; init; }

    /// <summary>`ndjson`, `csv` or `json`.</summary>
    public required string Format { get; init; }

    /// <summary>How many rows came to what.</summary>
    public required RowCounts Rows { get; init; }

    /// <summary>When the file began to arrive, a UTC instant (RFC 3339). Dates in its rows are judged by this instant.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When it will probably end, from the pace so far; absent before the first rows are decided.</summary>
    public DateTimeOffset? EstimatedCompletionAt { get; init; }

    /// <summary>The SHA-256 of the body as it was sent, in the form of the header `Content-Digest` (RFC 9530).</summary>
    public string? ContentDigest { get; init; }

    /// <summary>The name you gave the file, in the header `Content-Disposition`.</summary>
    public string? FileName { get; init; }

    public static SubmissionAnswer Of(Submission submission, DateTimeOffset now)
    {
        var decided =
            submission.RowsAccepted + submission.RowsRefused + submission.RowsReferred + submission.RowsDuplicate;
        return new SubmissionAnswer
        {
            Id = Ids.Submission(submission.SubmissionId),
            State = submission.State,
            Mode = submission.Mode,
            Format = submission.Format,
            Rows = new RowCounts(
                submission.RowsTotal,
                submission.RowsAccepted,
                submission.RowsRefused,
                submission.RowsReferred,
                submission.RowsDuplicate,
                submission.RowsTotal - decided
            ),
            CreatedAt = submission.CreatedAt,
            CompletedAt = submission.CompletedAt,
            EstimatedCompletionAt =
                submission.State == "processing" && decided > 0
                    ? now + ((now - submission.CreatedAt) / decided * (submission.RowsTotal - decided))
                    : null,
            ContentDigest = submission.ContentDigest,
            FileName = submission.FileName,
        };
    }
}

/// <summary>How many rows came to what; they add up to `total`.</summary>
/// <param name="Total">Rows in the file, without header and blank lines.</param>
/// <param name="Accepted">Rows that are recorded.</param>
/// <param name="Refused">Rows that are not recorded; `/corrections` has them, ready to mend.</param>
/// <param name="Referred">Rows that a person at the register must look at.</param>
/// <param name="Duplicate">Rows that were accepted or referred before; that decision stands.</param>
/// <param name="Unprocessed">Rows that are not decided: not yet, or no more after a cancellation.</param>
sealed record RowCounts(int Total, int Accepted, int Refused, int Referred, int Duplicate, int Unprocessed);

/// <summary>One row of a submission's results.</summary>
sealed record RowResult
{
    /// <summary>The row, counted from 1 without header and blank lines.</summary>
    public required int RowNumber { get; init; }

    /// <summary>The row's own reference, where it could be read.</summary>
    public string? ClientReference { get; init; }

    /// <summary>`accepted`, `refused`, `referred`, `duplicate` or `unprocessed`. New outcomes may be added.</summary>
    public required string Outcome { get; init; }

    /// <summary>The notice; of a duplicate the first one.</summary>
    public string? KeeperChangeId { get; init; }

    /// <summary>The reference of the receipt, where there is one.</summary>
    public string? ReceiptReference { get; init; }

    /// <summary>What the rules found.</summary>
    public required IReadOnlyList<Http.FindingAnswer> Findings { get; init; }
}

/// <summary>The rows of a file between the reader and the rules.</summary>
static class RowMembers
{
    static readonly IReadOnlyCollection<string> Paths = EventTypes.Members.Select(member => member.Path).ToList();

    public static IReadOnlyCollection<string> Known => Paths;

    public static CsvHeader? HeaderOf(Submission submission) =>
        submission.CsvHeader is { } kept ? CsvHeader.Restore(kept, Paths) : null;

    /// <summary>Fills the members of a row, or says why its text cannot be read.</summary>
    public static Fault? Read(ReadOnlySpan<byte> row, CsvHeader? header, List<Member> members) =>
        header is null ? JsonRow.Read(row, members) : CsvRow.Read(row, header, members);
}
