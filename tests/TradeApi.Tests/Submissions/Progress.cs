using System.Text.Json.Nodes;
using TradeApi.Submissions;

namespace TradeApi.Tests.Submissions;

/// <summary>What becomes of a submission on its way: faults, cancellation, suspension, and the order of its rows.</summary>
public sealed class Progress : IAsyncLifetime
{
    readonly Dictionary<string, TradeApiHost> hosts = new(StringComparer.Ordinal);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static Guid Read(string id) => Ids.TryRead("sub_", id, out var read) ? read : throw new FormatException(id);

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C101_a_batch_that_fails_on_our_side_is_decided_again_and_each_row_once(string database)
    {
        var (host, partner, file) = await File(database, 1100);
        await host.FailOn("keeper_change", "new.row_number = 700");
        var reply = await partner.SendFile(file, wait: null);
        await Stopped(host, reply);

        await host.StopFailing("keeper_change");
        host.Clock.Advance(TimeSpan.FromSeconds(6));

        var ended = await partner.Await(reply.String("id")!, now => now.String("state") == "completed");
        Assert.Equal(1100, (int)ended.Json["rows"]!["accepted"]!);
        var results = await partner.Results(reply.String("id")!);
        Assert.Equal(Enumerable.Range(1, 1100), results.Select(row => (int)row["rowNumber"]!));
        Assert.Equal(1100, results.Select(row => (string)row["keeperChangeId"]!).Distinct().Count());
        Assert.Equal(
            1100,
            await host.QueryRegister<long>("select sum(last_position - first_position + 1) from ledger_page")
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_submission_that_fails_three_times_is_failed_and_can_be_resumed(string database)
    {
        var (host, partner, file) = await File(database, 600);
        await host.FailOn("keeper_change", "new.row_number = 501");
        var id = (await partner.SendFile(file, wait: null)).String("id")!;
        for (var failure = 1; failure <= 3; failure++)
        {
            await Eventually.Holds(async () =>
                await host.QueryRegister<int>("select max(failures) from submission") == failure
            );
            host.Clock.Advance(TimeSpan.FromSeconds(6));
        }

        var failed = await partner.Get($"/v1/submissions/{id}");
        Assert.Equal("failed", failed.String("state"));
        Assert.Equal((500, 100), Counts(failed, "accepted", "unprocessed"));
        Assert.NotNull(failed.String("completedAt"));
        var results = await partner.Results(id);
        Assert.Equal(600, results.Count);
        Assert.All(results.Skip(500), row => Assert.Equal("unprocessed", (string)row["outcome"]!));
        var asItWas = await SubmissionStore.Find(host.Stores.Sandbox, partner.Organisation, Read(id), Cancel);
        await host.AssertClean();

        await host.StopFailing("keeper_change");
        var resumed = await partner.Call(HttpMethod.Post, $"/v1/submissions/{id}/resume");
        Assert.Equal(200, resumed.Status);
        var ended = await partner.Await(id, now => now.String("state") == "completed");
        Assert.Equal((600, 0), Counts(ended, "accepted", "unprocessed"));
        // As for a caller who asked just before it was resumed.
        var page = await ResultStore.Page(host.Stores.Sandbox, "sandbox", asItWas!, null, 400, 1000, Cancel);
        Assert.Equal(Enumerable.Range(401, 200), page.Select(row => row.RowNumber));
        var again = await partner.Call(HttpMethod.Post, $"/v1/submissions/{id}/resume");
        Assert.Equal((200, ended.Text), (again.Status, again.Text));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Cancelling_leaves_the_decided_rows_and_makes_the_others_unprocessed(string database)
    {
        var (host, partner, file) = await File(database, 1100);
        await host.FailOn("keeper_change", "new.row_number = 501");
        var id = (await partner.SendFile(file, wait: null)).String("id")!;
        await Eventually.Holds(async () => await host.QueryRegister<int>("select max(failures) from submission") == 1);

        var cancelled = await partner.Call(HttpMethod.Post, $"/v1/submissions/{id}/cancel");

        Assert.Equal((200, "cancelled"), (cancelled.Status, cancelled.String("state")));
        Assert.Equal((500, 600), Counts(cancelled, "accepted", "unprocessed"));
        Assert.NotNull(cancelled.String("completedAt"));
        await host.StopFailing("keeper_change");
        host.Clock.Advance(TimeSpan.FromSeconds(20));
        await Task.Delay(1500);
        foreach (var harmless in new[] { "cancel", "resume" })
        {
            var again = await partner.Call(HttpMethod.Post, $"/v1/submissions/{id}/{harmless}");
            Assert.Equal((200, cancelled.Text), (again.Status, again.Text));
        }
        var results = await partner.Results(id);
        Assert.Equal(Enumerable.Range(1, 1100), results.Select(row => (int)row["rowNumber"]!));
        Assert.Equal(600, (await partner.Results(id, "?outcome=unprocessed")).Count);
        Assert.Equal(500, (await partner.Results(id, "?outcome=accepted")).Count);
        var unprocessed = await partner.Get($"/v1/submissions/{id}/results?outcome=unprocessed&limit=200");
        Assert.Equal(501, (int)unprocessed.Json["items"]![0]!["rowNumber"]!);
        // A cursor that we never gave, far behind the end.
        var beyond = await partner.Get($"/v1/submissions/{id}/results?cursor=MjE0NzQ4MzY0Nw");
        Assert.Empty(beyond.Json["items"]!.AsArray());

        // Sent again, what was decided answers as before and the rest is decided.
        var whole = await partner.SendFile(file);
        Assert.Equal((500, 600), Counts(whole, "duplicate", "accepted"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_submission_that_has_ended_is_not_changed_by_a_cancellation(string database)
    {
        var (_, partner, file) = await File(database, 3);
        var ended = await partner.SendFile(file);

        var cancelled = await partner.Call(HttpMethod.Post, $"/v1/submissions/{ended.String("id")}/cancel");

        Assert.Equal((200, ended.Text), (cancelled.Status, cancelled.Text));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C165_the_queued_work_of_a_suspended_organisation_rests_until_it_is_restored(string database)
    {
        var (host, partner, file) = await File(database, 600);
        await host.FailOn("keeper_change", "new.row_number = 501");
        var id = (await partner.SendFile(file, wait: null)).String("id")!;
        await Eventually.Holds(async () => await host.QueryRegister<int>("select max(failures) from submission") == 1);

        await host.ExecuteControl("update organisation set state = 'suspended' where organisation_id = 'org_dealer1'");
        await host.StopFailing("keeper_change");
        for (var i = 0; i < 2; i++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(6));
            await Task.Delay(1100);
        }
        Assert.Equal(501, await host.QueryRegister<int>("select max(next_row) from submission"));
        Assert.Equal("processing", await host.QueryRegister<string>("select max(state) from submission"));

        await host.ExecuteControl("update organisation set state = 'sandbox' where organisation_id = 'org_dealer1'");
        host.Clock.Advance(TimeSpan.FromSeconds(6));
        var ended = await partner.Await(id, now => now.String("state") == "completed");
        Assert.Equal((600, 0), Counts(ended, "accepted", "refused"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C164_a_mandate_that_ends_in_the_middle_of_a_file_stops_the_rows_after_it(string database)
    {
        var (host, _, _) = await File(database, 1);
        var vendor = await host.Partner("org_vendor");
        var vehicles = await host.AddVehicles(1200);
        await host.FailOn("keeper_change", "new.row_number = 501");
        var id = (
            await vendor.SendFile(
                Notices.File(vehicles.Select(v => Notices.Disposal(v, onBehalfOf: "org_dealer1"))),
                wait: null
            )
        ).String("id")!;
        await Eventually.Holds(async () => await host.QueryRegister<int>("select max(failures) from submission") == 1);

        await host.ExecuteRegister("update mandate set state = 'ended' where mandate_id = 'man_1'");
        await host.StopFailing("keeper_change");
        host.Clock.Advance(TimeSpan.FromSeconds(6));

        var ended = await vendor.Await(id, now => now.String("state") == "completed");
        Assert.Equal((500, 700), Counts(ended, "accepted", "refused"));
        var results = await vendor.Results(id);
        Assert.All(results.Take(500), row => Assert.Equal("accepted", (string)row["outcome"]!));
        Assert.All(results.Skip(500), row => Assert.Equal(["authority.mandate-missing"], Reply.CodesOf(row)));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C198_dates_count_by_the_day_of_receipt_and_mandates_by_the_day_of_decision(string database)
    {
        // Received one minute before midnight in London, decided after it.
        var host = await Start(database, new DateTimeOffset(2026, 11, 25, 23, 59, 0, TimeSpan.Zero));
        await host.ExecuteRegister("update mandate set ends_on = '2026-11-25' where mandate_id = 'man_1'");
        var vendor = await host.Partner("org_vendor");
        var vehicles = await host.AddVehicles(3);
        JsonObject[] rows =
        [
            Notices.Disposal(vehicles[0], date: "2026-11-25", onBehalfOf: "org_dealer2"),
            Notices.Disposal(vehicles[1], date: "2026-11-26", onBehalfOf: "org_dealer2"),
            Notices.Disposal(vehicles[2], date: "2026-11-25", onBehalfOf: "org_dealer1"),
        ];
        await host.FailOn("keeper_change", "new.row_number = 1");
        var sent = await vendor.SendFile(Notices.File(rows), wait: null);
        await Eventually.Holds(async () => await host.QueryRegister<int>("select max(failures) from submission") == 1);

        host.Clock.Advance(TimeSpan.FromMinutes(2));
        await host.StopFailing("keeper_change");

        await vendor.Await(sent.String("id")!, now => now.String("state") == "completed");
        var results = await vendor.Results(sent.String("id")!);
        Assert.Equal(["accepted", "refused", "refused"], results.Select(row => (string)row["outcome"]!));
        Assert.Equal(["date.in-future"], Reply.CodesOf(results[1]));
        Assert.Equal(["authority.mandate-missing"], Reply.CodesOf(results[2]));
        var notice = await vendor.Get($"/v1/keeper-changes/{results[0]["keeperChangeId"]}");
        Assert.StartsWith("2026-11-25T23:59", notice.String("receivedAt")!, StringComparison.Ordinal);
        Assert.StartsWith("2026-11-26T00:0", notice.String("decidedAt")!, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C083_the_rows_of_one_vehicle_are_decided_in_file_order_over_the_borders_of_batches(
        string database
    )
    {
        var (host, partner, _) = await File(database, 1);
        var vehicles = await host.AddVehicles(600);
        // Row 500 is the last of a batch, row 501 the first of the next.
        var rows = vehicles.Take(499).Select(v => Notices.Disposal(v)).ToList();
        rows.Add(Notices.Disposal(vehicles[499]));
        rows.Add(Notices.Acquisition(vehicles[499]));
        rows.Add(Notices.Acquisition(vehicles[500]));
        rows.Add(Notices.Disposal(vehicles[500]));
        rows.AddRange(vehicles.Take(300).Select(v => Notices.Acquisition(v)));

        foreach (var mode in new[] { "validate", "commit" })
        {
            var reply = await partner.SendFile(Notices.File(rows), query: "?mode=" + mode);
            Assert.Equal("completed", reply.String("state"));
            var results = await partner.Results(reply.String("id")!);
            Assert.Equal(
                (string[])["accepted", "accepted", "refused", "accepted"],
                results.Skip(499).Take(4).Select(row => (string)row["outcome"]!)
            );
            Assert.Equal(["vehicle.keeper-on-record"], Reply.CodesOf(results[501]));
            Assert.Equal((802, 1), Counts(reply, "accepted", "refused"));
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C082_a_row_that_stands_twice_is_recorded_once(string database)
    {
        var (host, partner, _) = await File(database, 1);
        var vehicle = await host.AddVehicle();
        var others = (await host.AddVehicles(600)).Select(v => Notices.Disposal(v)).ToList();
        var row = Notices.Disposal(vehicle);
        var written = row.With("registrationNumber", vehicle.Mark.ToLowerInvariant().Insert(4, " "));
        JsonObject[] rows =
        [
            row,
            written,
            row.With("clientReference", Notices.NewReference()),
            row.With("mileage", 7),
            .. others,
            row,
            row.With("clientReference", Notices.NewReference()),
            row.With("mileage", 7),
        ];
        foreach (var mode in new[] { "validate", "commit" })
        {
            var reply = await partner.SendFile(Notices.File(rows), query: "?mode=" + mode);
            var results = await partner.Results(reply.String("id")!);
            foreach (var (first, start) in new[] { (0, 0), (1, 603) })
            {
                string[] outcomes = ["accepted", "duplicate", "refused", "refused"];
                outcomes = first == 0 ? outcomes : ["accepted", .. outcomes[1..]];
                Assert.Equal(
                    outcomes[1..],
                    results.Skip(start + 1).Take(3).Select(result => (string)result["outcome"]!)
                );
                Assert.Equal(["duplicate.already-recorded"], Reply.CodesOf(results[start + 2]));
                Assert.Equal(["duplicate.reference-reused"], Reply.CodesOf(results[start + 3]));
                var of = (string?)results[start + 1]["keeperChangeId"];
                Assert.Equal(mode == "commit" ? (string)results[0]["keeperChangeId"]! : null, of);
            }
            Assert.Equal((601, 2), Counts(reply, "accepted", "duplicate"));
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Validating_a_file_gives_the_full_verdicts_and_changes_nothing_in_the_register(string database)
    {
        var (host, partner, file) = await File(database, 1);
        var first = await partner.SendFile(file);
        var rows = (await host.AddVehicles(700)).Select(v => Notices.Disposal(v)).ToList();
        rows[10] = rows[10].With("keeperConsent", false).With("eventDate", "2026-11-26");
        rows[600] = Notices.Disposal(await host.AddVehicle(stolen: true));
        var before = await Register(host);

        var trial = await partner.SendFile([.. file, .. Notices.File(rows)], query: "?mode=validate");

        Assert.Equal(("completed", "validate"), (trial.String("state"), trial.String("mode")));
        Assert.Equal(before, await Register(host));
        var verdicts = await partner.Results(trial.String("id")!);
        Assert.Equal("duplicate", (string)verdicts[0]["outcome"]!);
        Assert.Equal(
            (await partner.Results(first.String("id")!))[0]["keeperChangeId"]!.ToString(),
            (string)verdicts[0]["keeperChangeId"]!
        );
        Assert.All(verdicts.Skip(1), row => Assert.Null(row["keeperChangeId"]));
        Assert.All(verdicts.Skip(1), row => Assert.Null(row["receiptReference"]));
        Assert.Equal(["consent.keeper", "date.in-future"], Reply.CodesOf(verdicts[11]).Order(StringComparer.Ordinal));

        var real = await partner.SendFile([.. file, .. Notices.File(rows)]);
        Assert.Equal(trial.Json["rows"]!.ToJsonString(), real.Json["rows"]!.ToJsonString());
        var results = await partner.Results(real.String("id")!);
        Assert.Equal(
            verdicts.Select(row => (row["outcome"]!.ToString(), row["findings"]!.ToJsonString())),
            results.Select(row => (row["outcome"]!.ToString(), row["findings"]!.ToJsonString()))
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C100_one_bad_row_refuses_itself_only(string database)
    {
        var (host, partner, _) = await File(database, 1);
        var rows = (await host.AddVehicles(100)).Select(v => Notices.Disposal(v)).ToList();
        rows[56] = rows[56].With("documentReferenceNumber", "ABC");

        var reply = await partner.SendFile(Notices.File(rows));

        Assert.Equal((99, 1), Counts(reply, "accepted", "refused"));
        var refused = Assert.Single(await partner.Results(reply.String("id")!, "?outcome=refused"));
        Assert.Equal(57, (int)refused["rowNumber"]!);
        Assert.Equal(["document-reference.format"], Reply.CodesOf(refused));
        Assert.Equal("/documentReferenceNumber", (string)refused["findings"]![0]!["pointer"]!);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts.Values)
        {
            await host.AssertClean();
            await host.DisposeAsync();
        }
    }

    async Task<TradeApiHost> Start(string database, DateTimeOffset? now = null)
    {
        var host = await TradeApiHost.Start(database, now);
        hosts.Add(database, host);
        await host.ImportSharedOrganisations();
        return host;
    }

    async Task<(TradeApiHost, Partner, byte[])> File(string database, int rows)
    {
        var host = await Start(database);
        var vehicles = await host.AddVehicles(rows);
        return (host, await host.Partner("org_dealer1"), Notices.File(vehicles.Select(v => Notices.Disposal(v))));
    }

    static async Task Stopped(TradeApiHost host, Reply submission)
    {
        Assert.Equal(202, submission.Status);
        await Eventually.Holds(async () => await host.QueryRegister<int>("select max(failures) from submission") == 1);
        Assert.Equal(501, await host.QueryRegister<int>("select max(next_row) from submission"));
    }

    static (int, int) Counts(Reply submission, string one, string other)
    {
        var rows = submission.Json["rows"]!.AsObject();
        Assert.Equal((int)rows["total"]!, rows.Sum(pair => (int)pair.Value!) - (int)rows["total"]!);
        return ((int)rows[one]!, (int)rows[other]!);
    }

    // All that a validation must not touch; its own verdicts are beside it.
    static async Task<string> Register(TradeApiHost host) =>
        string.Join(
            ", ",
            (await host.CountRows())
                .Split(", ")
                .Where(count =>
                    count.Split(' ')[0] is not ("submission" or "submission_result" or "payload" or "idempotency_key")
                )
        )
        + await host.QueryRegister<long>("select size from ledger_head")
        + await host.QueryRegister<long>("select count(*) from vehicle where state = 'withKeeper'");
}
