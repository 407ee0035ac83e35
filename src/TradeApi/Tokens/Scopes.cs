namespace TradeApi.Tokens;

/// <summary>What a token may be good for, and who may have it.</summary>
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

    /// <summary>What a scope lets a caller do, for the contract.</summary>
    public static string Meaning(string scope) =>
        scope switch
        {
            KeeperChangesWrite => "Send keeper changes, singly or in files.",
            KeeperChangesRead => "Read own keeper changes, submissions and receipts.",
            VehiclesRead => "Ask for the state of a vehicle's record, and list the vehicles of the own fleet.",
            KeepersRead => "Ask who was the keeper on a day: insurers, and others by contract.",
            Mandates => "Give, accept and end mandates.",
            Events => "Read own events and manage webhooks.",
            _ => "Read and manage the own organisation, its clients and credentials.",
        };

    /// <summary>
    /// The scopes that a new client of an organisation of this kind gets. Who the keeper is, is personal data: insurers
    /// may ask, and others only by a contract, which an operator knows of.
    /// </summary>
    public static IReadOnlyList<string> Of(string kind, bool keepersByContract = false) =>
        kind == "insurer" || keepersByContract ? All : [.. All.Where(scope => scope != KeepersRead)];

    /// <summary>A list of scopes as RFC 6749 writes it: parted by single spaces.</summary>
    public static string[] Split(string scopes) => scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
