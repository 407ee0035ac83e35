using static TradeApi.Rules.VehicleState;

namespace TradeApi.Rules;

/// <summary>What the two notices of destruction have in common.</summary>
static class Destruction
{
    public static readonly IReadOnlyList<Use> Members =
    [
        new Required(Fields.Vin),
        new Required(Fields.PermitNumber),
        new Optional(Fields.DocumentReferenceNumber),
    ];

    public static readonly IReadOnlyList<Rule> ShapeRules =
    [
        new(
            "authority.permit",
            "This is not a permit of the organisation acted for. Check the number.",
            PermitIsNotTheirs
        )
        {
            About = Fields.PermitNumber,
        },
    ];

    public static readonly IReadOnlyList<VehicleState> AllowedIn = [WithKeeper, InTrade, WithInsurer, KeeperDeceased];

    /// <summary>Vans are light up to 3.5 t; three-wheelers count unless they are motor tricycles.</summary>
    public static bool HasCertificate(Vehicle vehicle) => vehicle.VehicleClass is "car" or "lightVan" or "threeWheeler";

    public static Vehicle Effect(Case @case) =>
        @case.Record.WithoutKeeper(Destroyed, @case.Change.EventDate!.Value, @case.Today);

    static bool PermitIsNotTheirs(Case @case) =>
        @case is { Change.PermitNumber: { } permit, KnownOrganisation: { } organisation }
        && !organisation.PermitNumbers.Contains(permit);
}
