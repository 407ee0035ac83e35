using static TradeApi.Rules.OrganisationKind;

namespace TradeApi.Rules.Tests;

/// <summary>The organisations that a vector can name.</summary>
static class Organisations
{
    /// <summary>The trader that holds a vehicle which the organisation acted for does not hold.</summary>
    public const string AnotherHolder = "org_dealer9";

    static readonly Organisation[] Named =
    [
        Of("org_dealer2", MotorTrader),
        Of(AnotherHolder, MotorTrader),
        Of("org_auction2", AuctionHouse),
        Of("org_salvage2", SalvageAgent),
        Of("org_atf2", AuthorisedTreatmentFacility),
        Of("org_finance2", FinanceCompany),
        Of("org_insurer2", Insurer),
        Of("org_fleet2", FleetOperator),
        Of("org_software2", SoftwareVendor),
    ];

    /// <summary>An organisation with the permit and the fleet that go with its id.</summary>
    public static Organisation Of(string id, OrganisationKind kind) =>
        id switch
        {
            "org_self" => new Organisation(id, kind, ["EAWML65001"], ["123456"]),
            "org_other" => new Organisation(id, kind, ["EAWML65002"], ["65432-"]),
            _ => new Organisation(id, kind, [], []),
        };

    public static Organisation? Find(string? id, Organisation sender, Organisation? other) =>
        Named
            .Append(sender)
            .Append(other)
            .FirstOrDefault(organisation => organisation is not null && organisation.Id == id);
}
