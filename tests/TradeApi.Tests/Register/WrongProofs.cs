using System.Globalization;
using System.Text.Json.Nodes;

namespace TradeApi.Tests.Register;

/// <summary>What a wrong proof counts for: a mark locked for the one who tries, and under guard for all.</summary>
public class WrongProofs(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C196_four_wrong_proofs_over_two_clients_and_a_file_lock_the_mark_and_say_until_when(
        string database
    )
    {
        var host = await (await hosts.On(database)).Trusted();
        var (one, other) = (await host.Partner("org_dealer1"), await host.Partner("org_dealer1"));
        var vehicle = await host.AddVehicle();

        var first = await one.Send(Guesses.Wrong(vehicle, 1));
        var second = await FileOf(other, [Guesses.Wrong(vehicle, 2)]);
        var third = await other.Send(Guesses.Wrong(vehicle, 3));
        var fourth = await one.Send(Guesses.Wrong(vehicle, 4));

        Assert.Equal((422, "vehicle.not-matched"), (first.Status, Assert.Single(first.Codes)));
        Assert.Equal(["vehicle.not-matched"], Reply.CodesOf(Assert.Single(second)));
        Assert.Equal((422, "vehicle.not-matched"), (third.Status, Assert.Single(third.Codes)));
        Assert.Null(third.Header("Retry-After"));
        Assert.Equal((422, "vehicle.locked"), (fourth.Status, Assert.Single(fourth.Codes)));
        Assert.InRange(int.Parse(fourth.Header("Retry-After")!, CultureInfo.InvariantCulture), 540, 600);
        var ends = Guesses.LockEnd((string)fourth.Json["findings"]![0]!["message"]!);
        Assert.InRange((ends - host.Clock.GetUtcNow()).TotalSeconds, 540, 601);
        Assert.Contains(
            fourth.String("detail")!,
            (string)fourth.Json["findings"]![0]!["message"]!,
            StringComparison.Ordinal
        );
        // The right proof learns no more than a wrong one, in a file neither.
        Assert.Equal(["vehicle.locked"], (await one.Send(Notices.Disposal(vehicle))).Codes);
        Assert.Equal(["vehicle.locked"], Reply.CodesOf((await FileOf(one, [Notices.Disposal(vehicle)]))[0]));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_lock_by_one_organisation_does_not_lock_another_out_nor_another_mark(string database)
    {
        var host = await (await hosts.On(database)).Trusted();
        var (one, other) = (await hosts.Partner(database), await hosts.Partner(database, "org_dealer2"));
        var vehicles = await host.AddVehicles(2);
        await Guesses.Lock(one, vehicles[0]);

        Assert.Equal(["vehicle.locked"], (await one.Send(Notices.Disposal(vehicles[0]))).Codes);
        Assert.Equal(201, (await one.Send(Notices.Disposal(vehicles[1]))).Status);
        Assert.Equal(["vehicle.not-matched"], (await other.Send(Guesses.Wrong(vehicles[0], 1))).Codes);
        Assert.Equal(201, (await other.Send(Notices.Disposal(vehicles[0]))).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_lock_is_of_the_organisation_acted_for_whoever_sends(string database)
    {
        var host = await (await hosts.On(database)).Trusted();
        var vendor = await hosts.Partner(database, "org_vendor");
        var vehicle = await host.AddVehicle();
        for (var i = 1; i <= 3; i++)
            await vendor.Send(Guesses.Wrong(vehicle, i, onBehalfOf: "org_dealer1"));

        var own = await (await hosts.Partner(database)).Send(Notices.Disposal(vehicle));
        Assert.Equal(["vehicle.locked"], own.Codes);
        Assert.Equal(201, (await vendor.Send(Notices.Disposal(vehicle, onBehalfOf: "org_dealer2"))).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_right_proof_forgets_the_wrong_ones_before_it(string database)
    {
        var host = await (await hosts.On(database)).Trusted();
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();

        for (var i = 1; i <= 8; i++)
        {
            Assert.Equal(["vehicle.not-matched"], (await partner.Send(Guesses.Wrong(vehicle, i))).Codes);
            if (i % 2 == 0)
                Assert.Equal("accepted", (await partner.Validate(Notices.Disposal(vehicle))).String("outcome"));
        }
        Assert.Equal(201, (await partner.Send(Notices.Disposal(vehicle))).Status);
        Assert.Equal(
            0,
            await host.QueryRegister<long>(
                "select count(*) from proof_lock where registration_number = @Mark",
                new { vehicle.Mark }
            )
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_same_wrong_proof_sent_again_is_no_new_guess(string database)
    {
        var host = await (await hosts.On(database)).Trusted();
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();
        var wrong = Guesses.Wrong(vehicle, 1);
        var key = Partner.NewKey();

        var replies = new List<Reply>();
        for (var i = 0; i < 5; i++)
        {
            replies.Add(await partner.Send(wrong, key));
            replies.Add(await partner.Send(wrong.With("clientReference", Notices.NewReference())));
            replies.Add(await partner.Send(wrong.With("eventDate", "2026-11-19")));
        }
        var rows = await FileOf(partner, Enumerable.Repeat(wrong, 20));

        Assert.All(replies, reply => Assert.Equal(["vehicle.not-matched"], reply.Codes));
        Assert.All(rows, row => Assert.Equal(["vehicle.not-matched"], Reply.CodesOf(row)));
        Assert.Equal(1, await Guesses.WrongProofsOf(host, vehicle));
        Assert.Equal(201, (await partner.Send(Notices.Disposal(vehicle))).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_never_came_as_far_as_the_proof_is_no_guess(string database)
    {
        var host = await (await hosts.On(database)).Trusted();
        var (partner, other) = (await hosts.Partner(database), await hosts.Partner(database, "org_dealer2"));
        var vehicle = await host.AddVehicle();
        var accepted = Notices.Disposal(await host.AddVehicle());
        Assert.Equal(201, (await partner.Send(accepted)).Status);

        for (var i = 1; i <= 4; i++)
        {
            Assert.Equal(
                ["consent.keeper"],
                (await partner.Send(Guesses.Wrong(vehicle, i).With("keeperConsent", false))).Codes
            );
            Assert.Equal(403, (await other.Send(Guesses.Wrong(vehicle, i, onBehalfOf: "org_dealer1"))).Status);
            Assert.Equal(
                ["duplicate.reference-reused"],
                (
                    await partner.Send(
                        Guesses.Wrong(vehicle, i).With("clientReference", (string)accepted["clientReference"]!)
                    )
                ).Codes
            );
        }

        Assert.Equal(0, await Guesses.WrongProofsOf(host, vehicle));
        Assert.Equal(201, (await partner.Send(Notices.Disposal(vehicle))).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_lock_doubles_to_a_day_and_ends_when_it_said(string database)
    {
        await using var host = await (await Guesses.OwnHost(database)).Trusted();
        var partner = await host.Partner("org_dealer1");
        var vehicle = await host.AddVehicle();
        int[] minutes = [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440];
        var guess = 0;

        foreach (var length in minutes)
        {
            for (var i = 0; i < 3; i++)
                Assert.Equal(["vehicle.not-matched"], (await partner.Send(Guesses.Wrong(vehicle, ++guess))).Codes);
            host.Clock.Advance(TimeSpan.FromMinutes(length - 1));
            partner = await host.Partner("org_dealer1");
            Assert.Equal(["vehicle.locked"], (await partner.Send(Guesses.Wrong(vehicle, guess + 1))).Codes);
            host.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        // A right proof ends all that: the next lock is a short one again. The mark itself has come under guard.
        Assert.Equal(202, (await partner.Send(Notices.Disposal(vehicle))).Status);
        await Guesses.Lock(partner, vehicle, from: 100);
        var locked = await partner.Send(Guesses.Wrong(vehicle, 104));
        Assert.InRange(int.Parse(locked.Header("Retry-After")!, CultureInfo.InvariantCulture), 540, 600);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Trying_a_notice_writes_the_guess_and_nothing_else(string database)
    {
        var host = await (await hosts.On(database)).Trusted();
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();
        var before = await host.CountRows();

        for (var i = 1; i <= 3; i++)
            Assert.Equal(
                ["vehicle.not-matched"],
                Reply.CodesOf((await partner.Validate(Guesses.Wrong(vehicle, i))).Json)
            );
        Assert.Equal(["vehicle.locked"], Reply.CodesOf((await partner.Validate(Notices.Disposal(vehicle))).Json));

        Assert.Equal(before, await host.CountRows());
        Assert.Equal(["vehicle.locked"], (await partner.Send(Notices.Disposal(vehicle))).Codes);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_thousand_guesses_in_a_file_get_three_and_learn_nothing_from_the_right_one(string database)
    {
        var host = await (await hosts.On(database)).Trusted();
        var partner = await hosts.Partner(database, "org_dealer3");
        foreach (var query in new[] { "", "?mode=validate" })
        {
            var vehicle = await host.AddVehicle();
            var rows = Enumerable.Range(1, 999).Select(i => Guesses.Wrong(vehicle, i)).ToList();
            rows.Insert(600, Notices.Disposal(vehicle));

            var results = await FileOf(partner, rows, query);

            Assert.Equal(1000, results.Count);
            Assert.All(results, row => Assert.Equal("refused", (string)row["outcome"]!));
            Assert.All(results.Take(3), row => Assert.Equal(["vehicle.not-matched"], Reply.CodesOf(row)));
            Assert.All(results.Skip(3), row => Assert.Equal(["vehicle.locked"], Reply.CodesOf(row)));
            Assert.Single(results.Skip(3).Select(row => row["findings"]!.ToJsonString()).Distinct());
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_mark_that_nobody_bears_is_locked_like_any_other(string database)
    {
        await (await hosts.On(database)).Trusted();
        var partner = await hosts.Partner(database);
        var nobody = new TestVehicle("AB21CDE", "19999999999", "VF9ZZZ77ZHC999999");
        await Guesses.Lock(partner, nobody);
        Assert.Equal(["vehicle.locked"], (await partner.Send(Notices.Disposal(nobody))).Codes);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_lock_outlives_a_restart(string database)
    {
        await using var host = await Guesses.OwnHost(database);
        var partner = await host.Partner("org_dealer1");
        var vehicles = await host.AddVehicles(2);
        await Guesses.Lock(partner, vehicles[0]);
        await partner.Send(Guesses.Wrong(vehicles[1], 1));
        await partner.Send(Guesses.Wrong(vehicles[1], 2));

        await host.Stop();
        await host.StartAgain();
        partner = partner.MovedTo(host.Address);

        Assert.Equal(["vehicle.locked"], (await partner.Send(Notices.Disposal(vehicles[0]))).Codes);
        Assert.Equal(["vehicle.not-matched"], (await partner.Send(Guesses.Wrong(vehicles[1], 3))).Codes);
        Assert.Equal(["vehicle.locked"], (await partner.Send(Notices.Disposal(vehicles[1]))).Codes);
    }

    [Fact]
    public async Task Two_nodes_count_together_at_a_mark_that_exists_and_at_one_that_does_not()
    {
        await using var first = await Guesses.OwnHost("postgres");
        await using var second = await first.StartSecondNode();
        var here = await first.Partner("org_dealer1");
        var there = here.MovedTo(second.Address);
        var marks = new[] { await first.AddVehicle(), new TestVehicle("AB21CDF", "19999999999", "VF9ZZZ77ZHC999998") };

        foreach (var vehicle in marks)
        {
            var replies = await Task.WhenAll(
                Enumerable.Range(1, 12).Select(i => (i % 2 == 0 ? here : there).Send(Guesses.Wrong(vehicle, i)))
            );
            Assert.Equal(3, replies.Count(reply => reply.Codes.Contains("vehicle.not-matched")));
            Assert.Equal(9, replies.Count(reply => reply.Codes.Contains("vehicle.locked")));
            Assert.Equal(3, await Guesses.WrongProofsOf(first, vehicle));
        }
        await first.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Fifteen_wrong_proofs_over_all_organisations_put_the_mark_under_guard(string database)
    {
        await using var host = await Guesses.OwnHost(database);
        string[] names = ["org_dealer1", "org_dealer2", "org_dealer3", "org_auction", "org_finance"];
        // A token lives for ten minutes only.
        async Task<List<Partner>> Partners() => [.. await Task.WhenAll(names.Select(name => host.Partner(name)))];
        var partners = await Partners();
        var vehicles = await host.AddVehicles(2);

        // Fourteen are not enough, nor does what was sent a day ago count.
        foreach (var partner in partners)
            for (var i = 1; i <= (partner == partners[^1] ? 2 : 3); i++)
                Assert.Equal(["vehicle.not-matched"], (await partner.Send(Guesses.Wrong(vehicles[1], i))).Codes);
        host.Clock.Advance(TimeSpan.FromHours(24.1));
        partners = await Partners();
        Assert.Equal(["vehicle.not-matched"], (await partners[^1].Send(Guesses.Wrong(vehicles[1], 3))).Codes);
        Assert.Equal(201, (await partners[0].Send(Notices.Disposal(vehicles[1]))).Status);

        foreach (var partner in partners)
            for (var i = 1; i <= 3; i++)
                Assert.Equal(["vehicle.not-matched"], (await partner.Send(Guesses.Wrong(vehicles[0], i))).Codes);
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        partners = await Partners();
        var referred = await partners[0].Send(Notices.Disposal(vehicles[0]));
        Assert.Equal((202, "referred"), (referred.Status, referred.String("outcome")));
        Assert.Equal(["referred.register-check"], referred.Codes);
        Assert.Equal(["vehicle.not-matched"], (await partners[1].Send(Guesses.Wrong(vehicles[0], 9))).Codes);

        // It stays until staff lift it, however long.
        host.Clock.Advance(TimeSpan.FromDays(3));
        var late = await host.Partner("org_dealer2");
        Assert.Equal(202, (await late.Send(Notices.Disposal(vehicles[0]))).Status);
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_can_no_longer_matter_is_deleted(string database)
    {
        await using var host = await Guesses.OwnHost(database);
        var partner = await host.Partner("org_dealer1");
        var vehicle = await host.AddVehicle();
        await Guesses.Lock(partner, vehicle);
        const string Rows = """
            select (select count(*) from wrong_proof) + (select count(*) from proof_lock) + (select count(*) from proof_hour)
            """;
        Assert.Equal(5, await host.QueryRegister<long>(Rows));

        host.Clock.Advance(TimeSpan.FromDays(3));
        await Eventually.Holds(async () => await host.QueryRegister<long>(Rows) == 4);
        host.Clock.Advance(TimeSpan.FromDays(28));
        await Eventually.Holds(async () => await host.QueryRegister<long>(Rows) == 0);
    }

    static async Task<IReadOnlyList<JsonObject>> FileOf(
        Partner partner,
        IEnumerable<JsonObject> notices,
        string query = ""
    )
    {
        var reply = await partner.SendFile(Notices.File(notices), query: query);
        Assert.Equal((202, "completed"), (reply.Status, reply.String("state")));
        return await partner.Results(reply.String("id")!);
    }
}
