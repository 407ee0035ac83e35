namespace TradeApi.Rules;

/// <summary>The kinds of organisation that may enrol.</summary>
public enum OrganisationKind
{
    /// <summary>A dealer who takes vehicles in and sells them on.</summary>
    MotorTrader,

    /// <summary>An auction house; in law a vehicle trader.</summary>
    AuctionHouse,

    /// <summary>An insurer; for a vehicle taken on total loss it is a trader.</summary>
    Insurer,

    /// <summary>An agent that stores and sells salvage.</summary>
    SalvageAgent,

    /// <summary>A permitted facility that destroys end-of-life vehicles.</summary>
    AuthorisedTreatmentFacility,

    /// <summary>The registered keeper of at least 50 vehicles, known by a fleet number.</summary>
    FleetOperator,

    /// <summary>A finance or leasing company.</summary>
    FinanceCompany,

    /// <summary>A maker of software. It has no right of its own and acts only under mandates.</summary>
    SoftwareVendor,
}

/// <summary>An organisation as a rule may look at it.</summary>
public sealed record Organisation(
    string Id,
    OrganisationKind Kind,
    IReadOnlyList<string> PermitNumbers,
    IReadOnlyList<string> FleetNumbers
)
{
    /// <summary>The kinds that can hold a vehicle in trade.</summary>
    public static readonly IReadOnlyList<OrganisationKind> Traders =
    [
        OrganisationKind.MotorTrader,
        OrganisationKind.AuctionHouse,
        OrganisationKind.SalvageAgent,
        OrganisationKind.AuthorisedTreatmentFacility,
        OrganisationKind.FinanceCompany,
    ];
}
