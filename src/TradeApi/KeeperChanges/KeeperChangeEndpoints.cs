using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using TradeApi.Http;
using TradeApi.Ledger;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Tokens;

namespace TradeApi.KeeperChanges;

/// <summary>One keeper change: send it, try it, read it, prove it.</summary>
static class KeeperChangeEndpoints
{
    /// <summary>The most bytes of one notice, in a body or a row.</summary>
    public const int MostBytes = JsonBody.MostBytes;

    public static void MapKeeperChanges(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/keeper-changes").WithTags("Keeper changes");

        group
            .MapPost("", Post)
            .RequireScope("keeper-changes:write", presumes: true)
            .WithName("postKeeperChange")
            .WithSummary("Send one keeper change")
            .WithDescription(
                "Decides one notice at once by the rulebook. 201: accepted. 202: referred, a person at the register must look. "
                    + "The header `Idempotency-Key` (1–255 visible ASCII characters) is required: a repeat with the same key and body "
                    + "answers with the first status and body and `Idempotency-Replayed: true`, for at least 30 days. "
                    + "A refusal with `vehicle.locked` says in `Retry-After` after how many seconds the mark may be tried again, under a new key."
            )
            .TakesNotice()
            .WithHeader(
                "Idempotency-Key",
                "A key of your own, new for each call and the same for its repeats.",
                required: true
            )
            .Produces<KeeperChangeAnswer>(201)
            .Produces<KeeperChangeAnswer>(202)
            .ProducesProblems(400, 403, 409, 413, 415, 422, 429);

        group
            .MapPost("/validate", Validate)
            .RequireScope("keeper-changes:write")
            .WithName("validateKeeperChange")
            .WithSummary("Try one keeper change")
            .WithDescription(
                "Judges a notice exactly as sending it would, and records nothing but a wrong proof as a guess. 200 whatever the verdict."
            )
            .TakesNotice()
            .Produces<Verdict>()
            .ProducesProblems(400, 413, 415, 429);

        group
            .MapGet("/{id}", Get)
            .RequireScope("keeper-changes:read")
            .WithName("getKeeperChange")
            .WithSummary("Read one keeper change")
            .WithDescription("A notice that your organisation sent or that was sent for it, as it was decided.")
            .Produces<KeeperChangeAnswer>()
            .ProducesProblems(404);

        group
            .MapGet("/{id}/receipt", GetReceipt)
            .RequireScope("keeper-changes:read")
            .WithName("getReceipt")
            .WithSummary("Fetch a receipt")
            .WithDescription(
                "The signed receipt of an accepted or referred notice: a JWS in compact form (ES256, `typ` `receipt+jwt`), with the "
                    + "digest of what was notified and its place in the ledger. It can be checked with the keys of `/oauth2/jwks`."
            )
            .Produces<string>(200, Receipt.MediaType)
            .ProducesProblems(404);

        group.MapLaterNotices();

        routes
            .MapGet("/outcomes/{idempotencyKey}", GetOutcome)
            .RequireScope("keeper-changes:read")
            .WithTags("Outcomes")
            .WithName("getOutcome")
            .WithSummary("Ask what became of a call")
            .WithDescription(
                "What has become so far of a call of this client whose answer was lost, by its Idempotency-Key. 404: nothing is "
                    + "recorded under that key by now. While the register is slow a call may still wait and be decided later: before "
                    + "you give it up, or send anything in its place, send the same call again under the same key."
            )
            .Produces<CallOutcome>()
            .ProducesProblems(404);
    }

    static async Task<IResult> Post(HttpContext http, Caller caller, Registers registers, TimeProvider clock)
    {
        var (answer, otherwise) = await Decide(http, caller, registers.Queue(caller.Environment), clock);
        if (answer is null)
            return otherwise!;
        if (answer.IsHeldBack)
            return Problems.OrganisationHeld.AsResult();
        if (answer.IsTurnedAway)
            return Problems.RegisterBusy.AsResult();
        if (answer.Decision is not { } decision)
            return Problems.KeyReused.Because("Send the new notice under a new key.").AsResult();
        if (answer.Replayed)
            http.Response.Headers["Idempotency-Replayed"] = "true";
        if (VehicleRegister.StatusOf(decision) == 409)
        {
            var store = registers.Of(caller.Environment).Store;
            var existing = await KeeperChangeStore.FindStanding(store, caller, decision, http.RequestAborted);
            return ToResult(http, decision, caller.Environment, existing);
        }
        if (answer.LockedFor is { } wait)
            http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return ToResult(http, decision, caller.Environment);
    }

    // Whoever is no longer in force is told that, whatever else is wrong with the call; only of a call that is turned away
    // nothing is asked.
    static async Task<(Answer? Answer, IResult? Otherwise)> Decide(
        HttpContext http,
        Caller caller,
        RegisterQueue queue,
        TimeProvider clock
    )
    {
        Notice? notice;
        Problem? problem;
        try
        {
            (notice, problem) = await Read(http, caller, clock);
        }
        catch (Exception)
        {
            if (await Bearer.AskNow(http, caller) is { } answered)
                return (null, answered);
            throw;
        }
        if (notice is not null && await queue.Post(notice) is { IsNotAsPresumed: false } answer)
            return (answer, null);
        if (await Bearer.AskNow(http, caller) is { } refused)
            return (null, refused);
        return notice is null ? (null, problem!.AsResult()) : (await queue.Post(notice with { Presumed = null }), null);
    }

    static async Task<(Notice? Notice, Problem? Problem)> Read(HttpContext http, Caller caller, TimeProvider clock)
    {
        var (key, keyProblem) = Headers.IdempotencyKey(http.Request);
        if (keyProblem is not null)
            return (null, keyProblem);
        var body = await JsonBody.Read(http.Request, http.RequestAborted);
        if (body.Problem is { } problem)
            return (null, problem);
        var notice = ToNotice(body, caller, clock) with
        {
            Payload = body.Bytes,
            Key = new IdempotencyKey(key, body.Fingerprint()),
            Presumed = caller.Presumed?.Client,
        };
        return (notice, null);
    }

    static async Task<IResult> Validate(HttpContext http, Caller caller, Registers registers, TimeProvider clock)
    {
        var body = await JsonBody.Read(http.Request, http.RequestAborted);
        if (body.Problem is { } problem)
            return problem.AsResult();
        var answers = await registers
            .Of(caller.Environment)
            .Apply([ToNotice(body, caller, clock)], commit: false, cancel: http.RequestAborted);
        if (answers[0].IsHeldBack)
            return Problems.OrganisationHeld.AsResult();
        var outcome = VehicleRegister.OutcomeName(answers[0].Outcome);
        var findings = answers[0].Outcome == Outcome.Duplicate ? null : answers[0].Decision!.Findings;
        return Json.Answer(new Verdict(outcome, FindingText.Read(findings)));
    }

    static async Task<IResult> Get(string id, Caller caller, Registers registers, CancellationToken cancel) =>
        await Find(id, caller, registers, cancel) is { } notice
            ? Json.Answer(KeeperChangeAnswer.Of(notice, caller.Environment))
            : Problems.NotFound.AsResult();

    static async Task<IResult> GetReceipt(
        string id,
        Caller caller,
        Registers registers,
        Receipt receipt,
        CancellationToken cancel
    ) =>
        await Find(id, caller, registers, cancel) is { LedgerPosition: not null } notice
            ? Results.Text(await receipt.Sign(notice, caller.Environment, cancel), Receipt.MediaType)
            : Problems.NotFound.AsResult();

    static async Task<IResult> GetOutcome(
        HttpContext http,
        string idempotencyKey,
        Caller caller,
        Registers registers,
        CancellationToken cancel
    )
    {
        // The framework leaves %2F as it is, so a key with a slash, or with a percent sign, would not be found.
        var address = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        var key = Uri.UnescapeDataString(address.TrimEnd('/').Split('/')[^1]);
        var store = registers.Of(caller.Environment).Store;
        if (!Headers.IsKey(key) || await KeeperChangeStore.FindCall(store, caller, key, cancel) is not { } call)
            return Problems.NotFound.AsResult();
        var outcome = new CallOutcome(
            call.IdempotencyKey,
            call.Operation,
            call.Status is null ? "inProgress" : "completed",
            call.Status,
            call.FirstDecision is { } notice ? KeeperChangeAnswer.Of(notice, caller.Environment) : null,
            call.SubmissionId is { } submission ? Ids.Submission(submission) : null
        );
        return Json.Answer(outcome);
    }

    internal static async Task<DecidedNotice?> Find(
        string id,
        Caller caller,
        Registers registers,
        CancellationToken cancel
    ) =>
        Ids.TryRead("kc_", id, out var keeperChangeId)
            ? await KeeperChangeStore.Find(registers.Of(caller.Environment).Store, caller, keeperChangeId, cancel)
            : null;

    static Notice ToNotice(JsonBody body, Caller caller, TimeProvider clock)
    {
        var now = clock.Now();
        return new Notice
        {
            Id = Ids.New(now),
            Change = KeeperChange.Read(body.Members, LondonDate.Of(now)),
            SubmittedBy = caller.OrganisationId,
            ClientId = caller.ClientId,
            ReceivedAt = now,
        };
    }

    internal static IResult ToResult(
        HttpContext http,
        DecidedNotice decision,
        string environment,
        Guid? existing = null
    )
    {
        var answer = KeeperChangeAnswer.Of(decision, environment);
        var status = VehicleRegister.StatusOf(decision);
        if (decision.Outcome != "refused")
        {
            http.Response.Headers.Location = $"/v1/keeper-changes/{answer.Id}";
            return Json.Answer(answer, status);
        }
        var problem = status switch
        {
            403 => Problems.NotAuthorised,
            409 => Problems.ReferenceReused,
            _ => Problems.Refused,
        };
        return (
            problem with
            {
                Detail = string.Join(
                    " ",
                    answer.Findings.Where(finding => finding.Severity != "note").Select(finding => finding.Message)
                ),
                Instance = $"/v1/keeper-changes/{answer.Id}",
                Findings = answer.Findings,
                Existing = existing is { } id ? Ids.KeeperChange(id) : null,
            }
        ).AsResult();
    }
}
