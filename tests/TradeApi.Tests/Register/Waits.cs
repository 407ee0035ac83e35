using System.Net;
using System.Net.Sockets;
using Dapper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using TradeApi.Commands;
using TradeApi.Database;
using TradeApi.Http;
using TradeApi.Register;

namespace TradeApi.Tests.Register;

/// <summary>Nobody waits without end for what others do at length, and nothing is lost by that.</summary>
public class Waits
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory, ClassData(typeof(OnBothDatabases))]
    public async Task A_notice_is_decided_while_the_register_is_verified(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var (partner, vehicle) = (await host.Partner("org_dealer1"), await host.AddVehicle());
        await using var connection = await host.Stores.Sandbox.Open();
        await using var snapshot = await Verification.Snapshot(connection, CancellationToken.None);
        const string Count = "select count(*) from keeper_change";
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>(Count, transaction: snapshot));

        Assert.Equal(201, (await partner.Send(Notices.Disposal(vehicle)).WaitAsync(Patience)).Status);

        Assert.Equal(0, await connection.ExecuteScalarAsync<long>(Count, transaction: snapshot));
    }

    [Theory, ClassData(typeof(OnBothDatabases))]
    public async Task Who_has_waited_for_long_is_told_so_and_the_notice_is_decided_yet(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var (partner, vehicle) = (await host.Partner("org_dealer1"), await host.AddVehicle());
        var queue = new RegisterQueue(host.Registers.Of("sandbox"), new QuickTimers(), NullLogger.Instance);
        await using (var busy = await host.Stores.Sandbox.Begin())
        {
            await busy.Connection.ExecuteAsync("update ledger_head set size = size", transaction: busy.Inner);
            var notice = partner.ToNotice(Notices.Disposal(vehicle), host.Clock.GetUtcNow());
            await Assert.ThrowsAsync<TimeoutException>(() => queue.Post(notice));
        }

        await queue.Drain();
        Assert.Equal(
            1,
            await host.QueryRegister<long>("select count(*) from keeper_change where outcome = 'accepted'")
        );
    }

    [Fact]
    public async Task A_month_is_not_made_in_front_of_those_who_read_while_one_reads_for_long()
    {
        // Without a worker, which would make it as well.
        await using var host = await TradeApiHost.Start("postgres", settings: "--TradeApi:Roles=api");
        await host.ImportSharedOrganisations();
        var (partner, vehicle) = (await host.Partner("org_dealer1"), await host.AddVehicle());
        Assert.Equal(201, (await partner.Send(Notices.Disposal(vehicle))).Status);
        var register = host.Stores.Sandbox;
        await host.ExecuteRegister("drop table keeper_change_2027_02");
        await using (var reading = await register.Begin())
        {
            await reading.Connection.ExecuteScalarAsync<long>(
                "select count(*) from keeper_change",
                transaction: reading.Inner
            );
            var made = TradeApi.Database.Months.Add(register, host.Clock.GetUtcNow());

            // It looks at all months, since its vehicle has an earlier notice.
            Assert.Equal(422, (await partner.Send(Notices.Disposal(vehicle)).WaitAsync(Patience)).Status);
            Assert.False(await made.WaitAsync(Patience));
        }

        Assert.True(await TradeApi.Database.Months.Add(register, host.Clock.GetUtcNow()));
        Assert.Equal(0, await host.QueryRegister<long>("select count(*) from keeper_change_2027_02"));
    }

    [Fact]
    public async Task A_lock_of_a_mark_that_is_renewed_while_old_ones_are_deleted_stays()
    {
        await using var host = await TradeApiHost.Start("postgres");
        var (register, now) = (host.Stores.Sandbox, host.Clock.GetUtcNow());
        await host.ExecuteRegister(
            """
            insert into proof_lock (registration_number, organisation_id, wrong_in_a_row, locks, changed_at)
                 values ('AB12CDE', 'org_dealer1', 2, 0, @Long), ('AB12CDF', 'org_dealer1', 2, 0, @Long)
            """,
            new { Long = now.AddDays(-31) }
        );
        Task forgets;
        await using (var renewing = await register.Begin())
        {
            await renewing.Connection.ExecuteAsync(
                "update proof_lock set changed_at = @Now where registration_number = 'AB12CDE'",
                new { Now = now },
                renewing.Inner
            );
            forgets = GuessUpkeep.ForgetOld(register, now, CancellationToken.None);
            await host.SomebodyWaits();
            await renewing.Commit();
        }

        await forgets;

        Assert.Equal(
            "AB12CDE",
            await host.QueryRegister<string>("select string_agg(registration_number, ',') from proof_lock")
        );
    }

    [Fact]
    public async Task A_node_whose_database_says_nothing_is_not_ready()
    {
        // It takes connections, and never answers.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        var settings = Settings.From(
            new ConfigurationBuilder()
                .AddInMemoryCollection([
                    new("TradeApi:Database", "postgres"),
                    new("ConnectionStrings:TradeApi", $"Host=127.0.0.1;Port={port};Username=postgres"),
                ])
                .Build()
        );
        await using var stores = Stores.From(settings);
        var readiness = new Readiness(settings, stores, TimeProvider.System);

        Assert.False(await readiness.IsReady().WaitAsync(TimeSpan.FromSeconds(10)));
    }

    // Whatever is to take half a minute takes a tenth of a second.
    sealed class QuickTimers : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(100), period);
    }
}
