using System.Globalization;
using TradeApi.Http;
using TradeApi.Register;
using TradeApi.Tokens;

namespace TradeApi.Events;

/// <summary>What has happened to an organisation's notices and stock, in the order of the ledger.</summary>
static class EventEndpoints
{
    const int MostSeconds = 30;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/events", List)
            .RequireScope("events")
            .WithTags("Events")
            .WithName("listEvents")
            .WithSummary("Read your events")
            .WithDescription(
                "Your organisation's events in the order of the ledger, without gaps: keep `nextCursor` and ask again with it. "
                    + "Each is a thin CloudEvent (1.0) without personal data; read the subject for the rest. `wait` holds the answer until there is an event, "
                    + "up to 30 seconds. Types: "
                    + string.Join(", ", LedgerEvent.Types.Select(type => $"`{type}`"))
                    + "."
            )
            .Produces<EventPage>()
            .ProducesProblems(400);

    static async Task<IResult> List(
        Caller caller,
        Registers registers,
        Settings settings,
        Readiness readiness,
        string? cursor,
        string? types,
        string? wait,
        string? limit,
        CancellationToken cancel
    )
    {
        if (Paging.Limit(limit) is not { } most)
            return Problems.ParameterInvalid.Because("limit is a whole number from 1 to 200.").AsResult();
        var after = 0L;
        if (
            cursor is not null
            && !(
                Paging.TryDecode(cursor, out var text)
                && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out after)
            )
        )
            return Problems.ParameterInvalid.Because("cursor is the nextCursor of an earlier answer.").AsResult();
        var wanted = types?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (wanted.Except(LedgerEvent.Types).FirstOrDefault() is { } unknown)
            return Problems
                .ParameterInvalid.Because(
                    $"types names '{unknown}'. The types are {string.Join(", ", LedgerEvent.Types)}."
                )
                .AsResult();
        var seconds = 0;
        if (
            wait is not null
            && !(
                int.TryParse(wait, NumberStyles.None, CultureInfo.InvariantCulture, out seconds)
                && seconds <= MostSeconds
            )
        )
            return Problems.ParameterInvalid.Because("wait is a whole number of seconds from 0 to 30.").AsResult();

        var store = registers.Of(caller.Environment).Store;
        var page = await EventStore.Read(store, caller, after, wanted, most, cancel);
        // Real seconds, whatever the clock of a sandbox says.
        for (
            var waited = TimeSpan.Zero;
            page.Events.Count == 0 && waited.TotalSeconds < seconds && !readiness.IsLeaving;
            waited += Pause
        )
        {
            await Task.Delay(Pause, cancel);
            page = await EventStore.Read(store, caller, page.ReadTo, wanted, most, cancel);
        }
        return Json.Answer(
            new EventPage(
                page.Events.ConvertAll(one => EventAnswer.Of(one, settings.Issuer)),
                Paging.Encode(page.ReadTo.ToString(CultureInfo.InvariantCulture))
            )
        );
    }
}

/// <summary>Events in order.</summary>
/// <param name="Items">The events, the oldest first; empty when there is nothing new.</param>
/// <param name="NextCursor">Where to go on; always given. Opaque.</param>
sealed record EventPage(IReadOnlyList<EventAnswer> Items, string NextCursor);

/// <summary>One event: a thin CloudEvent.</summary>
sealed record EventAnswer
{
    /// <summary>The version of CloudEvents: `1.0`.</summary>
    public required string Specversion { get; init; }

    /// <summary>Its id, the same each time it is read: `evt_` and a UUIDv7.</summary>
    public required string Id { get; init; }

    /// <summary>Who tells it: the address of this service.</summary>
    public required string Source { get; init; }

    /// <summary>What has happened, such as `keeper-change.accepted`. New types may be added.</summary>
    public required string Type { get; init; }

    /// <summary>When it was decided, a UTC instant (RFC 3339).</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The notice that it is about; of a reversal or a correction, the notice reversed or corrected.</summary>
    public required string Subject { get; init; }

    /// <summary>Its place in the ledger: later events have greater ones.</summary>
    public required string Sequence { get; init; }

    public static EventAnswer Of(LedgerEvent one, Uri source) =>
        new()
        {
            Specversion = "1.0",
            Id = "evt_" + one.Id.ToString("N"),
            Source = source.AbsoluteUri,
            Type = one.Type,
            Time = one.DecidedAt,
            Subject = Ids.KeeperChange(one.Subject),
            Sequence = one.Position.ToString("D20", CultureInfo.InvariantCulture),
        };
}
