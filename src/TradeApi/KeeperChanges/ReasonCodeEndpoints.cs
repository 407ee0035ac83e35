using TradeApi.Http;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Tokens;

namespace TradeApi.KeeperChanges;

/// <summary>One code that a finding may have, with what it means and who must do what about it.</summary>
sealed record ReasonCodeAnswer
{
    /// <summary>The stable code.</summary>
    /// <example>vehicle.not-matched</example>
    public required string Code { get; init; }

    /// <summary>`refuse`, `confirm` (accepted when the code stands in `confirmations`) or `note`.</summary>
    /// <example>refuse</example>
    public required string Severity { get; init; }

    /// <summary>Where in the judgement it is found: `row` (while a file is read), `notice`, `authority`, `reference`, `proof`, `record` or `later` (on a reversal, a correction or a dispute). New steps may be added.</summary>
    /// <example>proof</example>
    public required string Step { get; init; }

    /// <summary>What has been found, in one sentence.</summary>
    /// <example>Mark and proof do not belong together; which of them is wrong is told to nobody.</example>
    public required string Meaning { get; init; }

    /// <summary>Who must act next: `sender`, `organisationActedFor`, `keeper`, `fleet`, `trader`, `insurer`, `register` or `nobody`. New values may be added.</summary>
    /// <example>sender</example>
    public required string WhoMustAct { get; init; }

    /// <summary>What they have to do.</summary>
    /// <example>Check the mark and the number against the latest document, or the VIN against the vehicle.</example>
    public required string Fix { get; init; }

    /// <summary>Whether the very same notice can succeed later, after others have acted or time has passed. When not, sending it again unchanged is of no use.</summary>
    /// <example>false</example>
    public required bool SafeToRetry { get; init; }

    /// <summary>How to meet the code in the sandbox, to try out what your software makes of it.</summary>
    /// <example>Send a notice with the documentReferenceNumber 00000000000.</example>
    public required string SandboxTrigger { get; init; }

    public static ReasonCodeAnswer Of(FindingCode code) =>
        new()
        {
            Code = code.Code,
            // As in the finding itself: that a notice is referred is no secret, why is.
            Severity = code.Severity switch
            {
                Rules.Severity.Refuse => "refuse",
                Rules.Severity.Confirm => "confirm",
                _ => "note",
            },
            Step = Words.Camel(code.Step.ToString()),
            Meaning = code.Meaning,
            WhoMustAct = Words.Camel(code.WhoActs.ToString()),
            Fix = code.Mend,
            SafeToRetry = code.SameAgainMaySucceed,
            SandboxTrigger = code.SandboxTrigger,
        };
}

/// <summary>Every code of a finding, for those who build what a person reads.</summary>
static class ReasonCodeEndpoints
{
    static readonly Page<ReasonCodeAnswer> All = new([.. FindingCodes.All.Select(ReasonCodeAnswer.Of)], null);

    public static void MapReasonCodes(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/reason-codes", () => Json.Answer(All))
            .RequireScope(Scopes.KeeperChangesRead)
            .WithTags("Reason codes")
            .WithName("listReasonCodes")
            .WithSummary("List the codes of findings")
            .WithDescription(
                "Every code that a finding may have, in the order of judgement, on one page: what it means, who must act, what to do, whether the same notice may "
                    + "succeed later, and how to meet it in the sandbox. Later versions of v1 add codes. The codes of problems, such as `idempotency-key.reused`, are "
                    + "explained at the address that a problem names in `type`."
            )
            .Produces<Page<ReasonCodeAnswer>>()
            .ProducesProblems();
}
