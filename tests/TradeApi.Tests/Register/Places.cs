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

    [Fact]
    public async Task A_change_of_a_vehicle_stays_in_its_page_and_makes_no_new_entry_in_an_index()
    {
        await using var host = await TradeApiHost.Start("postgres");
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var vehicles = await host.AddVehicles(6);

        var file = await partner.SendFile(
            Notices.File([.. vehicles.Take(3).Select(vehicle => Notices.Disposal(vehicle))])
        );
        Assert.Equal("completed", file.String("state"));
        foreach (var vehicle in vehicles.Skip(3))
            Assert.Equal(201, (await partner.Send(Notices.Disposal(vehicle))).Status);

        // A connection tells the server after a while what it has done.
        await Eventually.Holds(async () => await Count(host, "n_tup_upd") == 6);
        Assert.Equal(6, await Count(host, "n_tup_hot_upd"));

        static Task<long> Count(TradeApiHost host, string what) =>
            host.QueryRegister<long>(
                $"select {what} from pg_stat_user_tables where schemaname = current_schema() and relname = 'vehicle'"
            );
    }

    [Fact]
    public async Task A_connection_that_writes_finds_vehicles_by_their_index_however_few_there_seem_to_be()
    {
        await using var host = await TradeApiHost.Start("postgres");
        var vehicles = await host.AddVehicles(20);
        await host.ExecuteRegister("analyze vehicle");
        await using var transaction = await host.Stores.Sandbox.Begin();
        var before = await ReadsOfTheWhole();

        var found = await transaction.Connection.QueryAsync<Guid>(
            "select vehicle_id from vehicle where registration_number = any(@Marks) for no key update",
            new { Marks = vehicles.Select(vehicle => vehicle.Mark).ToArray() },
            transaction.Inner
        );

        Assert.Equal(20, found.Count());
        Assert.Equal(before, await ReadsOfTheWhole());

        // Of this connection, what it has not told the server yet: it may have served another before.
        Task<long> ReadsOfTheWhole() =>
            transaction.Connection.ExecuteScalarAsync<long>(
                "select seq_scan from pg_stat_xact_user_tables where schemaname = current_schema() and relname = 'vehicle'",
                transaction: transaction.Inner
            );
    }
}
