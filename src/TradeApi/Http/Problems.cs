namespace TradeApi.Http;

/// <summary>The closed list of request errors. What a rule finds is a finding instead, listed in the rulebook.</summary>
static class Problems
{
    public static readonly Problem TokenInvalid = Of(
        401,
        "token.invalid",
        "The access token is missing, expired or not ours"
    );
    public static readonly Problem PartnerSuspended = Of(
        401,
        "partner.suspended",
        "The organisation or its credential is no longer in force"
    );
    public static readonly Problem ScopeMissing = Of(
        403,
        "scope.missing",
        "The token lacks the scope that this operation needs"
    );
    public static readonly Problem NotFound = Of(404, "not-found", "There is nothing here that you may see");
    public static readonly Problem MethodNotAllowed = Of(
        405,
        "method.not-allowed",
        "This address does not take that method"
    );
    public static readonly Problem NotAcceptable = Of(
        406,
        "accept.not-offered",
        "None of the media types asked for is offered here"
    );
    public static readonly Problem BodyTooLarge = Of(
        413,
        "body.too-large",
        "The body is larger than this operation takes"
    );
    public static readonly Problem MediaTypeUnsupported = Of(
        415,
        "media-type.unsupported",
        "The body's media type or encoding is not taken here"
    );
    public static readonly Problem BodyUnreadable = Of(400, "body.unreadable", "The body cannot be read");
    public static readonly Problem BodyRefused = Of(422, "body.refused", "A member of the body is missing or wrong");
    public static readonly Problem ParameterInvalid = Of(
        400,
        "parameter.invalid",
        "A query parameter or header has a value that is not taken"
    );
    public static readonly Problem KeyMissing = Of(
        400,
        "idempotency-key.missing",
        "The header Idempotency-Key is required"
    );
    public static readonly Problem KeyMalformed = Of(
        400,
        "idempotency-key.malformed",
        "The header Idempotency-Key must be 1 to 255 visible ASCII characters"
    );
    public static readonly Problem KeyReused = Of(
        422,
        "idempotency-key.reused",
        "The Idempotency-Key was used before with another body"
    );
    public static readonly Problem KeyInProgress = Of(
        409,
        "idempotency-key.in-progress",
        "A call with this Idempotency-Key is still running"
    ) with
    {
        Retryable = true,
        RetryAfter = 1,
    };
    public static readonly Problem Refused = Of(422, "keeper-change.refused", "The keeper change was refused");
    public static readonly Problem NotAuthorised = Of(
        403,
        "keeper-change.not-authorised",
        "You may not send this keeper change"
    );
    public static readonly Problem ReferenceReused = Of(
        409,
        "duplicate.reference-reused",
        "The clientReference was used before with other content"
    );
    public static readonly Problem DisputeRefused = Of(422, "dispute.refused", "The dispute was not opened");
    public static readonly Problem OrganisationHeld = Of(
        429,
        "organisation.held",
        "The organisation acted for is held to one notice a second"
    ) with
    {
        Retryable = true,
        RetryAfter = 1,
        Detail =
            "Too many of its proofs in the last 24 hours were wrong. Nothing was decided: send this notice again in a second, "
            + "one at a time, and check the numbers of those that were not matched.",
    };
    public static readonly Problem RegisterUnavailable = Of(
        503,
        "register.unavailable",
        "The register cannot answer now"
    ) with
    {
        Retryable = true,
        RetryAfter = 5,
        Outcome = "unknown",
    };

    /// <summary>Of this call nothing is done; but its key is not looked at, and an earlier call may have had the same.</summary>
    public static readonly Problem RegisterBusy = RegisterUnavailable with
    {
        RetryAfter = 1,
        Detail =
            "Too many notices wait already, so this call was not taken; an earlier one with the same Idempotency-Key may have "
            + "been. Repeat it with that key after Retry-After.",
    };

    public static readonly Problem InternalError = Of(500, "internal-error", "Something failed on our side") with
    {
        Retryable = true,
        Outcome = "unknown",
    };

    /// <summary>All of them, and the refusals of whole files.</summary>
    public static readonly IReadOnlyList<Problem> All =
    [
        TokenInvalid,
        PartnerSuspended,
        ScopeMissing,
        NotFound,
        MethodNotAllowed,
        NotAcceptable,
        BodyTooLarge,
        MediaTypeUnsupported,
        BodyUnreadable,
        BodyRefused,
        ParameterInvalid,
        KeyMissing,
        KeyMalformed,
        KeyReused,
        KeyInProgress,
        Refused,
        NotAuthorised,
        ReferenceReused,
        DisputeRefused,
        OrganisationHeld,
        RegisterUnavailable,
        InternalError,
        FileRefused("file.empty", 422),
        FileRefused("file.encoding", 422),
        FileRefused("file.unknown-column", 422),
        FileRefused("file.duplicate-column", 422),
        FileRefused("file.digest", 422),
        FileRefused("file.too-large", 413),
        FileRefused("row.too-long", 413),
        FileRefused("row.unreadable", 400),
    ];

    /// <summary>A file that is refused as a whole: nothing of it is kept.</summary>
    public static Problem FileRefused(string code, int status) =>
        Of(status, code, "The file was refused; nothing of it is kept");

    static Problem Of(int status, string code, string title) =>
        new()
        {
            Status = status,
            Code = code,
            Title = title,
        };
}
