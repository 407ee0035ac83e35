using System.Collections.Frozen;
using TradeApi.Rules;

namespace TradeApi.Register;

/// <summary>The states of a record by the names that JSON and SQL have for them.</summary>
static class VehicleStates
{
    static readonly FrozenDictionary<string, VehicleState> ByName = Enum.GetValues<VehicleState>()
        .ToFrozenDictionary(Name, StringComparer.Ordinal);

    public static string Name(VehicleState state) => Words.Camel(state.ToString());

    public static VehicleState Read(string name) => ByName[name];

    public static bool TryRead(string name, out VehicleState state) => ByName.TryGetValue(name, out state);
}

/// <summary>Names of C# as JSON and SQL have them.</summary>
static class Words
{
    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
