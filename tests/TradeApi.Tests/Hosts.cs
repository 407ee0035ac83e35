namespace TradeApi.Tests;

/// <summary>
/// One host a database for the tests of a class, which use vehicles, references and keys of their own. When they are
/// through, what must always hold is looked for in all that they have left.
/// </summary>
public sealed class Hosts : IAsyncLifetime
{
    readonly Dictionary<string, TradeApiHost> started = new(StringComparer.Ordinal);
    readonly Dictionary<(string, string), Partner> partners = [];

    internal async Task<TradeApiHost> On(string database)
    {
        if (!started.TryGetValue(database, out var host))
        {
            host = await TradeApiHost.Start(database);
            await host.ImportSharedOrganisations();
            started[database] = host;
        }
        return host;
    }

    /// <summary>The same software of an organisation for all tests of the class.</summary>
    internal async Task<Partner> Partner(string database, string organisation = "org_dealer1")
    {
        if (!partners.TryGetValue((database, organisation), out var partner))
            partners[(database, organisation)] = partner = await (await On(database)).Partner(organisation);
        return partner;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var host in started.Values)
        {
            await host.AssertClean();
            await host.DisposeAsync();
        }
    }
}
