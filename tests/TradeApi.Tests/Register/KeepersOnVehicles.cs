using TradeApi.Database;

namespace TradeApi.Tests.Register;

/// <summary>The keeper in force stands on the vehicle, and each before him on the notice that ended his keepership.</summary>
public class KeepersOnVehicles
{
    static readonly string[] OnVehicle =
    [
        "keepership_id",
        "keepership_started_on",
        "keepership_started_by",
        "keeper_title",
        "keeper_first_names",
        "keeper_last_name",
        "keeper_business_name",
        "keeper_fleet_number",
        "keeper_driver_number",
        "keeper_email",
        "keeper_address_line1",
        "keeper_address_line2",
        "keeper_address_line3",
        "keeper_post_town",
        "keeper_postcode",
    ];

    static readonly string[] OnNotice =
    [
        .. OnVehicle,
        "keepership_ended_on",
        "document_reference_number",
        "document_issued_on",
        "document_issued_by",
        "document_replaced_on",
    ];

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Keepers_from_before_are_where_they_belong_when_the_register_is_migrated(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var (sold, bought, untouched) = (await host.AddVehicle(), await host.AddVehicle(), await host.AddVehicle());
        // All that a keeper can have.
        await host.ExecuteRegister(
            """
            update vehicle
               set keeper_fleet_number = '123456',
                   keeper_driver_number = 'SAMPL912238FF9IJ',
                   keeper_email = 'keeper@example.com',
                   keeper_address_line2 = 'Line 2',
                   keeper_address_line3 = 'Line 3'
             where registration_number in (@Sold, @Untouched)
            """,
            new { Sold = sold.Mark, Untouched = untouched.Mark }
        );
        foreach (var vehicle in new[] { sold, bought })
            Assert.Equal(201, (await partner.Send(Notices.Disposal(vehicle))).Status);
        var acquisition = await partner.Send(Notices.Acquisition(bought));
        Assert.Equal(201, acquisition.Status);
        var before = await Snapshots();

        await host.ExecuteRegister(
            $"""
            create table keepership_before as select * from keepership;
            drop view keepership;
            alter table keepership_before rename to keepership;
            drop index vehicle_of_fleet;
            {string.Concat(OnVehicle.Select(column => $"alter table vehicle drop column {column};\n"))}
            create table kept as select * from replaced_document;
            drop view ended_keepership;
            drop view replaced_document;
            {string.Concat(OnNotice.Select(column => $"alter table keeper_change drop column former_{column};\n"))}
            create table former_document (
                vehicle_id                uuid not null,
                document_reference_number text not null,
                issued_on                 date,
                issued_by                 uuid,
                replaced_on               date not null,
                replaced_by               uuid not null,
                primary key (vehicle_id, document_reference_number)
            );
            insert into former_document (
                   vehicle_id, document_reference_number, issued_on, issued_by, replaced_on, replaced_by)
            select vehicle_id, document_reference_number, issued_on, issued_by, replaced_on, replaced_by
              from kept;
            drop table kept;
            delete from schema_migration where (name >= '0012' and name < '0014') or name like '0017%'
            """
        );
        await Migrator.Run(host.Stores, host.Clock);

        Assert.Equal(before, await Snapshots());
        await host.AssertClean();
        Assert.Equal(201, (await partner.Reverse(acquisition.String("id")!)).Status);
        Assert.Equal(201, (await partner.Send(Notices.Disposal(untouched))).Status);
        await host.AssertClean();

        async Task<string> Snapshots()
        {
            var vehicles = await Task.WhenAll(
                new[] { sold, bought, untouched }.Select(vehicle => host.Stores.Sandbox.Snapshot(vehicle.Mark))
            );
            var document = await host.QueryRegister<string>(
                "select document_reference_number || ' ' || coalesce(cast(issued_on as text), '') || ' ' || replaced_on || ' ' || replaced_by from replaced_document"
            );
            return string.Join("\n\n", [.. vehicles, document]);
        }
    }
}
