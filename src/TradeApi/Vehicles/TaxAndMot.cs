namespace TradeApi.Vehicles;

/// <summary>What the record says of a vehicle's tax.</summary>
/// <param name="Status">`taxed`, `untaxed`, `offRoad` (declared off the road, SORN) or `unknown`. New values may be added.</param>
/// <param name="DueOn">The first day that no tax is paid for; absent when the record does not say or the tax has ended.</param>
sealed record TaxAnswer(string Status, DateOnly? DueOn)
{
    public static TaxAnswer Of(
        bool offRoad,
        DateOnly? offRoadFrom,
        DateOnly? endedOn,
        DateOnly? dueOn,
        DateOnly today
    ) =>
        offRoad && !(offRoadFrom > today) ? new("offRoad", null)
        : endedOn is not null ? new("untaxed", null)
        : dueOn is null ? new("unknown", null)
        : new(today < dueOn ? "taxed" : "untaxed", dueOn);
}

/// <summary>What the record says of a vehicle's MOT.</summary>
/// <param name="Status">`valid`, `expired` or `unknown`, as of a vehicle too young to need one. New values may be added.</param>
/// <param name="ExpiresOn">The last day on which it is valid; absent when the record does not say.</param>
sealed record MotAnswer(string Status, DateOnly? ExpiresOn)
{
    public static MotAnswer Of(DateOnly? expiresOn, DateOnly today) =>
        expiresOn is null ? new("unknown", null) : new(today <= expiresOn ? "valid" : "expired", expiresOn);
}
