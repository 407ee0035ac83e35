using TradeApi.Register;
using static TradeApi.Tests.FleetVehicles;

namespace TradeApi.Tests.Register;

/// <summary>
/// Wrong proofs are kept by the mark, and looked for only where the vehicle that bears it says that there may be some:
/// however a mark comes to a vehicle, what was tried before counts.
/// </summary>
public class GuessedMarks(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_mark_locked_before_an_import_brings_its_vehicle_stays_locked(string database)
    {
        var host = await (await hosts.On(database)).Trusted();
        var partner = await hosts.Partner(database);
        var other = await hosts.Partner(database, "org_dealer2");
        var vehicle = new TestVehicle("FG21CDE", "20999999901", "VF9ZZZ77ZHC999901");
        await Guesses.Lock(partner, vehicle);

        Assert.Equal(1, (await host.ImportRegister(Line(vehicle))).Loaded);

        Assert.Equal(["vehicle.locked"], (await partner.Send(Notices.Disposal(vehicle))).Codes);
        Assert.Equal(201, (await other.Send(Notices.Disposal(vehicle))).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_mark_locked_while_nobody_bears_it_is_locked_on_the_vehicle_that_gets_it(string database)
    {
        var host = await (await hosts.On(database)).Trusted();
        var partner = await hosts.Partner(database);
        var fleet = await hosts.Partner(database, "org_fleet");
        var (vehicle, mark) = (await FleetVehicle(host), NewMark());
        var certificate = await Certificate(host, mark);
        await Guesses.Lock(partner, vehicle with { Mark = mark });
        Assert.False(await WasGuessed(host, vehicle.Mark));

        var assigned = await fleet.Send(
            Of("markAssignment", vehicle)
                .With("documentReferenceNumber", vehicle.Document)
                .With("certificateNumber", certificate)
                .With("newRegistrationNumber", mark)
        );

        Assert.Equal(201, assigned.Status);
        var now = vehicle with { Mark = mark, Document = await host.Stores.Sandbox.DocumentInForce(mark) };
        Assert.Equal(["vehicle.locked"], (await partner.Send(Notices.Disposal(now))).Codes);
    }

    // So it stands when an import brings a vehicle in the very moment in which somebody tries its mark.
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Where_a_vehicle_wrongly_says_that_there_are_none_the_next_wrong_proof_finds_them(string database)
    {
        var host = await (await hosts.On(database)).Trusted();
        var partner = await hosts.Partner(database);
        var vehicles = await host.AddVehicles(2);
        foreach (var vehicle in vehicles)
            for (var i = 1; i <= 2; i++)
                Assert.Equal(["vehicle.not-matched"], (await partner.Send(Guesses.Wrong(vehicle, i))).Codes);
        foreach (var vehicle in vehicles)
            await Unflag(host, vehicle);

        var third = await partner.Send(Guesses.Wrong(vehicles[0], 3));
        var file = await partner.SendFile(Notices.File(Guesses.Wrong(vehicles[1], 3)));

        Assert.Equal(["vehicle.not-matched"], third.Codes);
        Assert.Equal("completed", file.String("state"));
        foreach (var vehicle in vehicles)
        {
            Assert.Equal(["vehicle.locked"], (await partner.Send(Notices.Disposal(vehicle))).Codes);
            Assert.True(await WasGuessed(host, vehicle.Mark));
        }
        await host.AssertClean();
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Where_a_locked_mark_wrongly_says_that_there_are_none_a_wrong_proof_does_not_buy_a_right_one(
        string database
    )
    {
        var host = await (await hosts.On(database)).Trusted();
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();
        await Guesses.Lock(partner, vehicle);
        await Unflag(host, vehicle);

        var wrong = await partner.Send(Guesses.Wrong(vehicle, 4));

        Assert.Equal(["vehicle.locked"], wrong.Codes);
        Assert.True(await WasGuessed(host, vehicle.Mark));
        Assert.Equal(["vehicle.locked"], (await partner.Send(Notices.Disposal(vehicle))).Codes);
        await Unflag(host, vehicle);
        Assert.Equal("refused", (await partner.Validate(Guesses.Wrong(vehicle, 5))).String("outcome"));
        Assert.True(await WasGuessed(host, vehicle.Mark));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_worker_lets_vehicles_say_what_a_node_of_the_version_before_has_counted_or_guarded(
        string database
    )
    {
        var host = await hosts.On(database);
        var vehicles = await host.AddVehicles(2);
        await host.ExecuteRegister(
            "insert into guarded_mark (registration_number, since) values (@Mark, @Since)",
            new { vehicles[0].Mark, Since = host.Clock.GetUtcNow() }
        );

        await GuessUpkeep.FlagGuessed(host.Stores.Sandbox, CancellationToken.None);

        Assert.True(await WasGuessed(host, vehicles[0].Mark));
        Assert.False(await WasGuessed(host, vehicles[1].Mark));
        await host.AssertClean();
    }

    static Task Unflag(TradeApiHost host, TestVehicle vehicle) =>
        host.ExecuteRegister(
            "update vehicle set proof_was_guessed = false where registration_number = @Mark",
            new { vehicle.Mark }
        );

    static Task<bool> WasGuessed(TradeApiHost host, string mark) =>
        host.QueryRegister<bool>(
            "select proof_was_guessed from vehicle where registration_number = @Mark",
            new { Mark = mark }
        );
}
