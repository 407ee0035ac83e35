using TradeApi.Database;
using TradeApi.Http;
using TradeApi.Organisations;
using TradeApi.Register;
using TradeApi.Rules.Values;
using TradeApi.Tokens;

namespace TradeApi.Vehicles;

/// <summary>A vehicle of the own fleet.</summary>
sealed record FleetVehicle
{
    /// <summary>The mark in canonical form: upper case without spaces.</summary>
    /// <example>AB12CDE</example>
    public required string RegistrationNumber { get; init; }

    /// <summary>The vehicle identification number, or the chassis number of an old vehicle.</summary>
    /// <example>SALVA2AE4EH877322</example>
    public required string Vin { get; init; }

    /// <summary>The make.</summary>
    /// <example>FORD</example>
    public required string Make { get; init; }

    /// <summary>The model; absent when the record does not say.</summary>
    /// <example>TRANSIT</example>
    public string? Model { get; init; }

    /// <summary>The colour; absent when the record does not say.</summary>
    /// <example>WHITE</example>
    public string? Colour { get; init; }

    /// <summary>The fuel; absent when the record does not say.</summary>
    /// <example>DIESEL</example>
    public string? FuelType { get; init; }

    /// <summary>The class, such as `car`, `lightVan` or `motorcycle`.</summary>
    /// <example>lightVan</example>
    public required string VehicleClass { get; init; }

    /// <summary>The day of its first registration anywhere.</summary>
    /// <example>2024-03-01</example>
    public required DateOnly DateOfFirstRegistration { get; init; }

    /// <summary>Which of your fleet numbers it is kept under.</summary>
    /// <example>123456</example>
    public required string FleetNumber { get; init; }

    /// <summary>The first day of your keepership.</summary>
    /// <example>2024-03-01</example>
    public required DateOnly KeeperSince { get; init; }

    /// <summary>Whether its document has been issued. When not, notices name the fleet number instead.</summary>
    /// <example>false</example>
    public required bool DocumentIssued { get; init; }

    /// <summary>Whether it is declared off the road (SORN).</summary>
    /// <example>false</example>
    public required bool OffRoad { get; init; }

    /// <summary>The insurer's category: `A`, `B`, `S` or `N`; absent when there is none.</summary>
    /// <example>S</example>
    public string? SalvageCategory { get; init; }

    /// <summary>Tax, today in Europe/London.</summary>
    public required TaxAnswer Tax { get; init; }

    /// <summary>MOT, today in Europe/London.</summary>
    public required MotAnswer Mot { get; init; }
}

/// <summary>The vehicles whose keeper is the own fleet.</summary>
static class FleetEndpoints
{
    const string Ndjson = "application/x-ndjson";

    public static void MapFleet(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/fleet/vehicles", List)
            .RequireScope(Scopes.VehiclesRead)
            .WithTags("Vehicles")
            .WithName("listFleetVehicles")
            .WithSummary("List the vehicles of your fleet")
            .WithDescription(
                "The vehicles whose registered keeper bears one of your organisation's fleet numbers: cursor pages of up to 200 as `application/json`, or all of "
                    + "them as a stream of `application/x-ndjson`, one a line, by `Accept`. The order is stable and has no meaning. An organisation without a "
                    + "fleet number has no vehicles here. A vehicle that joins or leaves while you read may be in or out."
            )
            .Produces<Page<FleetVehicle>>(200, "application/json", Ndjson)
            .ProducesProblems(400, 406);

    static async Task<IResult> List(
        HttpContext http,
        Caller caller,
        Registers registers,
        Stores stores,
        TimeProvider clock,
        string? cursor,
        string? limit,
        CancellationToken cancel
    )
    {
        if (Accept.Choose(http.Request, "application/json", Ndjson) is not { } mediaType)
            return Problems
                .NotAcceptable.Because("The list comes as application/json or application/x-ndjson.")
                .AsResult();
        if (Paging.Limit(limit) is not { } most)
            return Paging.LimitRefused.AsResult();
        var own = await OrganisationStore.InForce(stores.Control, [caller.OrganisationId], caller.Environment, cancel);
        var fleet = new Fleet(
            registers.Of(caller.Environment).Store,
            own.SelectMany(organisation => organisation.FleetNumbers),
            LondonDate.Of(clock.Now())
        );
        if (mediaType == Ndjson)
            return Results.Stream(output => NdjsonFile.Write(output, fleet.Stream(cancel), cancel), Ndjson);

        var after = FleetPosition.Start;
        if (cursor is not null && !(Paging.TryDecode(cursor, out var text) && fleet.TryRead(text, out after)))
            return Paging.CursorRefused.AsResult();
        var found = await fleet.Page(after, most + 1, cancel);
        var page = Paging.Of(found, most, row => row.Position.ToString());
        Paging.LinkNext(http, page.NextCursor);
        return Json.Answer(new Page<FleetVehicle>(page.Items.Select(row => row.Vehicle).ToList(), page.NextCursor));
    }
}
