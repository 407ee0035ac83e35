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

    /// <summary>The same columns of one that has ended, of <c>former_keepership f</c>.</summary>
    public const string Former = """
        f.vehicle_id, f.keepership_id, f.started_on, f.started_by, f.title, f.first_names, f.last_name, f.business_name,
                   f.fleet_number, f.driver_number, f.email, f.address_line1, f.address_line2, f.address_line3, f.post_town,
                   f.postcode
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
                   select {Former}, f.ended_on, f.ended_by
                     from former_keepership f
                    where f.ended_by in (
                          {NoticesOfVehicle.Ids(vehicle)})
            """;
}
