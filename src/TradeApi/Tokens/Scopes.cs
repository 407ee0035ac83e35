using System.Collections.Frozen;

namespace TradeApi.Tokens;

/// <summary>What a token may be good for, and which kinds of organisation may have it.</summary>
static class Scopes
{
    public const string KeeperChangesWrite = "keeper-changes:write";
    public const string KeeperChangesRead = "keeper-changes:read";
    public const string VehiclesRead = "vehicles:read";
    public const string KeepersRead = "keepers:read";
    public const string Mandates = "mandates";
    public const string Events = "events";
    public const string Organisation = "organisation";

    /// <summary>Every scope, in the order of the contract.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        KeeperChangesWrite,
        KeeperChangesRead,
        VehiclesRead,
        KeepersRead,
        Mandates,
        Events,
        Organisation,
    ];

    // Who the keeper is, is personal data: only those who insure, finance or run the vehicle have a reason to ask.
    static readonly FrozenSet<string> KindsThatMayReadKeepers = new[]
    {
        "insurer",
        "financeCompany",
        "fleetOperator",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What a scope lets a caller do, for the contract.</summary>
    public static string Meaning(string scope) =>
        scope switch
        {
            KeeperChangesWrite => "Send keeper changes, singly or in files.",
            KeeperChangesRead => "Read own keeper changes, submissions and receipts.",
            VehiclesRead => "Ask for the state of a vehicle's record.",
            KeepersRead => "Ask who was the keeper on a day.",
            Mandates => "Give, accept and end mandates.",
            Events => "Read own events and manage webhooks.",
            _ => "Read and manage the own organisation, its clients and credentials.",
        };

    /// <summary>The scopes that an organisation of this kind may have; a new client gets all of them.</summary>
    public static IReadOnlyList<string> Of(string kind) =>
        KindsThatMayReadKeepers.Contains(kind) ? All : [.. All.Where(scope => scope != KeepersRead)];

    /// <summary>A list of scopes as RFC 6749 writes it: parted by single spaces.</summary>
    public static string[] Split(string scopes) => scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
