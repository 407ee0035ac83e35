namespace TradeApi.Tests.Submissions;

/// <summary>A file sent again is judged in its own order, row by row, and no more than that (decision 0004).</summary>
public class FilesSentAgain
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_row_that_has_become_right_is_accepted_though_another_vehicle_was_changed_twice_by_the_file(
        string database
    )
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var (twice, other) = (await host.AddVehicle(), await host.AddVehicle());
        var file = Notices.File(Notices.Disposal(twice), Notices.Acquisition(twice), Notices.Acquisition(other));
        var first = await partner.SendFile(file);
        Assert.Equal(["accepted", "accepted", "refused"], await Outcomes(partner, first));

        Assert.Equal(201, (await partner.Send(Notices.Disposal(other))).Status);
        var again = await partner.SendFile(file);

        Assert.Equal(["duplicate", "duplicate", "accepted"], await Outcomes(partner, again));
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_row_stays_refused_that_only_a_later_row_of_an_earlier_file_has_made_possible_whatever_came_between(
        string database
    )
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var (vehicle, other) = (await host.AddVehicle(), await host.AddVehicle());
        var file = Notices.File(Notices.Acquisition(vehicle), Notices.Disposal(vehicle));
        var first = await partner.SendFile(file);
        Assert.Equal(["refused", "accepted"], await Outcomes(partner, first));

        // As long, and refused at the same row, for another vehicle.
        var between = await partner.SendFile(Notices.File(Notices.Acquisition(other), Notices.Disposal(other)));
        Assert.Equal(["refused", "accepted"], await Outcomes(partner, between));
        var again = await partner.SendFile(file);

        Assert.Equal(["refused", "duplicate"], await Outcomes(partner, again));
        await host.AssertClean();
    }

    static async Task<List<string>> Outcomes(Partner partner, Reply file) =>
        [.. (await partner.Results(file.String("id")!)).Select(row => (string)row["outcome"]!)];
}
