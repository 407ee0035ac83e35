using System.Text.Json.Nodes;
using TradeApi.Register;

namespace TradeApi.Tests.KeeperChanges;

/// <summary>What was written in notices that are saved together is one payload, in which each finds its own text.</summary>
public class Payloads
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Notices_saved_together_are_corrected_each_as_it_was_written(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partners = new[] { await host.Partner("org_dealer1"), await host.Partner("org_dealer2") };
        string[] names = ["Ash", "Siân", "Żółkiewska", "Ng", "Ó Briain"];
        var sent = new List<(Partner Partner, string Mark, Guid Id, string Name)>();
        var notices = new List<TradeApi.Register.Notice>();
        foreach (var (i, name) in names.Index())
        {
            var partner = partners[i % 2];
            var vehicle = await host.AddVehicle(state: "inTrade", heldBy: $"org_dealer{(i % 2) + 1}");
            var body = Notices.Acquisition(vehicle);
            body["newKeeper"]!["lastName"] = name;
            var notice = partner.ToNotice(body, host.Clock.GetUtcNow().AddMilliseconds(i));
            // One that is refused stands between them, with its text.
            notices.Add(notice);
            var refused = Notices.Acquisition(vehicle, date: "2026-11-22");
            notices.Add(partner.ToNotice(refused, host.Clock.GetUtcNow().AddMilliseconds(i)));
            sent.Add((partner, vehicle.Mark, notice.Id, name));
        }

        var answers = await host.Registers.Of("sandbox").Apply(notices);

        Assert.Equal(names.Length, answers.Count(answer => answer.Decision?.Outcome == "accepted"));
        Assert.Equal(1, await host.QueryRegister<long>("select count(*) from payload"));
        Assert.Equal(2 * names.Length, await host.QueryRegister<int>("select row_count from payload"));
        foreach (var (partner, mark, id, name) in sent)
        {
            var reply = await partner.Correct(Ids.KeeperChange(id), new JsonObject { ["mileage"] = 4321 });
            Assert.Equal(201, reply.Status);
            var record = await host.Stores.Sandbox.Snapshot(mark);
            Assert.Contains($"LastName = {name},", record, StringComparison.Ordinal);
            Assert.Contains("LastMileage = 4321", record, StringComparison.Ordinal);
        }
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_notice_from_before_has_a_payload_of_its_own(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var vehicle = await host.AddVehicle();
        var notice = await partner.Send(Notices.Disposal(vehicle));
        await host.ExecuteRegister(
            """
            update payload set payload_id = (select keeper_change_id from keeper_change);
            update keeper_change set payload_id = null, payload_start = null, payload_length = null
            """
        );

        var first = await partner.Correct(notice.String("id")!, new JsonObject { ["mileage"] = 4321 });
        var second = await partner.Correct(notice.String("id")!, new JsonObject { ["eventDate"] = "2026-11-18" });

        Assert.Equal((201, 201), (first.Status, second.Status));
        var record = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
        Assert.Contains("LastMileage = 4321", record, StringComparison.Ordinal);
        Assert.Contains("StateSince = 11/18/2026", record, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_texts_are_no_longer_kept_together_than_a_mebibyte()
    {
        var set = new WorkingSet();
        var texts = Enumerable.Range(0, 40).Select(i => Enumerable.Repeat((byte)i, 64 * 1024 - i).ToArray()).ToList();

        var decided = texts.ConvertAll(text =>
        {
            var one = Decided();
            set.AddPayload(one, text);
            return one;
        });

        Assert.Equal([16, 16, 8], set.Payloads.ConvertAll(payload => payload.NoticeCount));
        var contents = set.Payloads.ToDictionary(payload => payload.PayloadId, payload => payload.Content());
        Assert.Equal(
            texts,
            decided.ConvertAll(one =>
                contents[one.PayloadId!.Value].AsSpan(one.PayloadStart!.Value, one.PayloadLength!.Value).ToArray()
            )
        );

        static DecidedNotice Decided() =>
            new()
            {
                KeeperChangeId = Guid.CreateVersion7(),
                Outcome = "accepted",
                OrganisationId = "org_dealer1",
                SubmittedBy = "org_dealer1",
                ClientId = "cli",
                ReceivedAt = default,
                DecidedAt = default,
                Digest = [],
            };
    }
}
