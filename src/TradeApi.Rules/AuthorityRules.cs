namespace TradeApi.Rules;

/// <summary>
/// Step 1, second half: who may send what. The right is judged for the organisation acted for, at the moment of the
/// decision.
/// </summary>
public static class AuthorityRules
{
    /// <summary>The rules that every type of notice has.</summary>
    public static readonly IReadOnlyList<Rule> Common =
    [
        new(
            "authority.mandate-missing",
            "You have no mandate in force from the organisation named in onBehalfOf. Ask it to give you one.",
            @case => @case.ActsForAnother && !@case.MandateInForce
        )
        {
            About = Fields.OnBehalfOf,
        },
        new(
            "authority.mandate-scope",
            "Your mandate from the organisation named in onBehalfOf does not cover this type of notice. Ask it to widen the mandate.",
            MandateDoesNotCoverType
        )
        {
            About = Fields.OnBehalfOf,
        },
        new(
            "authority.event-type",
            "An organisation of this kind may not send this type of notice. The rulebook says who may.",
            KindMayNotSend
        )
        {
            About = Fields.Type,
        },
    ];

    internal static void Judge(Case @case, List<Finding> findings) => Common.Judge(@case, findings);

    static bool MandateDoesNotCoverType(Case @case) =>
        @case.ActsForAnother && @case.MandateInForce && @case.Change.Type is { } type && !@case.MandateCovers(type);

    static bool KindMayNotSend(Case @case) =>
        @case is { Change.Type: { } type, KnownOrganisation: { } organisation }
        && !type.Who.Contains(organisation.Kind)
        && !(type.AnyoneUnderMandate && @case.ActsForAnother && organisation.Kind != OrganisationKind.SoftwareVendor);
}
