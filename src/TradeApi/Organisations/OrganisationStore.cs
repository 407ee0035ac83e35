using TradeApi.Database;
using TradeApi.Register;
using TradeApi.Rules;

namespace TradeApi.Organisations;

/// <summary>Organisations as the register looks at them.</summary>
static class OrganisationStore
{
    static readonly Dictionary<string, OrganisationKind> Kinds = Enum.GetValues<OrganisationKind>()
        .ToDictionary(kind => Words.Camel(kind.ToString()), StringComparer.Ordinal);

    public static IEnumerable<string> KindNames => Kinds.Keys;

    public static bool IsKind(string name) => Kinds.ContainsKey(name);

    /// <summary>The organisations among the ids that may act in an environment. Suspended and closed ones are as if they did not exist.</summary>
    public static async Task<IReadOnlyList<Organisation>> InForce(
        Store control,
        IEnumerable<string> ids,
        string environment,
        CancellationToken cancel
    )
    {
        var found = new List<Organisation>();
        await using var connection = await control.Open(cancel);
        var reads = new Reads(connection);
        AddInForce(reads, control, ids, environment, found.Add);
        await reads.Run(cancel);
        return found;
    }

    /// <summary>Asks the same together with what else is asked of the control store, or on PostgreSQL of a register.</summary>
    public static void AddInForce(
        Reads reads,
        Store control,
        IEnumerable<string> ids,
        string environment,
        Action<Organisation> take
    ) =>
        reads.Add<OrganisationRow>(
            $"""
            select organisation_id, kind, permit_numbers, fleet_numbers
              from {control.Table("organisation")}
             where organisation_id {control.AnyOf("@Ids")}
               and state {control.AnyOf("@States")}
            """,
            new { Ids = control.List(ids), States = control.List(StatesThatActIn(environment)) },
            row =>
                take(
                    new Organisation(
                        row.OrganisationId,
                        Kinds[row.Kind],
                        row.PermitNumbers.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                        row.FleetNumbers.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    )
                )
        );

    /// <summary>The states in which an organisation may act in an environment: everybody tries things out before going live.</summary>
    public static IReadOnlyList<string> StatesThatActIn(string environment) =>
        environment == "live" ? ["live"] : ["sandbox", "underReview", "live"];

    sealed record OrganisationRow
    {
        public string OrganisationId { get; init; } = "";
        public string Kind { get; init; } = "";
        public string PermitNumbers { get; init; } = "";
        public string FleetNumbers { get; init; } = "";
    }
}
