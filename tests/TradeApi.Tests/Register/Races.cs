using System.Text.Json.Nodes;

namespace TradeApi.Tests.Register;

/// <summary>Notices at the same moment, on one node and on two: one wins, and the record stays whole.</summary>
public class Races(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C175_two_traders_at_once_on_one_vehicle_leave_one_disposal(string database)
    {
        var host = await hosts.On(database);
        var (one, other) = (await hosts.Partner(database), await hosts.Partner(database, "org_dealer2"));
        var vehicles = await host.AddVehicles(200);

        foreach (var group in vehicles.Chunk(20))
            await Task.WhenAll(
                group.Select(async vehicle =>
                {
                    var replies = await Task.WhenAll(
                        one.Send(Notices.Disposal(vehicle)),
                        other.Send(Notices.Disposal(vehicle))
                    );
                    Assert.Equal([201, 422], replies.Select(reply => reply.Status).Order());
                    var loser = replies.Single(reply => reply.Status == 422);
                    Assert.Equal(["vehicle.already-in-trade"], loser.Codes);
                    Assert.DoesNotContain("org_dealer", loser.Text, StringComparison.Ordinal);
                })
            );

        Assert.Equal(
            200,
            await host.QueryRegister<long>(
                "select count(*) from keeper_change where outcome = 'accepted' and type = 'disposalToTrade'"
            )
        );
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Two_keepers_at_once_for_one_vehicle_leave_one_keepership(string database)
    {
        var host = await hosts.On(database);
        var (one, other) = (await hosts.Partner(database), await hosts.Partner(database, "org_dealer3"));
        var vehicles = await host.AddVehicles(60, "inTrade", "org_dealer1");

        foreach (var vehicle in vehicles)
        {
            var held = Notices.Acquisition(vehicle);
            var notHeld = Notices.Acquisition(vehicle).With("confirmations", new JsonArray("trade.held-by-another"));
            var replies = await Task.WhenAll(one.Send(held), other.Send(notHeld), one.SendFile(Notices.File(held)));
            // The file and the first notice are one and the same, so both may answer for it.
            var rows = replies[2].Json["rows"]!;
            Assert.InRange(
                replies[..2].Count(reply => reply.Status == 201) + (int)rows["accepted"]! + (int)rows["duplicate"]!,
                1,
                2
            );
        }

        Assert.Equal(
            60,
            await host.QueryRegister<long>(
                "select count(*) from keeper_change where outcome = 'accepted' and type = 'acquisitionFromTrade'"
            )
        );
        await host.AssertClean();
    }

    [Fact]
    public async Task Two_nodes_on_one_database_record_each_key_and_each_reference_once()
    {
        await using var first = await TradeApiHost.Start("postgres");
        await using var second = await first.StartSecondNode();
        await first.ImportSharedOrganisations();
        var here = await first.Partner("org_dealer1");
        var there = here.MovedTo(second.Address);
        var vehicles = await first.AddVehicles(60);

        foreach (var group in vehicles.Chunk(10))
            await Task.WhenAll(
                group.Select(async vehicle =>
                {
                    var (notice, key) = (Notices.Disposal(vehicle), Partner.NewKey());
                    var replies = await Task.WhenAll(
                        here.Send(notice, key),
                        there.Send(notice, key),
                        here.Send(notice),
                        there.Send(notice)
                    );
                    Assert.All(replies, reply => Assert.Equal(201, reply.Status));
                    Assert.Single(replies.Select(reply => reply.Text).Distinct());
                })
            );

        Assert.Equal(60, await first.QueryRegister<long>("select size from ledger_head"));
        await first.AssertClean();
    }

    [Fact]
    public async Task Two_nodes_share_the_files_and_decide_each_row_once()
    {
        await using var first = await TradeApiHost.Start("postgres");
        await using var second = await first.StartSecondNode();
        await first.ImportSharedOrganisations();
        var here = await first.Partner("org_dealer1");
        var there = here.MovedTo(second.Address);
        var vehicles = await first.AddVehicles(1500);
        // Both files name the same vehicles with the same references, in opposite order.
        var rows = vehicles.Select(v => Notices.Disposal(v)).ToList();
        var key = Partner.NewKey();
        var whole = Notices.File(rows);

        var replies = await Task.WhenAll(
            here.SendFile(whole),
            there.SendFile(Notices.File(Enumerable.Reverse(rows))),
            here.SendFile(whole, key: key),
            there.SendFile(whole, key: key)
        );

        var taken = replies.Where(reply => reply.Status == 202).ToList();
        Assert.All(replies.Except(taken), reply => Assert.Equal(409, reply.Status));
        var ids = taken.Select(reply => reply.String("id")!).Distinct().ToList();
        Assert.Equal(3, ids.Count);
        var (accepted, duplicate) = (0, 0);
        foreach (var id in ids)
        {
            var ended = await here.Await(id, now => now.String("state") == "completed");
            accepted += (int)ended.Json["rows"]!["accepted"]!;
            duplicate += (int)ended.Json["rows"]!["duplicate"]!;
        }
        Assert.Equal((1500, 3000), (accepted, duplicate));
        Assert.Equal(1500, await first.QueryRegister<long>("select size from ledger_head"));
        await first.AssertClean();
    }

    [Fact]
    public async Task C165_a_suspension_counts_on_every_node_at_once()
    {
        await using var first = await TradeApiHost.Start("postgres");
        await using var second = await first.StartSecondNode();
        await first.ImportSharedOrganisations();
        var here = await first.Partner("org_dealer1");
        var there = here.MovedTo(second.Address);
        Assert.Equal(200, (await there.Get("/v1/submissions")).Status);

        await first.ExecuteControl("update organisation set state = 'suspended' where organisation_id = 'org_dealer1'");

        Assert.Equal(401, (await there.Get("/v1/submissions")).Status);
        Assert.Equal(401, (await here.Get("/v1/submissions")).Status);
    }
}
