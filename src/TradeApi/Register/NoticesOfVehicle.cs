namespace TradeApi.Register;

/// <summary>
/// The notices that are tied to a vehicle: it names the last one, and each names the one before. So each is looked up in its
/// month alone, however many there are.
/// </summary>
static class NoticesOfVehicle
{
    /// <summary>Selects the ids of those that are accepted or referred.</summary>
    /// <param name="vehicles">Which vehicles: a condition on <c>v.vehicle_id</c>.</param>
    public static string Ids(string vehicles) =>
        $"""
            select keeper_change_id
                     from ({With(vehicles, "k.outcome")}) o
                    where outcome <> 'refused'
            """;

    /// <summary>Selects all of them, each with its id.</summary>
    /// <param name="vehicles">Which vehicles: a condition on <c>v.vehicle_id</c>.</param>
    /// <param name="columns">What of them is wanted, of <c>keeper_change k</c>.</param>
    public static string With(string vehicles, string columns) =>
        $"""
            with recursive tied as (
                   select k.keeper_change_id, k.previous_id, {columns}
                     from vehicle v
                     join keeper_change k on k.keeper_change_id = v.last_keeper_change_id
                    where {vehicles}
                    union
                   select k.keeper_change_id, k.previous_id, {columns}
                     from tied t
                     join keeper_change k on k.keeper_change_id = t.previous_id)
                   select *
                     from tied
            """;
}
