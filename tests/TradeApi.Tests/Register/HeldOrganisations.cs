using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using TradeApi.Submissions;

namespace TradeApi.Tests.Register;

/// <summary>An organisation whose wrong proofs pass 20 and 2 % is held to one notice a second, and nobody else is.</summary>
public class HeldOrganisations
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task More_than_twenty_and_two_per_cent_hold_an_organisation_to_one_notice_a_second(string database)
    {
        await using var host = await Guesses.OwnHost(database);
        var (partner, other) = (await host.Partner("org_dealer1"), await host.Partner("org_dealer2"));
        await Hold(host, partner);
        var vehicles = await host.AddVehicles(4);
        var (notice, key) = (Notices.Disposal(vehicles[0]), Partner.NewKey());
        var before = await host.CountRows();

        var early = await partner.Send(notice, key);
        Assert.Equal((429, "organisation.held"), (early.Status, early.String("code")));
        Assert.Equal("1", early.Header("Retry-After"));
        Assert.Equal((true, "notApplied"), ((bool)early.Json["retryable"]!, early.String("outcome")));
        Assert.Equal(429, (await partner.Validate(notice)).Status);
        Assert.Equal(429, (await partner.Send(Guesses.Wrong(vehicles[0], 1))).Status);
        Assert.Equal(before, await host.CountRows());
        Assert.Equal(404, (await partner.Get($"/v1/outcomes/{key}")).Status);
        Assert.Equal(201, (await other.Send(Notices.Disposal(vehicles[1]))).Status);
        // What cannot be a guess is answered as ever.
        Assert.Equal(["consent.keeper"], (await partner.Send(notice.With("keeperConsent", false))).Codes);

        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var accepted = await partner.Send(notice, key);
        Assert.Equal(201, accepted.Status);
        Assert.Equal(429, (await partner.Send(Notices.Disposal(vehicles[2]))).Status);
        Assert.Equal(accepted.Text, (await partner.Send(notice, key)).Text);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("accepted", (await partner.Validate(Notices.Disposal(vehicles[2]))).String("outcome"));
        Assert.Equal(429, (await partner.Send(Notices.Disposal(vehicles[2]))).Status);
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Twenty_wrong_proofs_or_two_per_cent_alone_hold_nobody(string database)
    {
        await using var host = await Guesses.OwnHost(database);
        var partner = await host.Partner("org_dealer1");
        var vehicles = await host.AddVehicles(1100);

        var wrong = vehicles.Take(20).Select(vehicle => Guesses.Wrong(vehicle, 1));
        Assert.Equal("completed", (await partner.SendFile(Notices.File(wrong))).String("state"));
        Assert.Equal("accepted", (await partner.Validate(Notices.Disposal(vehicles[0]))).String("outcome"));

        var right = vehicles.Skip(20).Select(vehicle => Notices.Disposal(vehicle));
        Assert.Equal("completed", (await partner.SendFile(Notices.File(right))).String("state"));
        wrong = vehicles.Take(2).Select(vehicle => Guesses.Wrong(vehicle, 2));
        Assert.Equal("completed", (await partner.SendFile(Notices.File(wrong))).String("state"));

        Assert.Equal(201, (await partner.Send(Notices.Disposal(vehicles[0]))).Status);
        Assert.Equal(201, (await partner.Send(Notices.Disposal(vehicles[1]))).Status);
        Assert.Equal(0, await Held(host));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_hold_ends_when_the_wrong_proofs_are_a_day_old_or_few_among_many(string database)
    {
        await using var host = await Guesses.OwnHost(database);
        await Hold(host, await host.Partner("org_dealer1"));
        await Hold(host, await host.Partner("org_dealer2"));
        var vehicles = await host.AddVehicles(5);

        host.Clock.Advance(TimeSpan.FromHours(2));
        await host.ExecuteRegister(
            "update proof_hour set notices = notices + 2000 where organisation_id = 'org_dealer2'"
        );
        var (one, other) = (await host.Partner("org_dealer1"), await host.Partner("org_dealer2"));
        Assert.Equal(201, (await other.Send(Notices.Disposal(vehicles[0]))).Status);
        Assert.Equal(201, (await other.Send(Notices.Disposal(vehicles[1]))).Status);
        Assert.Equal(1, await Held(host));

        host.Clock.Advance(TimeSpan.FromHours(23));
        one = await host.Partner("org_dealer1");
        Assert.Equal(201, (await one.Send(Notices.Disposal(vehicles[2]))).Status);
        Assert.Equal(201, (await one.Send(Notices.Disposal(vehicles[3]))).Status);
        Assert.Equal(0, await Held(host));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Numbers_that_change_by_time_alone_hold_an_organisation_and_still_let_it_go_on(string database)
    {
        await using var host = await Guesses.OwnHost(database);
        await host.ExecuteRegister(
            """
            insert into proof_hour (organisation_id, hour, notices, wrong)
                 values ('org_dealer1', @Hour, 30, 30)
            """,
            new { Hour = new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero) }
        );
        var partner = await host.Partner("org_dealer1");
        var vehicles = await host.AddVehicles(3);

        var file = await partner.SendFile(Notices.File(vehicles.Select(v => Notices.Disposal(v))), wait: null);
        var ended = await RunOn(host, partner, file.String("id")!, atMost: 20);

        Assert.Equal(3, (int)ended.Json["rows"]!["accepted"]!);
        Assert.Equal(1, await Held(host));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_operator_is_told_once_and_without_a_mark(string database)
    {
        await using var host = await Guesses.OwnHost(database);
        var partner = await host.Partner("org_dealer1");
        await Hold(host, partner);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await partner.Send(Guesses.Wrong(await host.AddVehicle(), 1));

        await using var control = await host.Stores.Control.Open();
        var entries = await control.QueryAsync<string>(
            "select actor || ' ' || subject || ' ' || detail from audit_entry where action = 'organisation.held'"
        );
        Assert.Equal(["register org_dealer1 sandbox: 21 of 21 proofs in 24 hours were wrong"], entries);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Many_at_once_ride_together_and_one_held_organisation_holds_up_no_other(string database)
    {
        await using var host = await Guesses.OwnHost(database);
        var (partner, other) = (await host.Partner("org_dealer1"), await host.Partner("org_dealer2"));
        await Hold(host, partner);
        var vehicles = await host.AddVehicles(60);
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        var held = Task.WhenAll(vehicles.Take(30).Select(vehicle => partner.Send(Notices.Disposal(vehicle))));
        var free = Task.WhenAll(vehicles.Skip(30).Select(vehicle => other.Send(Notices.Disposal(vehicle))));

        Assert.All(await free, reply => Assert.Equal(201, reply.Status));
        // The clock runs on meanwhile, so a slow machine may see a second or two go by.
        Assert.InRange((await held).Count(reply => reply.Status == 201), 1, 3);
        Assert.All(await held, reply => Assert.Contains(reply.Status, new[] { 201, 429 }));
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_file_over_many_marks_is_held_in_the_middle_and_goes_on_at_one_row_a_second(string database)
    {
        await using var host = await Guesses.OwnHost(database);
        var (partner, other) = (await host.Partner("org_dealer1"), await host.Partner("org_dealer2"));
        foreach (var query in new[] { "", "?mode=validate" })
        {
            await host.ExecuteRegister("delete from proof_hour");
            await host.ExecuteRegister("delete from held_organisation");
            var vehicles = await host.AddVehicles(63);
            var rows = vehicles.Take(40).Select(v => Guesses.Wrong(v, 1)).ToList();
            // Behind the wrong ones a right one, a row that nobody can read as a notice, and the same wrong one again.
            rows.Add(Notices.Disposal(vehicles[41]));
            rows.Add(Notices.Disposal(vehicles[42]).With("keeperConsent", false));
            rows.Add(rows[0].With("clientReference", Notices.NewReference()));

            var began = host.Clock.GetUtcNow();
            var taken = await partner.SendFile(Notices.File(rows), query: query, wait: null);
            var id = taken.String("id")!;
            await partner.Await(id, now => (int)now.Json["rows"]!["unprocessed"]! <= rows.Count - 21);
            await Task.Delay(200);
            var paused = await partner.Get($"/v1/submissions/{id}");
            Assert.InRange((int)paused.Json["rows"]!["unprocessed"]!, rows.Count - 24, rows.Count - 21);

            // Others are served meanwhile, files and single notices.
            var file = await other.SendFile(
                Notices.File(vehicles.Skip(43).Select(v => Notices.Disposal(v))),
                query: query
            );
            Assert.Equal(("completed", 20), (file.String("state"), (int)file.Json["rows"]!["accepted"]!));
            Assert.Equal(201, (await other.Send(Notices.Disposal(vehicles[40]))).Status);

            await RunOn(host, partner, id, atMost: 120);
            // The unreadable row takes no second of its own.
            Assert.InRange((host.Clock.GetUtcNow() - began).TotalSeconds, 20, 120);
            var results = await partner.Results(id);
            Assert.Equal(Enumerable.Range(1, rows.Count), results.Select(row => (int)row["rowNumber"]!));
            Assert.All(results.Take(40), row => Assert.Equal(["vehicle.not-matched"], Reply.CodesOf(row)));
            Assert.Equal("accepted", (string)results[40]["outcome"]!);
            Assert.Equal(["consent.keeper"], Reply.CodesOf(results[41]));
            Assert.Equal(["vehicle.not-matched"], Reply.CodesOf(results[42]));
        }
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_held_file_of_more_rows_than_a_batch_goes_on_as_well(string database)
    {
        await using var host = await Guesses.OwnHost(database);
        var partner = await host.Partner("org_dealer1");
        await Hold(host, partner);
        // The second batch is small, so that it could overtake the first one where both look for the hold.
        var rows = (await host.AddVehicles(505)).Select(vehicle => Notices.Disposal(vehicle));
        var id = (await partner.SendFile(Notices.File(rows), wait: null)).String("id")!;

        var accepted = 0;
        for (var patience = Stopwatch.StartNew(); accepted < 8; await Task.Delay(60))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(25), $"Only {accepted} rows were decided.");
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            host.Services.GetRequiredService<SubmissionSignals>().Begun("sandbox");
            accepted = (int)(await partner.Get($"/v1/submissions/{id}")).Json["rows"]!["accepted"]!;
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Of_a_file_for_several_organisations_the_rows_of_the_held_one_set_the_pace(string database)
    {
        await using var host = await Guesses.OwnHost(database);
        await Hold(host, await host.Partner("org_dealer1"));
        var vendor = await host.Partner("org_vendor");
        var vehicles = await host.AddVehicles(12);
        string[] organisations = ["org_dealer2", "org_dealer2", "org_dealer1"];
        var began = host.Clock.GetUtcNow();

        var file = vehicles.Select((v, i) => Notices.Disposal(v, onBehalfOf: organisations[i % 3]));
        var taken = await vendor.SendFile(Notices.File(file), wait: null);
        var ended = await RunOn(host, vendor, taken.String("id")!, atMost: 30);

        Assert.Equal(12, (int)ended.Json["rows"]!["accepted"]!);
        Assert.InRange((host.Clock.GetUtcNow() - began).TotalSeconds, 3, 30);
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Many_files_of_a_held_organisation_go_on_no_faster_than_one(string database)
    {
        await using var host = await Guesses.OwnHost(database);
        var partner = await host.Partner("org_dealer1");
        await Hold(host, partner);
        var vehicles = await host.AddVehicles(20);
        var began = host.Clock.GetUtcNow();

        var ids = new List<string>();
        foreach (var some in vehicles.Chunk(5))
            ids.Add(
                (await partner.SendFile(Notices.File(some.Select(v => Notices.Disposal(v))), wait: null)).String("id")!
            );
        foreach (var id in ids)
            await RunOn(host, partner, id, atMost: 200);

        Assert.InRange((host.Clock.GetUtcNow() - began).TotalSeconds, 19, 200);
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_hold_outlives_a_restart_and_a_file_goes_on_where_it_stopped(string database)
    {
        await using var host = await Guesses.OwnHost(database);
        var partner = await host.Partner("org_dealer1");
        var vehicles = await host.AddVehicles(26);
        var taken = await partner.SendFile(Notices.File(vehicles.Select(v => Guesses.Wrong(v, 1))), wait: null);
        await partner.Await(taken.String("id")!, now => (int)now.Json["rows"]!["unprocessed"]! <= 5);

        await host.Stop();
        await host.StartAgain();
        partner = partner.MovedTo(host.Address);

        await RunOn(host, partner, taken.String("id")!, atMost: 60);
        Assert.Equal(26, (await partner.Results(taken.String("id")!)).Count);
        Assert.Equal(1, await Held(host));
        Assert.Equal(429, (await partner.Send(Notices.Disposal(vehicles[0]))).Status);
        await host.AssertClean();
    }

    [Fact]
    public async Task Two_nodes_hold_together_and_let_one_notice_a_second_pass()
    {
        await using var first = await Guesses.OwnHost("postgres");
        await using var second = await first.StartSecondNode();
        var here = await first.Partner("org_dealer1");
        var there = here.MovedTo(second.Address);
        var vehicles = await first.AddVehicles(100);

        // Neither node alone sees as many as 21, and together they judge not one more.
        var replies = await Task.WhenAll(
            vehicles.Take(40).Select((vehicle, i) => (i % 2 == 0 ? here : there).Send(Guesses.Wrong(vehicle, 1)))
        );
        Assert.InRange(replies.Count(reply => reply.Status == 422), 21, 24);
        Assert.All(replies, reply => Assert.Contains(reply.Status, new[] { 422, 429 }));
        Assert.Equal(
            replies.Count(reply => reply.Status == 422),
            await first.QueryRegister<long>("select count(*) from wrong_proof")
        );

        first.Clock.Advance(TimeSpan.FromSeconds(1));
        replies = await Task.WhenAll(
            vehicles.Skip(40).Select((vehicle, i) => (i % 2 == 0 ? here : there).Send(Notices.Disposal(vehicle)))
        );
        Assert.InRange(replies.Count(reply => reply.Status == 201), 1, 4);
        await first.AssertClean();
    }

    // On SQLite one writes at a time, and nobody counts meanwhile.
    [Theory]
    [InlineData(1, 20, 20, 1)]
    [InlineData(20, 0, 2000, 0)]
    public async Task What_others_count_while_a_notice_is_judged_counts_with_it(
        int wrongBefore,
        int wrongMeanwhile,
        int noticesMeanwhile,
        long held
    )
    {
        await using var host = await Guesses.OwnHost("postgres");
        var partner = await host.Partner("org_dealer1");
        var vehicles = await host.AddVehicles(2);
        Assert.Equal(422, (await partner.Send(Guesses.Wrong(vehicles[0], 1))).Status);
        await host.ExecuteRegister(
            "update proof_hour set notices = @wrongBefore, wrong = @wrongBefore",
            new { wrongBefore }
        );
        Task<Reply> sending;
        await using (var other = await host.Stores.Sandbox.Begin())
        {
            await other.Connection.ExecuteAsync(
                "update proof_hour set notices = notices + @noticesMeanwhile, wrong = wrong + @wrongMeanwhile",
                new { noticesMeanwhile, wrongMeanwhile },
                other.Inner
            );
            sending = partner.Send(Guesses.Wrong(vehicles[1], 1));
            await host.SomebodyWaits();
            await other.Commit();
        }

        Assert.Equal(422, (await sending).Status);

        Assert.Equal(held, await Held(host));
        Assert.Equal(2, await host.QueryRegister<long>("select count(*) from wrong_proof"));
        Assert.Equal(
            wrongBefore + wrongMeanwhile + 1,
            await host.QueryRegister<long>("select sum(wrong) from proof_hour")
        );
    }

    /// <summary>Sends 21 wrong proofs for as many marks.</summary>
    static async Task Hold(TradeApiHost host, Partner partner)
    {
        foreach (var vehicle in await host.AddVehicles(21))
            Assert.Equal(["vehicle.not-matched"], (await partner.Send(Guesses.Wrong(vehicle, 1))).Codes);
    }

    static Task<long> Held(TradeApiHost host) => host.QueryRegister<long>("select count(*) from held_organisation");

    /// <summary>Puts the clock forward second by second and wakes the worker, until a file is through.</summary>
    static async Task<Reply> RunOn(TradeApiHost host, Partner partner, string submissionId, int atMost)
    {
        for (var i = 0; i < atMost; i++)
        {
            var reply = await partner.Get($"/v1/submissions/{submissionId}");
            if (reply.String("state") == "completed")
                return reply;
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            host.Services.GetRequiredService<SubmissionSignals>().Begun("sandbox");
            await Task.Delay(60);
        }
        throw new TimeoutException((await partner.Get($"/v1/submissions/{submissionId}")).Text);
    }
}
