using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using TradeApi.Http;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Tokens;

namespace TradeApi.KeeperChanges;

/// <summary>Taking a notice back, and putting it right.</summary>
static class LaterEndpoints
{
    public static void MapLaterNotices(this IEndpointRouteBuilder group)
    {
        group
            .MapPost("/{id}/reversal", Reverse)
            .RequireScope("keeper-changes:write")
            .WithName("reverseKeeperChange")
            .WithSummary("Take a keeper change back")
            .WithDescription(
                "For 28 days after the decision, and only while the notice is the vehicle's last event. The record, the keeper and the document "
                    + "in force are again what they were before. A destruction is reversed by the register's staff only. A reversal is a notice of its own, "
                    + "with a receipt; the first notice stays readable and has the outcome `reversed`. The body may be left out."
            )
            .TakesQuestion<ReversalAsked>(required: false)
            .WithHeader("Idempotency-Key", KeyMeaning, required: true)
            .Produces<KeeperChangeAnswer>(201)
            .Produces<KeeperChangeAnswer>(202)
            .ProducesProblems(400, 403, 404, 409, 413, 415, 422);

        group
            .MapPost("/{id}/correction", Correct)
            .RequireScope("keeper-changes:write")
            .WithName("correctKeeperChange")
            .WithSummary("Put a keeper change right")
            .WithDescription(
                "For 28 days after the decision: the event date, the mileage, and the new keeper's name and address. A name or an address is given whole. "
                    + "The notice as corrected is judged by the rules of its type. Once another event has followed on the vehicle, the date can no longer be corrected. "
                    + "A correction is a notice of its own, with a receipt; the first notice stays readable and names it in `correctedBy`."
            )
            .TakesQuestion<CorrectionAsked>()
            .WithHeader("Idempotency-Key", KeyMeaning, required: true)
            .Produces<KeeperChangeAnswer>(201)
            .Produces<KeeperChangeAnswer>(202)
            .ProducesProblems(400, 403, 404, 409, 413, 415, 422);
    }

    const string KeyMeaning = "A key of your own, new for each call and the same for its repeats.";

    static Task<IResult> Reverse(HttpContext http, string id, Caller caller, Registers registers, TimeProvider clock) =>
        Post(LaterKind.Reversal, http, id, caller, registers, clock);

    static Task<IResult> Correct(HttpContext http, string id, Caller caller, Registers registers, TimeProvider clock) =>
        Post(LaterKind.Correction, http, id, caller, registers, clock);

    static async Task<IResult> Post(
        LaterKind kind,
        HttpContext http,
        string id,
        Caller caller,
        Registers registers,
        TimeProvider clock
    )
    {
        var (key, keyProblem) = Headers.IdempotencyKey(http.Request);
        if (keyProblem is not null)
            return keyProblem.AsResult();
        // A body without a media type is no empty one: nothing is ever ignored.
        var isEmpty =
            kind == LaterKind.Reversal
            && http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }
            && http.Request.ContentType is null;
        var body = isEmpty ? JsonBody.Empty : await JsonBody.Read(http.Request, http.RequestAborted);
        if (body.Problem is { } problem)
            return problem.AsResult();
        if (await KeeperChangeEndpoints.Find(id, caller, registers, http.RequestAborted) is not { } concerns)
            return Problems.NotFound.AsResult();

        var answer = await new LaterNotices(registers.Of(caller.Environment), clock).Post(
            concerns,
            LaterNotice.Read(kind, body.Members),
            caller.OrganisationId,
            caller.ClientId,
            body.Bytes,
            new IdempotencyKey(key, FingerprintOf(kind, id, body)),
            byStaff: false,
            http.RequestAborted
        );
        if (answer.Decision is not { } decision)
            return Problems.KeyReused.Because("Send the new notice under a new key.").AsResult();
        if (answer.Replayed)
            http.Response.Headers["Idempotency-Replayed"] = "true";
        var existing =
            VehicleRegister.StatusOf(decision) == 409
                ? await KeeperChangeStore.FindStanding(
                    registers.Of(caller.Environment).Store,
                    caller,
                    decision,
                    http.RequestAborted
                )
                : null;
        return KeeperChangeEndpoints.ToResult(http, decision, caller.Environment, existing);
    }

    // The same body for another notice is another call.
    static byte[] FingerprintOf(LaterKind kind, string id, JsonBody body) =>
        SHA256.HashData([.. body.Fingerprint(), .. Encoding.UTF8.GetBytes($"{LaterNotice.Name(kind)} {id}")]);
}

/// <summary>A reversal; both members may be left out.</summary>
sealed record ReversalAsked
{
    /// <summary>Your own reference of the reversal, unique for ever within the organisation acted for; 1–64 characters.</summary>
    public string? ClientReference { get; init; }

    /// <summary>Why, for the people who read the record later; up to 200 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>A correction: what is to stand in place of what was notified.</summary>
sealed record CorrectionAsked
{
    /// <summary>Your own reference of the correction, unique for ever within the organisation acted for; 1–64 characters.</summary>
    public string? ClientReference { get; init; }

    /// <summary>Why, for the people who read the record later; up to 200 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>The day it really happened, as YYYY-MM-DD.</summary>
    public DateOnly? EventDate { get; init; }

    /// <summary>The odometer reading, a whole number from 0 to 999999.</summary>
    public int? Mileage { get; init; }

    /// <summary>The new keeper's name, whole, or address, whole, or both.</summary>
    public CorrectedKeeper? NewKeeper { get; init; }

    /// <summary>The codes of findings that you have checked and confirm, such as date.over-12-months.</summary>
    public IReadOnlyList<string>? Confirmations { get; init; }
}

/// <summary>The new keeper as corrected.</summary>
sealed record CorrectedKeeper
{
    /// <summary>The person's title, up to 10 characters.</summary>
    public string? Title { get; init; }

    /// <summary>The person's first names; with the title up to 26 characters.</summary>
    public string? FirstNames { get; init; }

    /// <summary>The person's last name, 1–25 characters.</summary>
    public string? LastName { get; init; }

    /// <summary>The business's name, 2–30 characters.</summary>
    public string? BusinessName { get; init; }

    /// <summary>The address, whole.</summary>
    public CorrectedAddress? Address { get; init; }
}

/// <summary>An address as corrected, whole.</summary>
sealed record CorrectedAddress
{
    /// <summary>First line, 4–30 characters with at least three letters.</summary>
    public required string Line1 { get; init; }

    /// <summary>Second line, up to 30 characters.</summary>
    public string? Line2 { get; init; }

    /// <summary>Third line, up to 30 characters.</summary>
    public string? Line3 { get; init; }

    /// <summary>The post town, 3–20 characters.</summary>
    public required string PostTown { get; init; }

    /// <summary>The postcode, in the United Kingdom.</summary>
    public required string Postcode { get; init; }
}
