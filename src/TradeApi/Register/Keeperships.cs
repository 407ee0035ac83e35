namespace TradeApi.Register;

/// <summary>
/// The keeperships of a vehicle: the one in force stands on the vehicle, and each that has ended hangs on the notice that
/// ended it. (The view <c>keepership</c> has those of all vehicles; asked for one, it would go through all.)
/// </summary>
static class Keeperships
{
    /// <summary>The columns of <see cref="KeeperRow"/> of the keepership in force, of <c>vehicle v</c>.</summary>
    public const string InForce = """
        v.vehicle_id, v.keepership_id, v.keepership_started_on as started_on, v.keepership_started_by as started_by,
                   v.keeper_title as title, v.keeper_first_names as first_names, v.keeper_last_name as last_name,
                   v.keeper_business_name as business_name, v.keeper_fleet_number as fleet_number,
                   v.keeper_driver_number as driver_number, v.keeper_email as email,
                   v.keeper_address_line1 as address_line1, v.keeper_address_line2 as address_line2,
                   v.keeper_address_line3 as address_line3, v.keeper_post_town as post_town, v.keeper_postcode as postcode
        """;

    // The same columns of one that has ended, of the notice k that has ended it, and when and by which.
    const string Former = """
        k.vehicle_id, k.former_keepership_id as keepership_id, k.former_keepership_started_on as started_on,
                   k.former_keepership_started_by as started_by, k.former_keeper_title as title,
                   k.former_keeper_first_names as first_names, k.former_keeper_last_name as last_name,
                   k.former_keeper_business_name as business_name, k.former_keeper_fleet_number as fleet_number,
                   k.former_keeper_driver_number as driver_number, k.former_keeper_email as email,
                   k.former_keeper_address_line1 as address_line1, k.former_keeper_address_line2 as address_line2,
                   k.former_keeper_address_line3 as address_line3, k.former_keeper_post_town as post_town,
                   k.former_keeper_postcode as postcode, k.former_keepership_ended_on as ended_on
        """;

    /// <summary>Selects those of a vehicle, each with when and by which notice it has ended.</summary>
    /// <param name="vehicle">Which vehicle: a condition on <c>v.vehicle_id</c>.</param>
    public static string Of(string vehicle) =>
        $"""
            select {InForce}, null as ended_on, null as ended_by
                     from vehicle v
                    where v.keepership_id is not null
                      and {vehicle}
                    union all
                   select vehicle_id, keepership_id, started_on, started_by, {KeeperRow.Columns}, ended_on,
                          keeper_change_id as ended_by
                     from ({NoticesOfVehicle.With(vehicle, Former)}) f
                    where keepership_id is not null
            """;
}
