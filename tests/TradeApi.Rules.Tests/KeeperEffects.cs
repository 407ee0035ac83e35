namespace TradeApi.Rules.Tests;

/// <summary>What the record is once a notice about a keeper, a mark or the time off the road is accepted.</summary>
public class KeeperEffects
{
    static readonly DateOnly Received = new(2026, 11, 25);

    [Fact]
    public void A_transfer_of_keeper_puts_the_new_keeper_on_the_record_and_ends_the_tax()
    {
        var vector = Vector
            .Plain("transferOfKeeper")
            .With(("vehicle.marks", "suppressed offRoad"), ("documentReferenceNumber", "-"), ("fleetNumber", "123456"));
        var before = vector.Case.Vehicle!;

        var after = vector.Decide().Accepted();

        Assert.Equal(
            before with
            {
                StateSince = new DateOnly(2026, 11, 24),
                KeeperSince = new DateOnly(2026, 11, 24),
                Keeper = new RegisteredKeeper
                {
                    Title = "Ms",
                    FirstNames = "Ffion",
                    LastName = "Sample",
                    AddressLine1 = "1 Heol y Parc",
                    PostTown = "Swansea",
                    Postcode = "SA1 1AA",
                },
                DocumentSuppressed = false,
                OffRoad = false,
                LastMileage = 41250,
                TaxEndedOn = Received,
            },
            after
        );
    }

    [Theory]
    [InlineData("disposalToTrade")]
    [InlineData("transferOfKeeper")]
    [InlineData("permanentExport")]
    public void What_the_executors_notify_leaves_the_tax_as_the_death_has_ended_it(string type)
    {
        var ended = new DateOnly(2026, 10, 1);
        var @case = Vector
            .Plain(type)
            .With(("vehicle.state", "keeperDeceased"), ("vehicle.heldBy", "-"), ("executorConsent", "true"))
            .Case;

        var told = Judgement.Decide(@case with { Vehicle = @case.Vehicle! with { TaxEndedOn = ended } }).Accepted();
        var neverTold = Judgement.Decide(@case).Accepted();

        Assert.Equal(ended, told.TaxEndedOn);
        Assert.Equal(Received, neverTold.TaxEndedOn);
    }

    [Fact]
    public void A_death_leaves_the_keeper_on_the_record_and_ends_the_tax()
    {
        var vector = Vector.Plain("keeperDeath").With(("vehicle.marks", "offRoad"));
        var before = vector.Case.Vehicle!;

        Assert.Equal(
            before with
            {
                State = VehicleState.KeeperDeceased,
                StateSince = new DateOnly(2026, 11, 24),
                TaxEndedOn = Received,
            },
            vector.Decide().Accepted()
        );
    }

    [Theory]
    [InlineData("motorTrader", "inTrade", "self")]
    [InlineData("financeCompany", "withInsurer", "another")]
    [InlineData("financeCompany", "withKeeper", "-")]
    public void An_off_road_notification_marks_the_vehicle_and_its_start_and_nothing_else(
        string sender,
        string state,
        string holder
    )
    {
        var vector = Vector
            .Plain("offRoadNotification")
            .With(("sender", sender), ("vehicle.state", state), ("vehicle.heldBy", holder));
        var before = vector.Case.Vehicle!;

        Assert.Equal(
            before with
            {
                OffRoad = true,
                OffRoadFrom = new DateOnly(2026, 12, 1),
            },
            vector.Decide().Accepted()
        );
    }

    [Fact]
    public void A_change_of_details_replaces_the_address_whole_and_nothing_else()
    {
        var vector = Vector.Plain("keeperDetailsChange");
        var before = vector.Case.Vehicle!;
        before = before with { Keeper = before.Keeper! with { AddressLine2 = "Sketty", Email = "fleet@example.com" } };

        Assert.Equal(
            before with
            {
                Keeper = before.Keeper with
                {
                    AddressLine1 = "2 Heol Newydd",
                    AddressLine2 = null,
                    PostTown = "Swansea",
                    Postcode = "SA1 2AA",
                },
            },
            Judgement.Decide(vector.Case with { Vehicle = before }).Accepted()
        );
    }

    [Fact]
    public void A_change_of_details_replaces_the_name_whole_and_nothing_else()
    {
        var vector = Vector
            .Plain("keeperDetailsChange")
            .With(
                ("newName.firstNames", "Ffion"),
                ("newName.lastName", "Sample"),
                ("newAddress.line1", "-"),
                ("newAddress.postTown", "-"),
                ("newAddress.postcode", "-")
            );
        var before = vector.Case.Vehicle!;

        Assert.Equal(
            before with
            {
                Keeper = before.Keeper! with { FirstNames = "Ffion", LastName = "Sample", BusinessName = null },
            },
            vector.Decide().Accepted()
        );
    }

    [Theory]
    [InlineData("SA18XYZ", "SA18XYZ")]
    [InlineData("-", "AA18AAA")]
    public void A_retention_leaves_the_other_mark_or_one_of_the_vehicles_age(string other, string borne)
    {
        var vector = Vector.Plain("markRetention").With(("vehicle.otherMark", other));
        var before = vector.Case.Vehicle!;

        Assert.Equal(
            before with
            {
                RegistrationNumber = borne,
                OtherRegistrationNumber = null,
            },
            vector.Decide().Accepted()
        );
    }

    [Fact]
    public void A_mark_that_is_put_on_and_taken_off_leaves_the_one_before()
    {
        var assignment = Vector.Plain("markAssignment");

        var assigned = assignment.Decide().Accepted();
        var retained = Vector.Plain("markRetention").With(("registrationNumber", assigned.RegistrationNumber)).Case;

        Assert.Equal(("F10NAA", "AB12CDE"), (assigned.RegistrationNumber, assigned.OtherRegistrationNumber));
        Assert.Equal(assignment.Case.Vehicle, Judgement.Decide(retained with { Vehicle = assigned }).Accepted());
    }
}
