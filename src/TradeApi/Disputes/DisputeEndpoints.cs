using TradeApi.Http;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Tokens;

namespace TradeApi.Disputes;

/// <summary>An organisation that held or kept a vehicle contradicts a notice by another.</summary>
static class DisputeEndpoints
{
    const int MostOfReason = 500;

    public static void MapDisputes(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/disputes").WithTags("Disputes");

        group
            .MapPost("", Open)
            .RequireScope("keeper-changes:write")
            .WithName("openDispute")
            .WithSummary("Dispute a notice by another organisation")
            .WithDescription(
                "For an organisation that held the vehicle in trade or kept it in its fleet, for 90 days after the decision on the notice. "
                    + "Until staff of the register close the dispute, later notices on the vehicle are referred. Name the notice by its id, as the event "
                    + "`vehicle.left-stock` gives it, or the vehicle by its mark: then the latest notice by another is meant."
            )
            .TakesQuestion<DisputeAsked>()
            .Produces<DisputeAnswer>(201)
            .ProducesProblems(400, 404, 413, 415, 422);

        group
            .MapGet("", List)
            .RequireScope("keeper-changes:read")
            .WithName("listDisputes")
            .WithSummary("List your disputes")
            .WithDescription("The disputes that your organisation has opened, the newest first, in cursor pages.")
            .Produces<Page<DisputeAnswer>>()
            .ProducesProblems(400);

        group
            .MapGet("/{id}", Get)
            .RequireScope("keeper-changes:read")
            .WithName("getDispute")
            .WithSummary("Read a dispute")
            .WithDescription("A dispute that your organisation has opened, and how staff have closed it.")
            .Produces<DisputeAnswer>()
            .ProducesProblems(404);
    }

    static async Task<IResult> Open(HttpContext http, Caller caller, Registers registers, DisputeStore disputes)
    {
        var question = await Question.Read(http);
        var wanted = new DisputeWanted(
            question.Optional("keeperChange", ReadId),
            question.Optional("registrationNumber", text => RegistrationNumber.Read(text, disputes.Today))?.Text,
            question.NeededText("reason", MostOfReason)
        );
        if (wanted is { KeeperChangeId: not null, Mark: not null })
            question.Found(
                "registrationNumber",
                new Fault("field.unknown", "Give either keeperChange or registrationNumber, not both.")
            );
        var problem = question.Problem();
        if (problem is null && wanted is { KeeperChangeId: null, Mark: null })
        {
            question.Found(
                "keeperChange",
                new Fault("field.missing", "Name the notice by keeperChange, or the vehicle by registrationNumber.")
            );
            problem = question.Problem();
        }
        if (problem is not null)
            return problem.AsResult();
        var register = registers.Of(caller.Environment);
        var opened = await disputes.Open(register, caller, wanted, http.RequestAborted);
        if (opened is null)
            return Problems.NotFound.AsResult();
        if (opened.Findings.Count > 0)
            return Refused(opened.Findings, opened.Dispute);
        var answer = DisputeAnswer.Of(opened.Dispute!);
        http.Response.Headers.Location = $"/v1/disputes/{answer.Id}";
        return Json.Answer(answer, 201);
    }

    static async Task<IResult> List(
        Caller caller,
        Registers registers,
        string? cursor,
        string? limit,
        CancellationToken cancel
    )
    {
        if (Paging.Limit(limit) is not { } most)
            return Problems.ParameterInvalid.Because("limit is a whole number from 1 to 200.").AsResult();
        var before = "";
        if (cursor is not null && !(Paging.TryDecode(cursor, out before) && Ids.TryRead("dis_", before, out _)))
            return Problems.ParameterInvalid.Because("cursor is the nextCursor of the page before.").AsResult();
        var rows = await DisputeStore.List(registers.Of(caller.Environment).Store, caller, before, most + 1, cancel);
        var page = Paging.Of(rows.ConvertAll(row => DisputeAnswer.Of(row)), most, dispute => dispute.Id);
        return Json.Answer(page);
    }

    static async Task<IResult> Get(string id, Caller caller, Registers registers, CancellationToken cancel) =>
        Ids.TryRead("dis_", id, out var disputeId)
        && await DisputeStore.Find(registers.Of(caller.Environment).Store, caller, disputeId, cancel) is { } dispute
            ? Json.Answer(DisputeAnswer.Of(dispute))
            : Problems.NotFound.AsResult();

    static Reading<Guid> ReadId(string text) =>
        Ids.TryRead("kc_", text, out var id)
            ? id
            : new Fault("field.characters", "keeperChange is the id of a notice: kc_ and 32 hexadecimal digits.");

    static ProblemResult Refused(IReadOnlyList<Finding> findings, Dispute? existing) =>
        (
            Problems.DisputeRefused with
            {
                Detail = string.Join(" ", findings.Select(finding => finding.Message)),
                Findings = FindingText.Read(FindingText.Write(findings)),
                Existing = existing is null ? null : Ids.Dispute(existing.DisputeId),
            }
        ).AsResult();
}

/// <summary>A dispute to be opened. Exactly one of `keeperChange` and `registrationNumber` is given.</summary>
sealed record DisputeAsked
{
    /// <summary>The id of the notice that is disputed.</summary>
    public string? KeeperChange { get; init; }

    /// <summary>The mark of the vehicle: the latest notice on it by another organisation is disputed.</summary>
    public string? RegistrationNumber { get; init; }

    /// <summary>Why the notice is wrong, up to 500 characters, for the staff of the register.</summary>
    public required string Reason { get; init; }
}

/// <summary>A dispute of a notice by another organisation.</summary>
sealed record DisputeAnswer
{
    /// <summary>Its id: `dis_` and a UUIDv7.</summary>
    public required string Id { get; init; }

    /// <summary>`open` or `closed`.</summary>
    public required string State { get; init; }

    /// <summary>The notice that is disputed.</summary>
    public required string KeeperChange { get; init; }

    /// <summary>Why, as you wrote.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was opened, a UTC instant (RFC 3339).</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When staff closed it, a UTC instant (RFC 3339).</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>How staff closed it: `upheld` (you are right; the notice is reversed by staff) or `rejected` (the notice stands).</summary>
    public string? Outcome { get; init; }

    public static DisputeAnswer Of(Dispute dispute) =>
        new()
        {
            Id = Ids.Dispute(dispute.DisputeId),
            State = dispute.ClosedAt is null ? "open" : "closed",
            KeeperChange = Ids.KeeperChange(dispute.KeeperChangeId),
            Reason = dispute.Reason,
            OpenedAt = dispute.OpenedAt,
            ClosedAt = dispute.ClosedAt,
            Outcome = dispute.Outcome,
        };
}
