using System.Globalization;
using System.Runtime.InteropServices;
using Dapper;
using TradeApi.Database;
using TradeApi.Http;
using TradeApi.Register;
using TradeApi.Rules.Values;
using TradeApi.Tokens;

namespace TradeApi.KeeperChanges;

/// <summary>What own notices are looked for by. Members that are null do not narrow the search.</summary>
sealed record NoticeSearch
{
    public RegistrationNumber? Mark { get; init; }

    /// <summary>With the mark: also the notices on the vehicle that bears it or bore it, under whichever mark they came.</summary>
    public bool WholeVehicle { get; init; }
    public string? ClientReference { get; init; }
    public string? Outcome { get; init; }
    public string? Type { get; init; }
    public DateOnly? EventDateFrom { get; init; }
    public DateOnly? EventDateTo { get; init; }
    public DateTimeOffset? ReceivedFrom { get; init; }
    public DateTimeOffset? ReceivedTo { get; init; }
}

/// <summary>A place among notices, the last received first.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct NoticePosition(DateTimeOffset ReceivedAt, Guid Id)
{
    public static NoticePosition Of(DecidedNotice notice) => new(notice.ReceivedAt, notice.KeeperChangeId);

    public static NoticePosition? Read(string text)
    {
        var parts = text.Split(' ');
        return
            parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            && Guid.TryParseExact(parts[1], "N", out var id)
            ? new NoticePosition(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), id)
            : null;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{ReceivedAt.ToUnixTimeMilliseconds()} {Id:N}");
}

/// <summary>Finds notices for those who sent them or for whom they were sent; nobody else's are ever looked at.</summary>
static class NoticeSearchStore
{
    const string Own = "(k.organisation_id = @OrganisationId or k.submitted_by = @OrganisationId)";

    public static async Task<Page<KeeperChangeAnswer>> Page(
        Store store,
        Caller caller,
        NoticeSearch search,
        int limit,
        NoticePosition? after,
        CancellationToken cancel
    )
    {
        var named = Named(search);
        await using var connection = named is null ? await store.Open(cancel) : await store.OpenByKeys(cancel);
        var found = await connection.QueryAsync<DecidedNotice>(
            named is null ? AmongAll(search, after) : AmongNamed(named, search, after),
            new
            {
                caller.OrganisationId,
                Mark = search.Mark?.Text,
                search.ClientReference,
                search.Outcome,
                search.Type,
                search.EventDateFrom,
                search.EventDateTo,
                search.ReceivedFrom,
                search.ReceivedTo,
                After = after?.ReceivedAt,
                AfterId = after?.Id,
                Limit = limit + 1,
            }
        );
        var page = Paging.Of(found.AsList(), limit, notice => NoticePosition.Of(notice).ToString());
        return new(
            page.Items.Select(notice => KeeperChangeAnswer.Of(notice, caller.Environment)).ToList(),
            page.NextCursor
        );
    }

    // A mark or a reference names a handful of notices. They are found first, by their own index: either database might
    // otherwise choose to walk through all notices of the organisation.
    static string AmongNamed(string named, NoticeSearch search, NoticePosition? after) =>
        $"""
              with named as materialized (
            {named}
                   )
            {RegisterLoad.SelectDecided}
             where k.keeper_change_id in (select keeper_change_id from named)
               and {Own}
                   {Conditions(search, after)}
             order by k.received_at desc, k.keeper_change_id desc
             limit @Limit
            """;

    // Those sent for the organisation and those that it sent for others: each from an index that has them in order.
    static string AmongAll(NoticeSearch search, NoticePosition? after) =>
        $"""
            {RegisterLoad.SelectDecided}
             where k.keeper_change_id in (
                   select keeper_change_id
                     from (select k.keeper_change_id
                             from keeper_change k
                            where k.organisation_id = @OrganisationId
                                  {Conditions(search, after)}
                            order by k.received_at desc, k.keeper_change_id desc
                            limit @Limit) as sent_for
                    union all
                   select keeper_change_id
                     from (select k.keeper_change_id
                             from keeper_change k
                            where k.submitted_by = @OrganisationId
                              and k.submitted_by <> k.organisation_id
                                  {Conditions(search, after)}
                            order by k.received_at desc, k.keeper_change_id desc
                            limit @Limit) as sent_by)
             order by k.received_at desc, k.keeper_change_id desc
             limit @Limit
            """;

    static string? Named(NoticeSearch search)
    {
        if (search.ClientReference is not null)
            return """
                    select keeper_change_id
                      from used_reference
                     where organisation_id = @OrganisationId
                       and client_reference = @ClientReference
                     union
                    select keeper_change_id
                      from keeper_change
                     where submitted_by = @OrganisationId
                       and submitted_by <> organisation_id
                       and client_reference = @ClientReference
                     union
                    select keeper_change_id
                      from keeper_change
                     where outcome = 'refused'
                       and client_reference = @ClientReference
                """;
        if (search.Mark is null)
            return null;
        var vehicles = search.WholeVehicle ? VehiclesNotifiedUnderMark : VehiclesEverUnderMark;
        // A refused notice is tied to no vehicle, so it can only be found by the mark that it named.
        return $"""
                select keeper_change_id
                  from keeper_change
                 where outcome = 'refused'
                   and registration_number = @Mark
                 union
                select keeper_change_id
                  from ({NoticesOf(vehicles)}) tied
            """;
    }

    // Those that bear the mark, have lost it by a notice, or were ever given it by one.
    const string VehiclesEverUnderMark = """
        select vehicle_id
                                        from vehicle
                                       where registration_number = @Mark
                                       union
                                      select vehicle_id
                                        from keeper_change
                                       where registration_number = @Mark
                                         and new_registration_number is not null
                                       union
                                      select vehicle_id
                                        from keeper_change
                                       where new_registration_number = @Mark
        """;

    static readonly string VehiclesNotifiedUnderMark = $"""
        select vehicle_id
                                        from vehicle
                                       where registration_number = @Mark
                                       union
                                      select k.vehicle_id
                                        from keeper_change k
                                       where k.keeper_change_id in ({NoticesOf(VehiclesEverUnderMark)})
                                         and k.registration_number = @Mark
                                         and {Own}
        """;

    static string NoticesOf(string vehicles) => NoticesOfVehicle.Ids($"v.vehicle_id in ({vehicles})");

    static string Conditions(NoticeSearch search, NoticePosition? after)
    {
        var conditions = new List<string>();
        if (search.Mark is not null && !search.WholeVehicle)
            conditions.Add("k.registration_number = @Mark");
        if (search.Outcome is not null)
            conditions.Add(OfOutcome(search.Outcome));
        if (search.Type is not null)
            conditions.Add("k.type = @Type");
        if (search.EventDateFrom is not null)
            conditions.Add("k.event_date >= @EventDateFrom");
        if (search.EventDateTo is not null)
            conditions.Add("k.event_date <= @EventDateTo");
        if (search.ReceivedFrom is not null)
            conditions.Add("k.received_at >= @ReceivedFrom");
        if (search.ReceivedTo is not null)
            conditions.Add("k.received_at < @ReceivedTo");
        if (after is not null)
            conditions.Add("(k.received_at, k.keeper_change_id) < (@After, @AfterId)");
        return string.Concat(conditions.Select(condition => $" and {condition}"));
    }

    // What has been reversed is told as that, and not as accepted any more.
    static string OfOutcome(string outcome) =>
        outcome switch
        {
            "reversed" => "k.reversed_by is not null",
            "accepted" => "k.outcome = 'accepted' and k.reversed_by is null",
            _ => "k.outcome = @Outcome",
        };
}
