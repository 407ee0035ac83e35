using Dapper;

namespace TradeApi.Tests.Register;

/// <summary>A vehicle is written back by its place in the table, wherever that is once it is locked.</summary>
public class Places
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_notice_that_has_waited_for_another_change_of_its_vehicle_is_written_to_it_all_the_same(
        string database
    )
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var (single, row) = (await host.AddVehicle(), await host.AddVehicle());
        Task<Reply> sent;
        Task<Reply> file;

        await using (var other = await host.Stores.Sandbox.Begin())
        {
            // On PostgreSQL the row has another place after this.
            await other.Connection.ExecuteAsync(
                "update vehicle set last_mileage = 77 where registration_number in (@First, @Second)",
                new { First = single.Mark, Second = row.Mark },
                other.Inner
            );
            sent = partner.Send(Notices.Disposal(single));
            file = partner.SendFile(Notices.File(Notices.Disposal(row)));
            await Task.Delay(TimeSpan.FromMilliseconds(500));
            Assert.False(sent.IsCompleted || file.IsCompleted);
            await other.Commit();
        }

        Assert.Equal(201, (await sent).Status);
        Assert.Equal("completed", (await file).String("state"));
        foreach (var vehicle in new[] { single, row })
        {
            var record = await host.Stores.Sandbox.Snapshot(vehicle.Mark);
            Assert.Contains("State = inTrade", record, StringComparison.Ordinal);
            Assert.Contains("LastMileage = 77", record, StringComparison.Ordinal);
        }
        await host.AssertClean();
    }
}
