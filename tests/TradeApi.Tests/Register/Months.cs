using Dapper;
using TradeApi.Database;
using TradeApi.Register;
using TradeApi.Rules;

namespace TradeApi.Tests.Register;

/// <summary>On PostgreSQL, what grows without end is kept in a table for each month.</summary>
public class Months
{
    [Fact]
    public async Task A_notice_and_its_leaf_lie_in_the_month_in_which_it_came()
    {
        await using var host = await TradeApiHost.Start("postgres");
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        Assert.Equal(201, (await partner.Send(Notices.Disposal(await host.AddVehicle()))).Status);

        Assert.Equal(1, await host.QueryRegister<long>("select count(*) from keeper_change_2026_11"));
        Assert.Equal(1, await host.QueryRegister<long>("select count(*) from ledger_page_2026_11"));
        Assert.Equal(0, await host.QueryRegister<long>("select count(*) from keeper_change_other"));
    }

    [Fact]
    public async Task Months_are_there_before_they_begin_and_adding_them_again_changes_nothing()
    {
        await using var host = await TradeApiHost.Start("postgres");
        string[] expected =
        [
            "keeper_change_2026_11",
            "keeper_change_2026_12",
            "keeper_change_2027_01",
            "keeper_change_2027_02",
        ];
        Assert.Equal(expected, await PartitionsOf(host));

        await TradeApi.Database.Months.Add(host.Stores.Sandbox, host.Clock.GetUtcNow());
        Assert.Equal(expected, await PartitionsOf(host));
        await TradeApi.Database.Months.Add(host.Stores.Sandbox, host.Clock.GetUtcNow().AddMonths(1));
        Assert.Equal([.. expected, "keeper_change_2027_03"], await PartitionsOf(host));
    }

    [Fact]
    public async Task What_only_grows_is_vacuumed_and_analysed_after_many_rows_and_not_each_minute()
    {
        await using var host = await TradeApiHost.Start("postgres");
        await TradeApi.Database.Months.Add(host.Stores.Sandbox, host.Clock.GetUtcNow().AddMonths(1));

        await using var connection = await host.Stores.Sandbox.Open();
        var often = await connection.QueryAsync<string>(
            """
            select c.relname
              from pg_class c
             where c.relnamespace = current_schema()::regnamespace
               and c.relkind = 'r'
               and (c.relname ~ '^(keeper_change|ledger_page)_'
                    or c.relname in ('former_details', 'used_reference', 'idempotency_key', 'payload'))
               and not coalesce(c.reloptions, '{}') @> array['autovacuum_vacuum_insert_threshold=500000',
                                                             'autovacuum_analyze_threshold=500000']
            """
        );

        Assert.Empty(often);
    }

    [Fact]
    public async Task A_notice_of_a_month_that_is_missing_is_kept_all_the_same_and_stops_nothing()
    {
        await using var host = await TradeApiHost.Start("postgres");
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        // The clock stays: the worker, whenever it comes, makes no month of that time.
        var later = host.Clock.GetUtcNow().AddDays(200);
        var notice = partner.ToNotice(Notices.Disposal(await host.AddVehicle(), date: "2027-06-01"), later);
        var answers = await host.Registers.Of("sandbox").Apply([notice]);
        Assert.Equal("accepted", answers[0].Decision!.Outcome);
        Assert.Equal(1, await host.QueryRegister<long>("select count(*) from keeper_change_other"));

        // Its month cannot be made any more, and those after it can.
        await TradeApi.Database.Months.Add(host.Stores.Sandbox, later);

        Assert.Equal("keeper_change_2027_09", (await PartitionsOf(host))[^1]);
        Assert.Equal(200, (await partner.Get($"/v1/keeper-changes/{Ids.KeeperChange(notice.Id)}")).Status);
        await host.AssertClean();
    }

    [Fact]
    public async Task The_first_notice_of_a_vehicle_looks_into_no_other_month()
    {
        await using var host = await TradeApiHost.Start("postgres");
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var (single, row) = (Notices.Disposal(await host.AddVehicle()), Notices.Disposal(await host.AddVehicle()));
        await using var moving = await host.Stores.Sandbox.Begin();
        await moving.Connection.ExecuteAsync(
            """
            lock table keeper_change_2026_12 in access exclusive mode;
            lock table ledger_page_2026_12 in access exclusive mode
            """,
            transaction: moving.Inner
        );

        // Were one of them looked into, these would wait until the tables are free again.
        Assert.Equal(201, (await partner.Send(single).WaitAsync(TimeSpan.FromSeconds(30))).Status);
        var sent = await partner.SendFile(Notices.File(row)).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("completed", sent.String("state"));
    }

    [Fact]
    public async Task Earlier_notices_of_a_vehicle_are_looked_up_in_their_months_alone()
    {
        await using var host = await TradeApiHost.Start("postgres");
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var vehicle = await host.AddVehicle();
        Assert.Equal(201, (await partner.Send(Notices.Disposal(vehicle))).Status);
        var further = new Notice
        {
            Id = Guid.CreateVersion7(),
            Change = KeeperChange.Read(
                [new("registrationNumber", MemberKind.Text, vehicle.Mark)],
                new DateOnly(2026, 11, 28)
            ),
            SubmittedBy = "org_dealer1",
            ClientId = "cli_further",
            ReceivedAt = host.Clock.GetUtcNow(),
        };
        await using var transaction = await host.Stores.Sandbox.Begin();
        var before = await LooksInto(transaction, "keeper_change_2026_11", "keeper_change_2026_12");

        var set = await RegisterLoad.Load(
            "sandbox",
            transaction,
            host.Stores.Control,
            [further],
            host.Clock,
            mayRepeat: true,
            again: false,
            turn: null,
            CancellationToken.None
        );

        Assert.Single(set.Recorded);
        var after = await LooksInto(transaction, "keeper_change_2026_11", "keeper_change_2026_12");
        Assert.NotEqual(before[0], after[0]);
        Assert.Equal(before[1], after[1]);
    }

    // How often this connection has looked into the tables and not told the server so yet.
    static async Task<List<long>> LooksInto(Transaction transaction, params string[] months) =>
        (
            await transaction.Connection.QueryAsync<long>(
                """
                select coalesce(seq_scan, 0) + coalesce(idx_scan, 0)
                  from pg_stat_xact_user_tables
                 where schemaname = current_schema()
                   and relname = any(@Months)
                 order by relname
                """,
                new { Months = months },
                transaction.Inner
            )
        ).AsList();

    static async Task<List<string>> PartitionsOf(TradeApiHost host)
    {
        await using var connection = await host.Stores.Sandbox.Open();
        return (
            await connection.QueryAsync<string>(
                """
                select inhrelid::regclass::text
                  from pg_inherits
                 where inhparent = 'keeper_change'::regclass
                   and inhrelid <> 'keeper_change_other'::regclass
                 order by 1
                """
            )
        ).AsList();
    }
}
