using Dapper;
using TradeApi.Commands;

namespace TradeApi.Tests.Commands;

/// <summary>`verify` itself is tested by planting defects, one by one, in a database that is clean.</summary>
public class Defects
{
    const string Accepted =
        "(select keeper_change_id from keeper_change where outcome = 'accepted' and submission_id is null order by keeper_change_id limit 1)";

    // What it is, the statements that plant it, and what the breach must say.
    static readonly (string Name, string Sql, string Breach)[] Planted =
    [
        ("a page is missing", "delete from ledger_page where first_position = 2", "invariant 1: keeper change"),
        (
            "the last page and the head's count of it are missing",
            """
            update ledger_head
               set size = (select first_position - 1 from ledger_page where last_position = size);
            delete from ledger_page where first_position > (select size from ledger_head)
            """,
            "has no leaf"
        ),
        (
            "a gap in the positions",
            "update ledger_page set first_position = 1000, last_position = 1000 where first_position = 3",
            "does not follow leaf"
        ),
        ("the head counts too many", "update ledger_head set size = size + 1", "invariant 1: the head says"),
        (
            "an orphan leaf",
            """
            insert into ledger_page (ledger_page_id, organisation_id, submitted_by, first_position, last_position, keeper_change_ids, leaf_hashes)
            select '00000000-0000-7000-8000-000000000001', 'org_x', 'org_x', h.size + 1, h.size + 1, p.keeper_change_ids, p.leaf_hashes
              from ledger_head h
              join ledger_page p on p.first_position = 1;
            update ledger_head set size = size + 1
            """,
            "has no accepted or referred keeper change"
        ),
        (
            "a refused notice has a leaf",
            """
            update keeper_change
               set ledger_page_id = (select ledger_page_id from ledger_page where first_position = 1),
                   ledger_place = 0
             where outcome = 'refused'
            """,
            "has a leaf of a decision that was not made"
        ),
        (
            "a leaf is that of two notices",
            """
            update keeper_change
               set ledger_page_id = (select ledger_page_id from ledger_page where first_position = 1),
                   ledger_place = 0
             where ledger_page_id = (select ledger_page_id from ledger_page where first_position = 2)
            """,
            "invariant 1: leaf 1 is that of two keeper changes"
        ),
        (
            "a notice has a place beyond its page",
            $"update keeper_change set ledger_place = 1 where keeper_change_id = {Accepted}",
            "has no leaf"
        ),
        (
            "a notice says it was referred and has no leaf of that",
            $"update keeper_change set referred_at = decided_at where keeper_change_id = {Accepted}",
            "was referred first and has no leaf of that"
        ),
        (
            "a notice that was never referred has a leaf of that",
            $"update keeper_change set referral_page_id = ledger_page_id, referral_place = 0 where keeper_change_id = {Accepted}",
            "has a leaf of a decision that was not made"
        ),
        (
            "a page says another organisation",
            "update ledger_page set organisation_id = 'org_dealer2' where first_position = 1",
            "names other organisations than that"
        ),
        (
            "a page names another notice",
            "update ledger_page set keeper_change_ids = (select keeper_change_ids from ledger_page where first_position = 2) where first_position = 1",
            "invariants 1 and 4: leaf 1 "
        ),
        (
            "a page has a leaf too few",
            "update ledger_page set last_position = last_position - 1 where last_position > first_position",
            "is not whole, or does not follow leaf"
        ),
        (
            "a leaf's hash is changed",
            "update ledger_page set leaf_hashes = (select leaf_hashes from ledger_page where first_position = 2) where first_position = 1",
            "invariants 1 and 4: leaf 1 "
        ),
        (
            "somebody is told of a leaf that there is not",
            $"insert into ledger_told (organisation_id, position, left_stock, keeper_change_id) values ('org_dealer2', 1000, true, {Accepted})",
            "org_dealer2 is told of leaf 1000"
        ),
        (
            "somebody is told of a leaf of another notice",
            $"insert into ledger_told (organisation_id, position, left_stock, keeper_change_id) values ('org_dealer2', 3, true, {Accepted})",
            "org_dealer2 is told of leaf 3"
        ),
        (
            "a sender is not told that his notice is taken back",
            "delete from ledger_told where not left_stock",
            "is not told to org_vendor"
        ),
        (
            "a digest is changed",
            $"update keeper_change set digest = (select leaf_hashes from ledger_page where first_position = 1) where keeper_change_id = {Accepted}",
            "invariants 1 and 4: leaf"
        ),
        (
            "an outcome is changed",
            $"update keeper_change set outcome = 'referred' where keeper_change_id = {Accepted}",
            "invariants 1 and 4: leaf"
        ),
        (
            "an accepted notice is made a refused one",
            $"update keeper_change set outcome = 'refused' where keeper_change_id = {Accepted}",
            "has a leaf of a decision that was not made"
        ),
        (
            "a notice is another sender's",
            $"update keeper_change set submitted_by = 'org_vendor' where keeper_change_id = {Accepted}",
            "invariants 1 and 4: leaf"
        ),
        (
            "a reference is used twice",
            """
            update keeper_change
               set client_reference = (select min(client_reference) from keeper_change where outcome = 'accepted')
             where outcome = 'accepted'
            """,
            "invariant 2: a reference of org_dealer1"
        ),
        (
            "a keepership is shifted forward",
            "update vehicle set keepership_started_on = '2026-11-23' where keepership_started_by is not null",
            "invariant 3: keepership"
        ),
        (
            "a keepership ends earlier than the notice says",
            "update keeper_change set former_keepership_ended_on = '2026-11-01' where former_keepership_id is not null",
            "invariant 3: keepership"
        ),
        (
            "keeperships overlap",
            "update vehicle set keepership_started_on = '2026-11-01' where keepership_started_by is not null",
            "invariant 3: keeperships of vehicle"
        ),
        (
            "a keepership ends before it starts",
            "update keeper_change set former_keepership_ended_on = '2010-01-01' where former_keepership_id is not null",
            "ends before it starts"
        ),
        (
            "a keeper of a vehicle in trade",
            """
            update vehicle
               set keepership_id = '00000000-0000-7000-8000-000000000002',
                   keepership_started_on = state_since,
                   keeper_last_name = 'Second'
             where state = 'inTrade'
            """,
            "is inTrade and has a keeper in force"
        ),
        (
            "a keeper is gone",
            "update vehicle set keepership_id = null, keepership_started_on = null, keepership_started_by = null",
            "has no keeper in force"
        ),
        ("nobody knows since when a keeper is one", "update vehicle set keepership_started_on = null", "is not whole"),
        (
            "a keeper who has gone is left on the vehicle",
            "update vehicle set keeper_email = 'keeper@example.com' where state = 'inTrade'",
            "is not whole, or what it was is left"
        ),
        (
            "a keepership is in force and has ended",
            "update vehicle set keepership_id = (select keepership_id from ended_keepership order by ended_by limit 1) where state = 'withKeeper'",
            "times"
        ),
        (
            "a document was replaced twice",
            """
            update keeper_change
               set former_document_reference_number = (select d.document_reference_number
                                                         from replaced_document d
                                                        where d.vehicle_id = keeper_change.vehicle_id
                                                        limit 1),
                   former_document_replaced_on = event_date
             where former_document_reference_number is null
               and vehicle_id in (select vehicle_id from replaced_document)
            """,
            "was replaced 2 times"
        ),
        (
            "a keepership was ended by a notice that was refused",
            "update keeper_change set former_keepership_id = keeper_change_id, former_keepership_started_on = event_date, former_keepership_ended_on = event_date where outcome = 'refused'",
            "is neither imported nor started and ended by accepted keeper changes"
        ),
        (
            "a keepership that was ended is forgotten, and its keeper is not",
            "update keeper_change set former_keepership_id = null where former_keepership_id is not null",
            "has ended or replaced is not whole"
        ),
        (
            "a notice finds the text of another beside its own",
            $"update keeper_change set payload_start = 0, payload_length = payload_length + 1 where keeper_change_id = {Accepted}",
            "is not in its payload, or also that of another"
        ),
        (
            "two notices find one text",
            "update keeper_change set payload_id = (select payload_id from payload where submission_id is null order by payload_id limit 1) where payload_id is not null",
            "is not in its payload, or also that of another"
        ),
        (
            "nobody knows when a document was replaced",
            "update keeper_change set former_document_replaced_on = null",
            "has ended or replaced is not whole"
        ),
        (
            "a document that was replaced is in force again",
            """
            update vehicle
               set document_reference_number = (select d.document_reference_number
                                                  from replaced_document d
                                                 where d.vehicle_id = vehicle.vehicle_id
                                                 limit 1)
             where vehicle_id in (select vehicle_id from replaced_document)
            """,
            "has been replaced"
        ),
        (
            "a vehicle has forgotten its last notice",
            "update vehicle set last_keeper_change_id = null",
            "is reached 0 times from its vehicle"
        ),
        (
            "a notice has forgotten the one before it",
            "update keeper_change set previous_id = '00000000-0000-0000-0000-000000000000'",
            "is reached 0 times from its vehicle"
        ),
        (
            "a vehicle names a notice of another",
            $"update vehicle set last_keeper_change_id = {Accepted} where last_keeper_change_id is null",
            ", which is not tied to it"
        ),
        (
            "a notice names itself as the one before it",
            $"update keeper_change set previous_id = keeper_change_id where keeper_change_id = {Accepted}",
            "is reached 2 times from its vehicle"
        ),
        (
            "a vehicle says that nobody has tried its proofs",
            """
            insert into guarded_mark (registration_number, since)
            select registration_number, '2026-11-25T00:00:00.000Z'
              from vehicle
             where not proof_was_guessed
             order by vehicle_id
             limit 1
            """,
            "and it says that there are none"
        ),
        ("no document in force", "update vehicle set document_reference_number = ''", "has no document in force"),
        (
            "a document was issued by nobody",
            "update vehicle set document_issued_by = '00000000-0000-7000-8000-000000000003'",
            "was issued by no keeper change of it"
        ),
        (
            "a document was replaced by a notice that is only referred",
            "update keeper_change set former_document_reference_number = '12345678901', former_document_replaced_on = event_date where outcome = 'referred'",
            "which does not stand for a vehicle"
        ),
        (
            "a vehicle is moved to another state",
            "update vehicle set state = 'inTrade' where state = 'withKeeper'",
            "invariant 3: vehicle"
        ),
        ("a mandate never was", "delete from mandate", "which never had its mandate"),
        (
            "a count is changed",
            "update submission set rows_accepted = rows_accepted + 1, rows_refused = rows_refused - 1",
            "invariant 6: submission"
        ),
        (
            "a result is missing",
            "delete from keeper_change where submission_id is not null and row_number = 2",
            "invariant 6: submission"
        ),
        (
            "a row has two results",
            """
            insert into submission_result (submission_id, row_number, outcome, keeper_change_id)
            select submission_id, row_number, 'refused', keeper_change_id
              from keeper_change
             where row_number = 1
            """,
            "invariant 6: row 1 "
        ),
        (
            "a result is another row's",
            "update keeper_change set row_number = 1 where row_number = 2",
            "invariant 6: submission"
        ),
        (
            "a result is of a row that there is not",
            "update keeper_change set row_number = 99 where row_number = 2",
            "is of a submission or a row that there is not"
        ),
        (
            "a used reference is forgotten",
            $"delete from used_reference where keeper_change_id = {Accepted}",
            "is not kept as used by it"
        ),
        (
            "a reference is kept as used by nobody",
            "insert into used_reference (organisation_id, client_reference, keeper_change_id) values ('org_dealer1', 'NOBODY', '00000000-0000-7000-8000-000000000003')",
            "which has not used it"
        ),
        ("rows are missing at the end", "update submission set rows_total = rows_total + 1", "invariant 6: submission"),
    ];

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Every_planted_defect_is_found_and_named(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await Trade(host);
        await host.AssertClean();

        var missed = new List<string>();
        foreach (var (name, sql, breach) in Planted)
        {
            var found = await WithDefect(host, sql);
            if (
                !found.Any(line =>
                    line.StartsWith("sandbox: ", StringComparison.Ordinal)
                    && line.Contains(breach, StringComparison.Ordinal)
                )
            )
                missed.Add($"{name}: {string.Join(" | ", found)}");
        }

        Assert.Empty(missed);
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_client_moved_to_the_other_register_is_found(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await Trade(host);
        await host.ExecuteControl("update client set environment = 'live' where organisation_id = 'org_dealer1'");

        var breach = Assert.Single(await Verification.Run(host.Stores, CancellationToken.None));

        Assert.StartsWith("sandbox: invariant 7: cli_", breach, StringComparison.Ordinal);
    }

    // Planted in a transaction that sees it alone and is rolled back.
    static async Task<IReadOnlyList<string>> WithDefect(TradeApiHost host, string sql)
    {
        await using var transaction = await host.Stores.Sandbox.Begin();
        await transaction.Connection.ExecuteAsync(sql, transaction: transaction.Inner);
        var breaches = new List<string>();
        await Verification.Run(host.Stores, host.Stores.Sandbox, transaction.Connection, transaction.Inner, breaches);
        return breaches;
    }

    static async Task Trade(TradeApiHost host)
    {
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var vendor = await host.Partner("org_vendor");
        var vehicle = await host.AddVehicle();
        Assert.Equal(201, (await partner.Send(Notices.Disposal(vehicle))).Status);
        Assert.Equal(201, (await partner.Send(Notices.Acquisition(vehicle))).Status);
        Assert.Equal(202, (await partner.Send(Notices.Disposal(await host.AddVehicle(stolen: true)))).Status);
        Assert.Equal(422, (await partner.Send(Notices.Disposal(vehicle))).Status);
        var sent = await vendor.Send(Notices.Disposal(await host.AddVehicle(), onBehalfOf: "org_dealer1"));
        Assert.Equal(201, sent.Status);
        Assert.Equal(201, (await partner.Reverse(sent.String("id")!)).Status);
        var rows = (await host.AddVehicles(4)).Select(v => Notices.Disposal(v)).ToList();
        rows[2] = rows[2].With("keeperConsent", false);
        Assert.Equal("completed", (await partner.SendFile(Notices.File([.. rows, rows[0]]))).String("state"));
    }
}
