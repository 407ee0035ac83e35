namespace TradeApi.Client;

/// <summary>How the notices stand in a file.</summary>
public enum FileFormat
{
    /// <summary>CSV; the header names are the JSON paths, such as <c>newKeeper.address.postTown</c>.</summary>
    Csv,

    /// <summary>One JSON notice a line.</summary>
    Ndjson,

    /// <summary>One JSON array of notices.</summary>
    Json,
}

/// <summary>How a file is sent.</summary>
public sealed class SendFileOptions
{
    /// <summary>The name by which you find the file again.</summary>
    public string? FileName { get; init; }

    /// <summary>Judge every row and record nothing.</summary>
    public bool ValidateOnly { get; init; }

    /// <summary>Compress the file on its way. The stream itself must not be compressed.</summary>
    public bool Gzip { get; init; }

    /// <summary>A key of your own, at most 255 visible ASCII characters; one is made when this is null.</summary>
    public string? IdempotencyKey { get; init; }
}

/// <summary>A file that the service has taken and is working through.</summary>
public sealed class ReceivedFile
{
    internal ReceivedFile() { }

    /// <summary>The submission's id, to follow it by.</summary>
    public string Id => Submission.Id;

    /// <summary>The submission as it stood when the file had arrived.</summary>
    public required Submission Submission { get; init; }

    /// <summary>The key under which the file was sent.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>True when the file had been taken under this key before.</summary>
    public bool Replayed { get; init; }

    /// <summary>The path under which the submission can be read.</summary>
    public string? Location { get; init; }

    /// <summary>When to look again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The id of the request; quote it when you ask us.</summary>
    public string? RequestId { get; init; }
}

/// <summary>How far a submission has come.</summary>
public sealed class SubmissionProgress
{
    internal SubmissionProgress(Submission submission) => Submission = submission;

    /// <summary>The submission as it stands.</summary>
    public Submission Submission { get; }

    /// <summary>Rows in the file.</summary>
    public int Total => Submission.Rows.Total;

    /// <summary>Rows that are decided.</summary>
    public int Decided => Submission.Rows.Total - Submission.Rows.Unprocessed;

    /// <summary>The part that is decided, from 0 to 1.</summary>
    public double Fraction => Total == 0 ? 0 : (double)Decided / Total;
}
