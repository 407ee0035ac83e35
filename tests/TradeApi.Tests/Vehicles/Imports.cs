using TradeApi.Vehicles;

namespace TradeApi.Tests.Vehicles;

/// <summary>What an import does to a register: what is new, the same, different, or has moved on by a notice.</summary>
public class Imports
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_difference_in_any_column_is_brought_up_and_a_repeat_changes_nothing(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        Assert.Equal((1, 0, 0, 0), (await host.Import(RegisterFiles.Csv(RegisterFiles.Vehicle))).Counts());
        foreach (var column in ImportedVehicle.Columns.Except(["registrationNumber", "heldBy"]))
        {
            var value = column switch
            {
                "otherRegistrationNumber" => "CD12EFG",
                "vin" => "SALVA2AE4EH877323",
                "documentReferenceNumber" => "01234567891",
                "dateOfFirstRegistration" => "2012-03-02",
                "state" => "keeperDeceased",
                "stateSince" => "2020-01-02",
                "salvageCategory" => "S",
                "stolen" or "documentSuppressed" or "offRoad" => "true",
                "lastMileage" => "12001",
                "taxDueOn" or "motExpiresOn" => "2027-01-01",
                _ => "Other",
            };
            var file = RegisterFiles.Csv(RegisterFiles.But((column, value)));
            var report = await host.Import(file);
            Assert.True((0, 0, 1, 0) == report.Counts(), column);
            Assert.True((0, 1, 0, 0) == (await host.Import(file)).Counts(), column);
        }
        Assert.Equal((0, 0, 1, 0), (await host.Import(RegisterFiles.Csv(RegisterFiles.Vehicle))).Counts());
        Assert.Equal("vehicle 1, keepership 1", await Rows(host));
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_keeper_goes_and_comes_back_with_the_state_of_the_line(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.Import(RegisterFiles.Csv(RegisterFiles.Vehicle));

        var inTrade = RegisterFiles.But(("state", "inTrade"), ("heldBy", "org_dealer1"));
        Assert.Equal((0, 0, 1, 0), (await host.Import(RegisterFiles.Csv(inTrade))).Counts());
        Assert.Equal("vehicle 1, keepership 0", await Rows(host));
        await host.AssertClean();

        Assert.Equal((0, 0, 1, 0), (await host.Import(RegisterFiles.Csv(RegisterFiles.Vehicle))).Counts());
        Assert.Equal("vehicle 1, keepership 1", await Rows(host));
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task What_a_notice_has_recorded_stays_and_its_line_is_refused_with_that_reason(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.ImportSharedOrganisations();
        var partner = await host.Partner("org_dealer1");
        var vehicles = RegisterFiles.Many(3).ToList();
        await host.Import(RegisterFiles.Csv(vehicles));
        await Dispose(partner, vehicles[0], document: vehicles[0]["documentReferenceNumber"], status: 201);
        await Dispose(partner, vehicles[1], document: "99999999999", status: 422);

        var pink = RegisterFiles.Csv(
            vehicles.Select(vehicle => new Dictionary<string, string>(vehicle, StringComparer.Ordinal)
            {
                ["colour"] = "PINK",
            })
        );

        var report = await host.Import(pink);

        // A refused notice has changed nothing, so the second vehicle is still as it was imported.
        Assert.Equal((0, 0, 2, 1), report.Counts());
        Assert.Equal([2], report.Reasons["vehicle.changed-by-notice"].Lines);
        Assert.Equal(
            "inTrade BLUE",
            await host.QueryRegister<string>(
                "select state || ' ' || colour from vehicle where registration_number = @Mark",
                new { Mark = vehicles[0]["registrationNumber"] }
            )
        );
        Assert.Equal((0, 2, 0, 1), (await host.Import(pink)).Counts());
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_first_line_of_a_mark_counts_and_another_is_unchanged_or_refused(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        var file = RegisterFiles.Csv(
            RegisterFiles.But(("colour", "~\u0007")),
            RegisterFiles.Vehicle,
            RegisterFiles.Vehicle,
            RegisterFiles.But(("colour", "RED")),
            RegisterFiles.But(("registrationNumber", "ab12 cde"))
        );

        var first = await host.Import(file);
        var second = await host.Import(file);

        // The line that cannot be read takes nothing from the next one.
        Assert.Equal((1, 2, 0, 2), first.Counts());
        Assert.Equal((0, 3, 0, 2), second.Counts());
        Assert.Equal([5], first.Reasons["registrationNumber.doubled"].Lines);
        Assert.Equal([5], second.Reasons["registrationNumber.doubled"].Lines);
        Assert.Equal("BLUE", await host.QueryRegister<string>("select colour from vehicle"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Doubtful_records_are_counted_by_line_and_all_but_impossible_marks_are_held(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        await host.Import(RegisterFiles.Csv(RegisterFiles.But(("vin", Faults.MadeUpTrade.Vin(3)))));
        var vehicles = RegisterFiles.Many(8).Select(vehicle => vehicle.ToDictionary(StringComparer.Ordinal)).ToList();
        vehicles[0]["registrationNumber"] = "A1B2C3";
        vehicles[1]["stateSince"] = "2012-02-29";
        vehicles[2]["stateSince"] = "2999-01-01";
        vehicles[4]["vin"] = vehicles[5]["vin"];
        vehicles[6]["keeper.address.line1"] = "";
        vehicles[7]["keeper.address.postTown"] = "";
        vehicles[7]["keeper.address.postcode"] = "";
        var file = RegisterFiles.Csv(vehicles);

        var first = await host.Import(file);
        var second = await host.Import(file);

        Assert.Equal((7, 0, 0, 1), first.Counts());
        Assert.Equal([2], first.Reasons["registrationNumber.format"].Lines);
        foreach (var report in new[] { first, second })
            Assert.Equal(
                "mark.impossible 2; vin.shared 5,6,7; keeper.without-address 8,9; dates.out-of-order 3; date.in-future 4",
                string.Join(
                    "; ",
                    report.Quality.Select(found => $"{DoubtNames.Of(found.Key)} {string.Join(',', found.Value.Lines)}")
                )
            );
        await host.AssertClean();
    }

    [Fact]
    public async Task A_report_counts_every_line_but_lists_only_the_first_ones()
    {
        await using var host = await TradeApiHost.Start("sqlite");
        var report = await host.Import(
            RegisterFiles.Csv(Enumerable.Repeat(RegisterFiles.But(("make", ""), ("stateSince", "2999-01-01")), 1000))
        );
        Assert.Equal(1000, report.Reasons["make.missing"].Count);
        Assert.Equal(Enumerable.Range(2, 20), report.Reasons["make.missing"].Lines);
        Assert.Equal(1000, report.Quality[Doubts.DateInFuture].Count);
        Assert.Equal(20, report.Quality[Doubts.DateInFuture].Lines.Count);
        Assert.Equal(100, report.FirstRefused.Count);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task More_lines_than_one_commit_takes_are_all_counted_once(string database)
    {
        await using var host = await TradeApiHost.Start(database);
        var vehicles = RegisterFiles.Many(25_000).ToList();
        var file = RegisterFiles.Csv(vehicles.Append(RegisterFiles.But(("vin", "1"))).Concat(vehicles[..3]));
        Assert.Equal((25_000, 3, 0, 1), (await host.Import(file)).Counts());
        Assert.Equal((0, 25_003, 0, 1), (await host.Import(file)).Counts());
    }

    static async Task Dispose(Partner partner, IReadOnlyDictionary<string, string> vehicle, string document, int status)
    {
        var named = new TestVehicle(vehicle["registrationNumber"], document, vehicle["vin"]);
        var reply = await partner.Send(Notices.Disposal(named));
        Assert.Equal(status, reply.Status);
    }

    static async Task<string> Rows(TradeApiHost host) => string.Join(", ", (await host.CountRows()).Split(", ")[..2]);
}
