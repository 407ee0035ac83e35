using TradeApi.Http;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Tokens;

namespace TradeApi.Vehicles;

/// <summary>Which vehicle is asked about.</summary>
sealed record VehicleQuestion
{
    /// <summary>The registration mark, in every spelling that a notice may have.</summary>
    /// <example>AB12 CDE</example>
    public required string RegistrationNumber { get; init; }
}

/// <summary>What the record of a vehicle says to everybody in the trade: nothing of persons, VIN or documents.</summary>
sealed record VehicleEnquiryAnswer
{
    /// <summary>The mark in canonical form: upper case without spaces.</summary>
    /// <example>AB12CDE</example>
    public required string RegistrationNumber { get; init; }

    /// <summary>The make.</summary>
    /// <example>FORD</example>
    public required string Make { get; init; }

    /// <summary>The colour; absent when the record does not say.</summary>
    /// <example>BLUE</example>
    public string? Colour { get; init; }

    /// <summary>The fuel; absent when the record does not say.</summary>
    /// <example>DIESEL</example>
    public string? FuelType { get; init; }

    /// <summary>The year of the first registration. The year of manufacture is not on the record.</summary>
    /// <example>2012</example>
    public required int Year { get; init; }

    /// <summary>The day of its first registration anywhere.</summary>
    /// <example>2012-04-17</example>
    public required DateOnly DateOfFirstRegistration { get; init; }

    /// <summary>Tax, on the day of the enquiry in Europe/London.</summary>
    public required TaxAnswer Tax { get; init; }

    /// <summary>MOT, on the day of the enquiry in Europe/London.</summary>
    public required MotAnswer Mot { get; init; }

    /// <summary>Whether it is recorded as exported for good.</summary>
    /// <example>false</example>
    public required bool Exported { get; init; }

    /// <summary>The insurer's category: `A` or `B` (never again on the road), `S` or `N` (repairable); absent when there is none.</summary>
    /// <example>N</example>
    public string? SalvageCategory { get; init; }

    /// <summary>The state of the record: `keeperOnRecord`, `inTrade`, `withInsurer`, `exported` or `destroyed`. New values may be added.</summary>
    /// <example>inTrade</example>
    public required string Record { get; init; }

    public static VehicleEnquiryAnswer Of(EnquiredVehicle vehicle, DateOnly today)
    {
        var state = VehicleStates.Read(vehicle.State);
        return new()
        {
            RegistrationNumber = vehicle.RegistrationNumber,
            Make = vehicle.Make,
            Colour = vehicle.Colour,
            FuelType = vehicle.FuelType,
            Year = vehicle.DateOfFirstRegistration.Year,
            DateOfFirstRegistration = vehicle.DateOfFirstRegistration,
            Tax = TaxAnswer.Of(vehicle.OffRoad, vehicle.OffRoadFrom, vehicle.TaxEndedOn, vehicle.TaxDueOn, today),
            Mot = MotAnswer.Of(vehicle.MotExpiresOn, today),
            Exported = state == VehicleState.Exported,
            SalvageCategory = vehicle.SalvageCategory,
            Record = state switch
            {
                // That a keeper has died is nobody's business here: the keeper stays on the record.
                VehicleState.WithKeeper or VehicleState.KeeperDeceased => "keeperOnRecord",
                _ => VehicleStates.Name(state),
            },
        };
    }
}

/// <summary>What the record says of a vehicle, before anything is notified.</summary>
static class EnquiryEndpoints
{
    public static void MapEnquiry(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/vehicles/enquiry", Enquire)
            .RequireScope(Scopes.VehiclesRead)
            .WithTags("Vehicles")
            .WithName("enquireVehicle")
            .WithSummary("Ask what the record says of a vehicle")
            .WithDescription(
                "Make, colour, fuel, first registration, tax, MOT, salvage category and the state of the record of the vehicle that bears a mark. "
                    + "The mark stands in the body, never in an address. Nothing is told of persons, VIN or documents. 404: no vehicle bears the mark."
            )
            .TakesQuestion<VehicleQuestion>()
            .Produces<VehicleEnquiryAnswer>()
            .ProducesProblems(400, 404, 413, 415, 422);

    static async Task<IResult> Enquire(HttpContext http, Caller caller, Registers registers, TimeProvider clock)
    {
        var today = LondonDate.Of(clock.Now());
        var question = await Question.Read(http);
        var mark = question.Needed("registrationNumber", text => RegistrationNumber.Read(text, today));
        if (question.Problem() is { } problem)
            return problem.AsResult();
        var store = registers.Of(caller.Environment).Store;
        return await EnquiryStore.Find(store, mark, http.RequestAborted) is { } vehicle
            ? Json.Answer(VehicleEnquiryAnswer.Of(vehicle, today))
            : Problems.NotFound.AsResult();
    }
}
