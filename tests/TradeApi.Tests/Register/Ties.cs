using Dapper;
using TradeApi.Database;

namespace TradeApi.Tests.Register;

/// <summary>A vehicle names the last notice that is tied to it, and each notice the one before.</summary>
public class Ties
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task All_notices_of_a_vehicle_are_tied_to_it_in_their_order_and_refused_ones_are_not(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var (vehicle, other) = (await host.AddVehicle(), await host.AddVehicle());
        // Two in one file, with one of another vehicle between them, and a refused one.
        var file = await partner.SendFile(
            Notices.File(
                Notices.Disposal(vehicle),
                Notices.Disposal(other),
                Notices.Acquisition(vehicle).With("keeperConsent", false),
                Notices.Acquisition(vehicle)
            )
        );
        Assert.Equal("completed", file.String("state"));
        var results = await partner.Results(file.String("id")!);
        var ids = results.Select(result => (string)result["keeperChangeId"]!).ToList();
        var reversal = await partner.Reverse(ids[3]);
        Assert.Equal(201, reversal.Status);

        Assert.Equal([reversal.String("id")!, ids[3], ids[0]], await TiedTo(host, vehicle.Mark));
        Assert.Equal([ids[1]], await TiedTo(host, other.Mark));
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Notices_that_came_before_there_were_ties_are_tied_when_the_register_is_migrated(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var vehicle = await host.AddVehicle();
        Assert.Equal(201, (await partner.Send(Notices.Disposal(vehicle))).Status);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(201, (await partner.Send(Notices.Acquisition(vehicle))).Status);
        Assert.Equal(202, (await partner.Send(Notices.Disposal(await host.AddVehicle(stolen: true)))).Status);
        var before = await TiedTo(host, vehicle.Mark);
        Assert.Equal(2, before.Count);

        await host.ExecuteRegister(
            """
            alter table vehicle drop column last_keeper_change_id;
            alter table keeper_change drop column previous_id;
            create index keeper_change_of_vehicle on keeper_change (vehicle_id) where outcome <> 'refused';
            delete from schema_migration where name in ('0010_notices_of_a_vehicle.sql', '0011_always_tied.postgres.sql')
            """
        );
        await Migrator.Run(host.Stores, host.Clock);

        Assert.Equal(before, await TiedTo(host, vehicle.Mark));
        await host.AssertClean();
        Assert.Equal(201, (await partner.Reverse(before[0])).Status);
        Assert.Equal(3, (await TiedTo(host, vehicle.Mark)).Count);
        await host.AssertClean();
    }

    // The last one first.
    static async Task<List<string>> TiedTo(TradeApiHost host, string mark)
    {
        await using var connection = await host.Stores.Sandbox.Open();
        var ids = new List<string>();
        var next = await connection.ExecuteScalarAsync<Guid?>(
            "select last_keeper_change_id from vehicle where registration_number = @Mark",
            new { Mark = mark }
        );
        while (next is { } id && id != Guid.Empty)
        {
            ids.Add(Ids.KeeperChange(id));
            next = await connection.ExecuteScalarAsync<Guid?>(
                "select previous_id from keeper_change where keeper_change_id = @Id",
                new { Id = id }
            );
        }
        return ids;
    }
}
