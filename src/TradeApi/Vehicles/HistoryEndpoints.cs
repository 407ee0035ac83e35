using System.ComponentModel.DataAnnotations;
using TradeApi.Http;
using TradeApi.KeeperChanges;
using TradeApi.Register;
using TradeApi.Rules.Values;
using TradeApi.Tokens;

namespace TradeApi.Vehicles;

/// <summary>Which vehicle's notices are asked for.</summary>
sealed record HistoryQuestion
{
    /// <summary>The registration mark, in every spelling that a notice may have.</summary>
    /// <example>AB12 CDE</example>
    public required string RegistrationNumber { get; init; }

    /// <summary>`nextCursor` of the page before; left out for the first page.</summary>
    /// <example>MDE5YWI</example>
    public string? Cursor { get; init; }

    /// <summary>The most items of a page, 1–200; 50 when left out.</summary>
    /// <example>50</example>
    [Range(1, Paging.MostItems)]
    public int? Limit { get; init; }
}

/// <summary>The own notices on a vehicle.</summary>
static class HistoryEndpoints
{
    public static void MapHistory(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/vehicles/history", Ask)
            .RequireScope(Scopes.KeeperChangesRead)
            .WithTags("Vehicles")
            .WithName("getVehicleHistory")
            .WithSummary("List your notices on a vehicle")
            .WithDescription(
                "Notices on a vehicle that your organisation sent or that were sent for it, the last received first, in cursor pages of up to 200: those that "
                    + "named this mark, and accepted or referred ones on the same vehicle under another. What others notified is never shown. A mark that no "
                    + "vehicle bears, and one on which you sent nothing, give the same empty page. For the next page send the same body with `cursor`."
            )
            .TakesQuestion<HistoryQuestion>()
            .Produces<Page<KeeperChangeAnswer>>()
            .ProducesProblems(400, 413, 415, 422);

    static async Task<IResult> Ask(HttpContext http, Caller caller, Registers registers, TimeProvider clock)
    {
        var today = LondonDate.Of(clock.Now());
        var question = await Question.Read(http);
        var (limit, after) = question.Page(NoticePosition.Read);
        var search = new NoticeSearch
        {
            Mark = question.Needed("registrationNumber", text => RegistrationNumber.Read(text, today)),
            WholeVehicle = true,
        };
        if (question.Problem() is { } problem)
            return problem.AsResult();
        var store = registers.Of(caller.Environment).Store;
        return Json.Answer(await NoticeSearchStore.Page(store, caller, search, limit, after, http.RequestAborted));
    }
}
