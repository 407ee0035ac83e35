using System.Globalization;
using TradeApi.Http;
using TradeApi.Register;
using TradeApi.Tokens;

namespace TradeApi.Submissions;

/// <summary>Many keeper changes: send a file, follow it, read what became of each row.</summary>
static class SubmissionEndpoints
{
    static readonly string[] Outcomes = ["accepted", "refused", "referred", "duplicate", "unprocessed"];

    public static void MapSubmissions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/submissions").WithTags("Submissions");

        group
            .MapPost("", Post)
            .RequireScope("keeper-changes:write")
            .WithName("postSubmission")
            .WithSummary("Send a file of keeper changes")
            .WithDescription(
                "The request body is the file, as a stream: NDJSON with one notice a line, CSV whose header names are the JSON paths, or a JSON array; "
                    + "`Content-Encoding: gzip` if you like. At most 1,000,000 rows, 1 GiB inflated, 64 KiB a row. 202 once the rows are stored durably; "
                    + "each row stands alone, and rows of one vehicle are decided in file order. Sending a whole file again is harmless."
            )
            .TakesFile()
            .WithHeader(
                "Idempotency-Key",
                "A key of your own, new for each file and the same for its repeats.",
                required: true
            )
            .WithHeader(
                "Content-Digest",
                "The SHA-256 of the body as sent, `sha-256=:…:` (RFC 9530); checked when given."
            )
            .WithHeader(
                "Content-Disposition",
                "`attachment; filename=…` gives the file a name that you find again (RFC 6266)."
            )
            .WithHeader(
                "Prefer",
                "`wait=10` waits up to so many seconds (at most 30) for the end before it answers (RFC 7240)."
            )
            .Produces<SubmissionAnswer>(202)
            .ProducesProblems(400, 409, 413, 415, 422);

        group
            .MapGet("", List)
            .RequireScope("keeper-changes:read")
            .WithName("listSubmissions")
            .WithSummary("List your submissions")
            .WithDescription("Your organisation's submissions, newest first, in cursor pages of up to 200.")
            .Produces<Page<SubmissionAnswer>>()
            .ProducesProblems(400);

        group
            .MapGet("/{id}", Get)
            .RequireScope("keeper-changes:read")
            .WithName("getSubmission")
            .WithSummary("Follow a submission")
            .WithDescription(
                "State and counts. While it runs, the header `Retry-After` says in seconds when to ask again."
            )
            .Produces<SubmissionAnswer>()
            .ProducesProblems(404);

        group
            .MapGet("/{id}/results", Results)
            .RequireScope("keeper-changes:read")
            .WithName("getSubmissionResults")
            .WithSummary("Read the results of a submission")
            .WithDescription(
                "What became of each row, in row order: cursor pages as `application/json`, or the whole as a stream of "
                    + "`application/x-ndjson` or `text/csv` by `Accept`. CSV cells that a spreadsheet would run as a formula begin with an apostrophe."
            )
            .Produces<Page<RowResult>>(200, "application/json", "application/x-ndjson", "text/csv")
            .ProducesProblems(400, 404, 406);

        group
            .MapGet("/{id}/corrections", Corrections)
            .RequireScope("keeper-changes:read")
            .WithName("getSubmissionCorrections")
            .WithSummary("Fetch the refused rows, ready to mend")
            .WithDescription(
                "The refused rows as a CSV in the input's own columns plus `rowNumber` and `findings`. Mend it and send it as it is: those two columns are passed over."
            )
            .Produces<string>(200, "text/csv")
            .ProducesProblems(404);

        group
            .MapPost("/{id}/cancel", Cancel)
            .RequireScope("keeper-changes:write")
            .WithName("cancelSubmission")
            .WithSummary("Cancel a submission")
            .WithDescription(
                "Rows that are not yet decided become `unprocessed`; decided ones stand. Harmless when it has ended."
            )
            .Produces<SubmissionAnswer>()
            .ProducesProblems(404);

        group
            .MapPost("/{id}/resume", Resume)
            .RequireScope("keeper-changes:write")
            .WithName("resumeSubmission")
            .WithSummary("Resume a failed submission")
            .WithDescription(
                "Takes a submission that failed on our side up again at the first row that is not decided. Harmless otherwise."
            )
            .Produces<SubmissionAnswer>()
            .ProducesProblems(404);
    }

    static async Task<IResult> Post(
        HttpContext http,
        Caller caller,
        Registers registers,
        SubmissionSignals signals,
        TimeProvider clock,
        string? mode
    )
    {
        var (file, problem) = IncomingFile.Read(http, mode);
        if (problem is not null)
            return problem.AsResult();

        var store = registers.Of(caller.Environment).Store;
        var intake = await new SubmissionIntake(store, clock).Receive(file!, caller, http.RequestAborted);
        if (intake.Submission is not { } submission)
            return intake.Problem!.AsResult();
        if (intake.Replayed)
            http.Response.Headers["Idempotency-Replayed"] = "true";
        else
            signals.Begun(caller.Environment);

        if (IncomingFile.WaitOf(http.Request) is { } seconds)
        {
            http.Response.Headers["Preference-Applied"] = string.Create(
                CultureInfo.InvariantCulture,
                $"wait={seconds}"
            );
            submission = await WaitForEnd(http, store, caller, submission, seconds, signals, clock);
        }
        http.Response.Headers.Location = $"/v1/submissions/{Ids.Submission(submission.SubmissionId)}";
        return Answer(http, submission, clock, statusCode: 202);
    }

    static async Task<Submission> WaitForEnd(
        HttpContext http,
        Database.Store store,
        Caller caller,
        Submission submission,
        int seconds,
        SubmissionSignals signals,
        TimeProvider clock
    )
    {
        var cancel = http.RequestAborted;
        var readiness = http.RequestServices.GetRequiredService<Readiness>();
        var until = clock.GetUtcNow().AddSeconds(seconds);
        while (true)
        {
            submission = (await SubmissionStore.Find(store, caller, submission.SubmissionId, cancel))!;
            var left = until - clock.GetUtcNow();
            if (!submission.IsRunning || left <= TimeSpan.Zero || readiness.IsLeaving)
                return submission;
            // Another node may be the one that ends it: look again now and then.
            var next = left < TimeSpan.FromMilliseconds(500) ? left : TimeSpan.FromMilliseconds(500);
            await signals.End(submission.SubmissionId, next, clock, cancel);
        }
    }

    static async Task<IResult> List(
        HttpContext http,
        Caller caller,
        Registers registers,
        TimeProvider clock,
        string? cursor,
        string? limit,
        CancellationToken cancel
    )
    {
        if (Paging.Limit(limit) is not { } most)
            return Paging.LimitRefused.AsResult();
        Guid? before = null;
        if (cursor is not null)
        {
            if (!Paging.TryDecode(cursor, out var text) || !Guid.TryParseExact(text, "N", out var id))
                return Paging.CursorRefused.AsResult();
            before = id;
        }
        var store = registers.Of(caller.Environment).Store;
        var found = await SubmissionStore.List(store, caller, before, most + 1, cancel);
        var page = Paging.Of(found, most, submission => submission.SubmissionId.ToString("N"));
        Paging.LinkNext(http, page.NextCursor);
        var now = clock.Now();
        return Json.Answer(
            new Page<SubmissionAnswer>(
                page.Items.Select(item => SubmissionAnswer.Of(item, now)).ToList(),
                page.NextCursor
            )
        );
    }

    static async Task<IResult> Get(
        HttpContext http,
        string id,
        Caller caller,
        Registers registers,
        TimeProvider clock,
        CancellationToken cancel
    ) =>
        await Find(id, caller, registers, cancel) is { } submission
            ? Answer(http, submission, clock)
            : Problems.NotFound.AsResult();

    static async Task<IResult> Results(
        HttpContext http,
        string id,
        Caller caller,
        Registers registers,
        string? outcome,
        string? cursor,
        string? limit,
        CancellationToken cancel
    )
    {
        if (outcome is not null && !Outcomes.Contains(outcome))
            return Problems.ParameterInvalid.Because($"outcome is one of {string.Join(", ", Outcomes)}.").AsResult();
        if (Accept.Choose(http.Request, "application/json", "application/x-ndjson", "text/csv") is not { } mediaType)
            return Problems
                .NotAcceptable.Because("Results come as application/json, application/x-ndjson or text/csv.")
                .AsResult();
        if (await Find(id, caller, registers, cancel) is not { } submission)
            return Problems.NotFound.AsResult();

        var store = registers.Of(caller.Environment).Store;
        if (mediaType == "application/json")
            return await ResultPage(http, store, caller, submission, outcome, cursor, limit, cancel);
        var results = ResultStore.Stream(store, caller.Environment, submission, outcome, cancel);
        return Microsoft.AspNetCore.Http.Results.Stream(
            output =>
                mediaType == "text/csv"
                    ? ResultFiles.WriteCsv(output, results, cancel)
                    : NdjsonFile.Write(output, results, cancel),
            mediaType == "text/csv" ? "text/csv; charset=utf-8" : mediaType
        );
    }

    static async Task<IResult> ResultPage(
        HttpContext http,
        Database.Store store,
        Caller caller,
        Submission submission,
        string? outcome,
        string? cursor,
        string? limit,
        CancellationToken cancel
    )
    {
        if (Paging.Limit(limit) is not { } most)
            return Paging.LimitRefused.AsResult();
        var after = 0;
        if (
            cursor is not null
            && !(
                Paging.TryDecode(cursor, out var text)
                && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out after)
            )
        )
            return Paging.CursorRefused.AsResult();
        var found = await ResultStore.Page(store, caller.Environment, submission, outcome, after, most + 1, cancel);
        var page = Paging.Of(found, most, row => row.RowNumber.ToString(CultureInfo.InvariantCulture));
        Paging.LinkNext(http, page.NextCursor);
        return Json.Answer(page);
    }

    static async Task<IResult> Corrections(string id, Caller caller, Registers registers, CancellationToken cancel)
    {
        if (await Find(id, caller, registers, cancel) is not { } submission)
            return Problems.NotFound.AsResult();
        var store = registers.Of(caller.Environment).Store;
        return Microsoft.AspNetCore.Http.Results.Stream(
            output => ResultFiles.WriteCorrections(output, store, caller.Environment, submission, cancel),
            "text/csv; charset=utf-8",
            $"{id}-corrections.csv"
        );
    }

    static async Task<IResult> Cancel(
        HttpContext http,
        string id,
        Caller caller,
        Registers registers,
        SubmissionSignals signals,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        if (await Find(id, caller, registers, cancel) is not { } submission)
            return Problems.NotFound.AsResult();
        var store = registers.Of(caller.Environment).Store;
        await SubmissionStore.Cancel(store, caller, submission.SubmissionId, clock.Now(), cancel);
        signals.Ended(submission.SubmissionId);
        return await Get(http, id, caller, registers, clock, cancel);
    }

    static async Task<IResult> Resume(
        HttpContext http,
        string id,
        Caller caller,
        Registers registers,
        SubmissionSignals signals,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        if (await Find(id, caller, registers, cancel) is not { } submission)
            return Problems.NotFound.AsResult();
        var store = registers.Of(caller.Environment).Store;
        if (await SubmissionStore.Resume(store, caller, submission.SubmissionId, cancel))
            signals.Begun(caller.Environment);
        return await Get(http, id, caller, registers, clock, cancel);
    }

    static IResult Answer(HttpContext http, Submission submission, TimeProvider clock, int statusCode = 200)
    {
        if (submission.IsRunning)
            http.Response.Headers.RetryAfter = "1";
        return Json.Answer(SubmissionAnswer.Of(submission, clock.Now()), statusCode);
    }

    static async Task<Submission?> Find(string id, Caller caller, Registers registers, CancellationToken cancel) =>
        Ids.TryRead("sub_", id, out var submissionId)
            ? await SubmissionStore.Find(registers.Of(caller.Environment).Store, caller, submissionId, cancel)
            : null;
}
