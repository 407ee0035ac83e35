using System.Text.Json.Nodes;
using TradeApi.Commands;
using TradeApi.Database;

namespace TradeApi.Tests.Ledger;

/// <summary>Leaves stand on pages: those that were written together for one organisation by one sender.</summary>
public class Pages
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Leaves_written_together_share_a_page_until_it_is_another_organisations_turn(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var vendor = await host.Partner("org_vendor");
        var rows = new List<JsonObject>();
        foreach (var organisation in new[] { "org_dealer1", "org_dealer1", "org_dealer2", "org_dealer1" })
            rows.Add(Notices.Disposal(await host.AddVehicle(), onBehalfOf: organisation));

        var sent = await vendor.SendFile(Notices.File([.. rows]));

        Assert.Equal("completed", sent.String("state"));
        Assert.Equal(
            "org_dealer1 1-2, org_dealer2 3-3, org_dealer1 4-4",
            await host.QueryRegister<string>(
                database == "postgres"
                    ? $"select string_agg({PageText}, ', ' order by first_position) from ledger_page"
                    : $"select group_concat(page, ', ') from (select {PageText} as page from ledger_page order by first_position)"
            )
        );
        await host.AssertClean();
    }

    const string PageText = "organisation_id || ' ' || first_position || '-' || last_position";

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_feed_of_long_pages_and_single_leaves_is_whole_and_in_order_wherever_it_is_cut(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var (vendor, dealer) = (await host.Partner("org_vendor"), await host.Partner("org_dealer1"));
        // 700 leaves on two long pages, one of another between them, and one after them.
        var first = await dealer.SendFile(
            Notices.File([.. (await host.AddVehicles(350)).Select(v => Notices.Disposal(v))])
        );
        await vendor.Send(Notices.Disposal(await host.AddVehicle(), onBehalfOf: "org_dealer1"));
        var second = await dealer.SendFile(
            Notices.File([.. (await host.AddVehicles(350)).Select(v => Notices.Disposal(v))])
        );
        await dealer.Send(Notices.Disposal(await host.AddVehicle()));

        foreach (var limit in new[] { 7, 199, 200 })
        {
            var told = await ReadAll(dealer, limit);
            Assert.Equal(702, told.Count);
            Assert.Equal(702, told.Distinct().Count());
            Assert.Equal(await Results(dealer, first), told.Take(350));
            Assert.Equal(await Results(dealer, second), told.Skip(351).Take(350));
        }
        Assert.Equal((await ReadAll(dealer, 200))[350], Assert.Single(await ReadAll(vendor, 200)));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Who_is_told_of_a_leaf_for_two_reasons_misses_none_of_those_behind_it(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var (dealer, auction) = (await host.Partner("org_dealer1"), await host.Partner("org_auction"));
        await dealer.SendFile(Notices.File([.. (await host.AddVehicles(201)).Select(v => Notices.Disposal(v))]));
        await auction.Send(Notices.Disposal(await host.AddVehicle()));
        await host.ExecuteRegister(
            """
            insert into ledger_told (organisation_id, position, left_stock, keeper_change_id)
            select 'org_auction', p.first_position + k.ledger_place, true, k.keeper_change_id
              from keeper_change k
              join ledger_page p on p.ledger_page_id = k.ledger_page_id
             where k.organisation_id = 'org_dealer1'
             union all
            select 'org_auction', p.first_position + k.ledger_place, false, k.keeper_change_id
              from keeper_change k
              join ledger_page p on p.ledger_page_id = k.ledger_page_id
             where p.first_position + k.ledger_place = 1
            """
        );

        Assert.Equal(201, (await ReadAll(auction, 200, "&types=vehicle.left-stock")).Count);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Leaves_from_before_are_told_and_proved_as_they_were_when_the_register_is_migrated(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var (dealer, vendor) = (await host.Partner("org_dealer1"), await host.Partner("org_vendor"));
        var (auction, staff) = (
            await host.Partner("org_auction"),
            new StaffDesk(host.Stores, host.Clock, "sandbox", "officer", "test")
        );
        var ids = new List<string>();
        await Send(dealer, Notices.Disposal(await host.AddVehicle()));
        await Send(dealer, Notices.Disposal(await host.AddVehicle(stolen: true)));
        await Send(dealer, Notices.Disposal(await host.AddVehicle(stolen: true)));
        Assert.Equal(0, await staff.Decide(ids[^1], taken: true, CancellationToken.None));
        await Send(dealer, Notices.Disposal(await host.AddVehicle(stolen: true)));
        Assert.Equal(0, await staff.Decide(ids[^1], taken: false, CancellationToken.None));
        // Taken back by another than who sent it, who is told; and sold from the stock of another, who is told.
        await Send(vendor, Notices.Disposal(await host.AddVehicle(), onBehalfOf: "org_dealer1"));
        Assert.Equal(201, (await dealer.Reverse(ids[^1])).Status);
        await Send(
            dealer,
            Notices
                .Acquisition(await host.AddVehicle(state: "inTrade", heldBy: "org_auction"))
                .With("confirmations", new JsonArray("trade.held-by-another"))
        );
        await dealer.SendFile(Notices.File([.. (await host.AddVehicles(3)).Select(v => Notices.Disposal(v))]));
        Assert.Equal(2, await host.QueryRegister<long>("select count(*) from ledger_told"));
        await host.AssertClean();
        var before = await Told();

        await host.ExecuteRegister(TablesFromBefore(database));
        await Migrator.Run(host.Stores, host.Clock);

        Assert.Equal(before, await Told());
        if (database == "postgres")
            Assert.Equal(0, await host.QueryRegister<long>("select count(*) from ledger_page_other"));
        await host.AssertClean();
        Assert.Equal(
            2,
            await host.QueryRegister<long>(
                "select count(*) from keeper_change where referral_page_id <> ledger_page_id"
            )
        );
        await Send(dealer, Notices.Disposal(await host.AddVehicle()));
        await host.AssertClean();

        async Task Send(Partner partner, JsonObject notice)
        {
            var sent = await partner.Send(notice);
            Assert.True(sent.Status is 201 or 202, sent.Text);
            ids.Add(sent.String("id")!);
        }

        async Task<string> Told()
        {
            var text = new List<string>();
            foreach (var partner in new[] { dealer, vendor, auction })
                text.Add((await partner.Get("/v1/events?limit=200")).Json["items"]!.ToJsonString());
            foreach (var id in ids)
                text.Add((await dealer.Get($"/v1/keeper-changes/{id}")).Text);
            return string.Join("\n", text);
        }
    }

    static string TablesFromBefore(string database)
    {
        var postgres = database == "postgres";
        string Leaves(string page, string place, string outcome, string decidedAt) =>
            $"""
                select l.first_position + k.{place}, k.keeper_change_id, k.organisation_id, k.submitted_by, {outcome}, {decidedAt},
                       substr(l.leaf_hashes, 32 * k.{place} + 1, 32),
                       (select t.organisation_id from ledger_told t where t.position = l.first_position + k.{place} and t.left_stock),
                       (select t.organisation_id from ledger_told t where t.position = l.first_position + k.{place} and not t.left_stock)
                  from keeper_change k
                  join ledger_page l on l.ledger_page_id = k.{page}
                """;
        return $"""
            create table ledger_leaf (
                position         bigint      not null,
                keeper_change_id uuid        not null,
                organisation_id  text        not null,
                submitted_by     text        not null,
                outcome          text        not null,
                decided_at       timestamptz not null,
                leaf_hash        bytea       not null,
                left_stock_of    text,
                told_sender      text,
                primary key (keeper_change_id, outcome)
            ) {(postgres ? "partition by range (keeper_change_id)" : "")};
            {(postgres ? "create table ledger_leaf_other partition of ledger_leaf default;" : "")}
            {(
                postgres
                    ? "create table ledger_leaf_2026_11 partition of ledger_leaf for values from (first_id('2026-11-01Z')) to (first_id('2026-12-01Z'));"
                    : ""
            )}
            insert into ledger_leaf
            {Leaves("ledger_page_id", "ledger_place", "k.outcome", "k.decided_at")}
             union all
            {Leaves("referral_page_id", "referral_place", "'referred'", "k.referred_at")};
            {(postgres ? "alter table keeper_change drop constraint keeper_change_has_leaf;" : "")}
            alter table keeper_change drop column ledger_page_id;
            alter table keeper_change drop column ledger_place;
            alter table keeper_change drop column referral_page_id;
            alter table keeper_change drop column referral_place;
            drop table ledger_page;
            drop table ledger_told;
            delete from schema_migration where name like '0015%'
            """;
    }

    static async Task<List<string>> Results(Partner partner, Reply submission) =>
        (await partner.Results(submission.String("id")!)).Select(row => (string)row["keeperChangeId"]!).ToList();

    static async Task<List<string>> ReadAll(Partner partner, int limit, string query = "")
    {
        var told = new List<string>();
        for (string? cursor = null; ; )
        {
            var page = await partner.Get(
                $"/v1/events?limit={limit}{query}" + (cursor is null ? "" : $"&cursor={cursor}")
            );
            var items = page.Json["items"]!.AsArray();
            if (items.Count == 0)
                return told;
            told.AddRange(items.Select(one => (string)one!["subject"]!));
            cursor = page.String("nextCursor");
        }
    }
}
