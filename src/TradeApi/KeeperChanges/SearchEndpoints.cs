using System.ComponentModel.DataAnnotations;
using TradeApi.Http;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Tokens;

namespace TradeApi.KeeperChanges;

/// <summary>Which of the own notices are looked for. Every member narrows the search; none at all finds all of them.</summary>
sealed record KeeperChangeQuestion
{
    /// <summary>Only notices with this mark, in every spelling that a notice may have.</summary>
    /// <example>AB12 CDE</example>
    public string? RegistrationNumber { get; init; }

    /// <summary>Only notices with exactly this reference, 1–64 characters.</summary>
    /// <example>DMS-20261124-0042</example>
    [MaxLength(SearchEndpoints.LongestReference)]
    public string? ClientReference { get; init; }

    /// <summary>Only notices with this outcome: `accepted`, `referred`, `refused` or `reversed`.</summary>
    /// <example>refused</example>
    public string? Outcome { get; init; }

    /// <summary>Only notices of this type, such as `disposalToTrade`.</summary>
    /// <example>disposalToTrade</example>
    public string? Type { get; init; }

    /// <summary>Only notices of events on this day or later, as YYYY-MM-DD.</summary>
    /// <example>2026-11-01</example>
    public DateOnly? EventDateFrom { get; init; }

    /// <summary>Only notices of events on this day or earlier, as YYYY-MM-DD.</summary>
    /// <example>2026-11-30</example>
    public DateOnly? EventDateTo { get; init; }

    /// <summary>Only notices received at this instant or later (RFC 3339). Rows of a file were received when the file was.</summary>
    /// <example>2026-11-24T00:00:00Z</example>
    public DateTimeOffset? ReceivedFrom { get; init; }

    /// <summary>Only notices received before this instant (RFC 3339), so that two searches side by side find no notice twice.</summary>
    /// <example>2026-11-25T00:00:00Z</example>
    public DateTimeOffset? ReceivedTo { get; init; }

    /// <summary>`nextCursor` of the page before; left out for the first page.</summary>
    /// <example>MDE5YWI</example>
    public string? Cursor { get; init; }

    /// <summary>The most items of a page, 1–200; 50 when left out.</summary>
    /// <example>50</example>
    [Range(1, Paging.MostItems)]
    public int? Limit { get; init; }
}

/// <summary>Finds notices again, for those who sent them or for whom they were sent.</summary>
static class SearchEndpoints
{
    public const int LongestReference = 64;

    static readonly string[] Outcomes = ["accepted", "referred", "refused", "reversed"];
    static readonly string[] Types = [.. EventTypes.All.Select(type => type.Name)];

    public static void MapSearch(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/keeper-changes/search", Search)
            .RequireScope(Scopes.KeeperChangesRead)
            .WithTags("Keeper changes")
            .WithName("searchKeeperChanges")
            .WithSummary("Find your notices again")
            .WithDescription(
                "Notices that your organisation sent or that were sent for it, refused ones among them, the last received first, in cursor pages of up to 200. "
                    + "What is looked for stands in the body, never in an address; `{}` finds all. For the next page send the same body with `cursor`."
            )
            .TakesQuestion<KeeperChangeQuestion>()
            .Produces<Page<KeeperChangeAnswer>>()
            .ProducesProblems(400, 413, 415, 422);

    static async Task<IResult> Search(HttpContext http, Caller caller, Registers registers, TimeProvider clock)
    {
        var today = LondonDate.Of(clock.Now());
        var question = await Question.Read(http);
        var (limit, after) = question.Page(NoticePosition.Read);
        var search = new NoticeSearch
        {
            Mark = question.Optional("registrationNumber", text => RegistrationNumber.Read(text, today)),
            ClientReference = question.OptionalText("clientReference", LongestReference),
            Outcome = question.Choice("outcome", Outcomes),
            Type = question.Choice("type", Types),
            EventDateFrom = question.Optional("eventDateFrom", LondonDate.Read),
            EventDateTo = question.Optional("eventDateTo", LondonDate.Read),
            ReceivedFrom = question.Optional("receivedFrom", Question.Instant),
            ReceivedTo = question.Optional("receivedTo", Question.Instant),
        };
        if (question.Problem() is { } problem)
            return problem.AsResult();
        var store = registers.Of(caller.Environment).Store;
        return Json.Answer(await NoticeSearchStore.Page(store, caller, search, limit, after, http.RequestAborted));
    }
}
