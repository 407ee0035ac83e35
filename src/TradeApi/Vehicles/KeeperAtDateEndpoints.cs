using System.ComponentModel.DataAnnotations;
using TradeApi.Http;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Tokens;

namespace TradeApi.Vehicles;

/// <summary>Whose keeper is asked for, and why.</summary>
sealed record KeeperQuestion
{
    /// <summary>The registration mark, in every spelling that a notice may have.</summary>
    /// <example>AB12 CDE</example>
    public required string RegistrationNumber { get; init; }

    /// <summary>The day, as YYYY-MM-DD, not after today by the date in Europe/London.</summary>
    /// <example>2026-10-31</example>
    public required DateOnly Date { get; init; }

    /// <summary>What the answer is needed for, 1–200 characters. It is kept with the record of your call.</summary>
    /// <example>Claim after an accident</example>
    [MaxLength(KeeperAtDateEndpoints.LongestPurpose)]
    public required string Purpose { get; init; }

    /// <summary>Your own case, 1–64 characters, by which you can show what the answer was for.</summary>
    /// <example>CLAIM-2026-00042</example>
    [MaxLength(KeeperAtDateEndpoints.LongestCaseReference)]
    public required string CaseReference { get; init; }
}

/// <summary>Who was the keeper on a day.</summary>
sealed record KeeperAtDateAnswer
{
    /// <summary>The mark in canonical form: upper case without spaces.</summary>
    /// <example>AB12CDE</example>
    public required string RegistrationNumber { get; init; }

    /// <summary>The day that was asked about.</summary>
    /// <example>2026-10-31</example>
    public required DateOnly Date { get; init; }

    /// <summary>The keeper on that day; absent when none was on the record, as in trade or before the first keeper.</summary>
    public KeeperAnswer? Keeper { get; init; }
}

/// <summary>A registered keeper: one person or one business.</summary>
sealed record KeeperAnswer
{
    /// <summary>A person's title.</summary>
    /// <example>Ms</example>
    public string? Title { get; init; }

    /// <summary>A person's first names.</summary>
    /// <example>Ffion</example>
    public string? FirstNames { get; init; }

    /// <summary>A person's last name.</summary>
    /// <example>O'Neill-Jones</example>
    public string? LastName { get; init; }

    /// <summary>A business's name.</summary>
    /// <example>Sample Hire Ltd</example>
    public string? BusinessName { get; init; }

    /// <summary>A fleet's number.</summary>
    /// <example>123456</example>
    public string? FleetNumber { get; init; }

    /// <summary>The keeper's address as it is on the record of that keepership.</summary>
    public required KeeperAddressAnswer Address { get; init; }

    /// <summary>The first day of this keepership.</summary>
    /// <example>2024-03-01</example>
    public required DateOnly From { get; init; }

    /// <summary>The day on which the next event ended it; absent while it is in force.</summary>
    /// <example>2026-11-20</example>
    public DateOnly? To { get; init; }
}

/// <summary>A keeper's address.</summary>
sealed record KeeperAddressAnswer
{
    /// <summary>First line.</summary>
    /// <example>1 Heol y Parc</example>
    public string? Line1 { get; init; }

    /// <summary>Second line.</summary>
    /// <example>Sketty</example>
    public string? Line2 { get; init; }

    /// <summary>Third line.</summary>
    /// <example>Uplands</example>
    public string? Line3 { get; init; }

    /// <summary>The post town.</summary>
    /// <example>Swansea</example>
    public string? PostTown { get; init; }

    /// <summary>The postcode.</summary>
    /// <example>SA1 1AA</example>
    public string? Postcode { get; init; }
}

/// <summary>Who was the keeper on a day, for those who may know; and every look-up is kept.</summary>
static class KeeperAtDateEndpoints
{
    public const int LongestPurpose = 200;
    public const int LongestCaseReference = 64;

    public static void MapKeeperAtDate(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/vehicles/keeper-at-date", Ask)
            .RequireScope(Scopes.KeepersRead)
            .WithTags("Vehicles")
            .WithName("getKeeperAtDate")
            .WithSummary("Ask who was the keeper on a day")
            .WithDescription(
                "The registered keeper of a vehicle on a day, for insurers, and for others by contract. Each look-up is recorded with its purpose and "
                    + "case reference before it is answered, whatever the answer. On the day on which one keepership ends and another begins, the new keeper is "
                    + "in force; on the day on which one ends and none begins, the old one still is. 200 without `keeper`: nobody was on the record that day. "
                    + "404: no vehicle bears the mark."
            )
            .TakesQuestion<KeeperQuestion>()
            .Produces<KeeperAtDateAnswer>()
            .ProducesProblems(400, 404, 413, 415, 422);

    static async Task<IResult> Ask(HttpContext http, Caller caller, Registers registers, TimeProvider clock)
    {
        var now = clock.Now();
        var today = LondonDate.Of(now);
        var question = await Question.Read(http);
        var enquiry = new KeeperEnquiry
        {
            KeeperEnquiryId = Guid.CreateVersion7(now),
            AskedAt = now,
            Mark = question.Needed("registrationNumber", text => RegistrationNumber.Read(text, today)),
            Date = question.Needed("date", text => NotAfter(today, text)),
            Purpose = question.NeededText("purpose", LongestPurpose),
            CaseReference = question.NeededText("caseReference", LongestCaseReference),
        };
        if (question.Problem() is { } problem)
            return problem.AsResult();
        var store = registers.Of(caller.Environment).Store;
        var (isThere, keeper) = await KeeperAtDateStore.Ask(store, caller, enquiry, http.RequestAborted);
        return isThere
            ? Json.Answer(
                new KeeperAtDateAnswer
                {
                    RegistrationNumber = enquiry.Mark.Text,
                    Date = enquiry.Date,
                    Keeper = keeper,
                }
            )
            : Problems.NotFound.AsResult();
    }

    static Reading<DateOnly> NotAfter(DateOnly today, string text)
    {
        var date = LondonDate.Read(text);
        return date.Value > today
            ? new Fault("date.in-future", "The date lies after today. A keeper is only known up to today.")
            : date;
    }
}
