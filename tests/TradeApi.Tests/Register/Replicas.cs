namespace TradeApi.Tests.Register;

/// <summary>
/// On PostgreSQL with a replica a notice is acknowledged once the replica has it, however long that is away. `tests/run` starts
/// the server so that whoever commits as with a replica waits for one that never comes.
/// </summary>
public class Replicas
{
    static readonly TimeSpan LongerThanACommand = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task A_notice_is_not_answered_before_the_replica_has_it()
    {
        await using var host = await Host();
        var (vehicle, another) = (await host.AddVehicle(), await host.AddVehicle());
        await using var node = await NodeWithReplica(host);
        var partner = (await host.Partner("org_dealer1")).MovedTo(node.Address);

        var sent = partner.Send(Notices.Disposal(vehicle), key: "sent-first");
        var commit = await Waiting(host);
        // It waits for the head of the ledger, which the first holds.
        var behind = partner.Send(Notices.Disposal(another));
        await Task.Delay(LongerThanACommand, TestContext.Current.CancellationToken);

        Assert.False(sent.IsCompleted || behind.IsCompleted);
        Assert.Equal(404, (await partner.Get("/v1/outcomes/sent-first")).Status);
        Assert.Equal(commit, await Waiting(host));
        Assert.Equal(0, await host.QueryRegister<long>("select count(*) from keeper_change"));
        await EndWaits(host, Task.WhenAll(sent, behind));
        Assert.Equal((201, 201), ((await sent).Status, (await behind).Status));
        Assert.Equal("completed", (await partner.Get("/v1/outcomes/sent-first")).String("state"));
    }

    [Fact]
    public async Task A_file_is_not_taken_for_stored_before_the_replica_has_it()
    {
        await using var host = await Host();
        var (partner, vehicle) = (await host.Partner("org_dealer1"), await host.AddVehicle());
        await using var node = await NodeWithReplica(host);

        var sent = partner.MovedTo(node.Address).SendFile(Notices.File(Notices.Disposal(vehicle)));
        var commit = await Waiting(host);
        await Task.Delay(LongerThanACommand, TestContext.Current.CancellationToken);

        Assert.False(sent.IsCompleted);
        Assert.Equal(commit, await Waiting(host));
        await EndWaits(host, sent);
        Assert.Equal("completed", (await sent).String("state"));
    }

    [Fact]
    public async Task A_node_that_is_asked_to_end_does_so_though_a_commit_waits()
    {
        await using var host = await Host();
        var (partner, vehicle) = (await host.Partner("org_dealer1"), await host.AddVehicle());
        await using var node = await NodeWithReplica(host, "--shutdownTimeoutSeconds=2");
        var sent = partner.MovedTo(node.Address).Send(Notices.Disposal(vehicle));
        await Waiting(host);

        await node.Stop().WaitAsync(TimeSpan.FromSeconds(20));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => sent);
        await EndWaits(host, Decided(host));
    }

    static async Task Decided(TradeApiHost host)
    {
        await Eventually.Holds(async () => await host.QueryRegister<long>("select count(*) from keeper_change") > 0);
    }

    static async Task<TradeApiHost> Host()
    {
        var host = await TradeApiHost.Start("postgres");
        Assert.Equal("nobody", await host.QueryRegister<string>("show synchronous_standby_names"));
        await host.ImportSharedOrganisations();
        return host;
    }

    static Task<TradeApiHost> NodeWithReplica(TradeApiHost host, params string[] settings) =>
        host.StartSecondNode([
            $"--ConnectionStrings:TradeApi={host.ConnectionString};Command Timeout=5;Options=-c synchronous_commit=on",
            .. settings,
        ]);

    // Which commit waits for the replica: whose it is, and since when.
    static async Task<string> Waiting(TradeApiHost host)
    {
        string? found = null;
        await Eventually.Holds(async () =>
        {
            found = await host.QueryRegister<string?>(
                """
                select pid || ' since ' || query_start
                  from pg_stat_activity
                 where datname = current_database()
                   and wait_event = 'SyncRep'
                """
            );
            return found is not null;
        });
        return found!;
    }

    // What staff may do while there is no replica: each commit is let go, and is on the primary alone.
    static async Task EndWaits(TradeApiHost host, Task until)
    {
        while (await Task.WhenAny(until, Task.Delay(100, TestContext.Current.CancellationToken)) != until)
            await host.QueryRegister<int?>(
                """
                select count(pg_cancel_backend(pid))
                  from pg_stat_activity
                 where datname = current_database()
                   and wait_event = 'SyncRep'
                """
            );
    }
}
