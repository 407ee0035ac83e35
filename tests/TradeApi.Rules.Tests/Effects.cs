namespace TradeApi.Rules.Tests;

/// <summary>What the record is once a notice is accepted.</summary>
public class Effects
{
    static readonly DateOnly Received = new(2026, 11, 25);

    [Fact]
    public void A_disposal_puts_the_vehicle_into_the_traders_stock_and_keeps_the_document()
    {
        var vector = Vector.Plain("disposalToTrade").With(("vehicle.marks", "offRoad"));
        var before = vector.Case.Vehicle!;

        var after = vector.Decide().Accepted();

        Assert.Equal(
            before with
            {
                State = VehicleState.InTrade,
                StateSince = new DateOnly(2026, 11, 24),
                HeldBy = "org_self",
                Keeper = null,
                OffRoad = false,
                LastMileage = 41250,
                TaxEndedOn = new DateOnly(2026, 11, 25),
            },
            after
        );
    }

    [Fact]
    public void A_disposal_by_a_fleet_puts_the_vehicle_into_the_stock_of_the_trader_that_it_names() =>
        Assert.Equal(
            "org_dealer2",
            Vector
                .Plain("disposalToTrade")
                .With(("sender", "fleetOperator"), ("tradeOrganisation", "org_dealer2"))
                .Decide()
                .Accepted()
                .HeldBy
        );

    [Fact]
    public void A_disposal_under_a_mandate_puts_the_vehicle_into_the_stock_of_the_organisation_acted_for() =>
        Assert.Equal(
            "org_other",
            Vector
                .Plain("disposalToTrade")
                .With(
                    ("sender", "softwareVendor"),
                    ("actingFor", "motorTrader"),
                    ("onBehalfOf", "org_other"),
                    ("mandate", "active")
                )
                .Decide()
                .Accepted()
                .HeldBy
        );

    [Fact]
    public void A_transfer_changes_the_holder_and_leaves_the_tax_as_it_was()
    {
        var vector = Vector.Plain("transferBetweenTraders");
        var ended = new DateOnly(2026, 1, 31);
        var before = vector.Case.Vehicle! with { TaxEndedOn = ended };

        var after = Judgement.Decide(vector.Case with { Vehicle = before }).Accepted();

        Assert.Equal("org_dealer2", after.HeldBy);
        Assert.Equal(ended, after.TaxEndedOn);
        Assert.Equal(before.DocumentReferenceNumber, after.DocumentReferenceNumber);
    }

    [Fact]
    public void An_acquisition_puts_the_new_keeper_on_the_record()
    {
        var vector = Vector.Plain("acquisitionFromTrade");

        var after = vector.Decide().Accepted();

        Assert.Equal(VehicleState.WithKeeper, after.State);
        Assert.Null(after.HeldBy);
        Assert.Equal(
            new RegisteredKeeper
            {
                Title = "Ms",
                FirstNames = "Ffion",
                LastName = "Sample",
                AddressLine1 = "1 Heol y Parc",
                PostTown = "Swansea",
                Postcode = "SA1 1AA",
            },
            after.Keeper
        );
    }

    [Theory]
    [InlineData("tax", false, null)]
    [InlineData("sorn", true, "2026-01-31")]
    [InlineData("none", false, "2026-01-31")]
    public void An_acquisition_leaves_tax_and_off_road_as_the_new_keeper_chose(
        string choice,
        bool offRoad,
        string? ended
    )
    {
        var vector = Vector.Plain("acquisitionFromTrade").With(("taxChoice", choice), ("offRoadConsent", "true"));
        var before = vector.Case.Vehicle! with { TaxEndedOn = new DateOnly(2026, 1, 31) };

        var after = Judgement.Decide(vector.Case with { Vehicle = before }).Accepted();

        Assert.Equal(offRoad, after.OffRoad);
        Assert.Equal(ended, after.TaxEndedOn?.ToString("O", null));
    }

    [Fact]
    public void A_notice_without_a_mileage_leaves_the_last_one() =>
        Assert.Equal(41000, Vector.Plain("disposalToTrade").With(("mileage", "-")).Decide().Accepted().LastMileage);

    [Theory]
    [InlineData("certificateOfDestruction", true)]
    [InlineData("notificationOfDestruction", false)]
    public void A_destruction_closes_the_record(string name, bool givesCertificate)
    {
        var after = Vector.Plain(name).Decide().Accepted();

        Assert.Equal(VehicleState.Destroyed, after.State);
        Assert.Null(after.Keeper);
        Assert.Equal(new DateOnly(2026, 11, 25), after.TaxEndedOn);
        Assert.Equal(givesCertificate, EventTypes.All.Single(type => type.Name == name).GivesCertificate);
    }

    [Fact]
    public void A_total_loss_that_the_insurer_takes_leaves_no_keeper_and_ends_the_tax()
    {
        var vector = Vector.Plain("totalLoss").With(("vehicle.fleetNumber", "123456"), ("vehicle.marks", "offRoad"));
        var before = vector.Case.Vehicle!;

        var after = vector.Decide().Accepted();

        Assert.Equal(
            before with
            {
                State = VehicleState.WithInsurer,
                StateSince = new DateOnly(2026, 11, 24),
                HeldBy = "org_self",
                Keeper = null,
                LastFleetNumber = "123456",
                OffRoad = false,
                SalvageCategory = 'S',
                TaxEndedOn = Received,
            },
            after
        );
    }

    [Theory]
    [InlineData("withKeeper", "-")]
    [InlineData("inTrade", "another")]
    [InlineData("keeperDeceased", "-")]
    public void A_total_loss_that_the_insurer_does_not_take_marks_the_category_and_nothing_else(
        string state,
        string holder
    )
    {
        var vector = Vector
            .Plain("totalLoss")
            .With(("vehicleTaken", "false"), ("vehicle.state", state), ("vehicle.heldBy", holder));
        var before = vector.Case.Vehicle!;

        Assert.Equal(before with { SalvageCategory = 'S' }, vector.Decide().Accepted());
    }

    [Fact]
    public void A_total_loss_by_a_salvage_agent_puts_the_vehicle_with_the_insurer_acted_for() =>
        Assert.Equal(
            "org_other",
            Vector
                .Plain("totalLoss")
                .With(
                    ("sender", "salvageAgent"),
                    ("actingFor", "insurer"),
                    ("onBehalfOf", "org_other"),
                    ("mandate", "active")
                )
                .Decide()
                .Accepted()
                .HeldBy
        );

    [Fact]
    public void An_export_leaves_neither_keeper_nor_holder_and_the_category()
    {
        var vector = Vector.Plain("permanentExport").With(("vehicle.category", "N"), ("vehicle.marks", "offRoad"));
        var before = vector.Case.Vehicle!;

        Assert.Equal(
            before with
            {
                State = VehicleState.Exported,
                StateSince = new DateOnly(2026, 11, 24),
                HeldBy = null,
                OffRoad = false,
            },
            vector.Decide().Accepted()
        );
    }

    [Fact]
    public void A_return_from_export_puts_the_vehicle_into_the_stock_of_the_trader()
    {
        var vector = Vector.Plain("returnFromExport").With(("vehicle.fleetNumber", "123456"));
        var before = vector.Case.Vehicle! with { TaxEndedOn = new DateOnly(2025, 1, 31) };

        Assert.Equal(
            before with
            {
                State = VehicleState.InTrade,
                StateSince = new DateOnly(2026, 11, 24),
                HeldBy = "org_self",
            },
            Judgement.Decide(vector.Case with { Vehicle = before }).Accepted()
        );
    }

    /// <summary>Whatever the type: these hold of the record before and after each accepted vector.</summary>
    [Fact]
    public void A_keeper_who_leaves_the_record_ends_the_tax_and_a_fleet_that_leaves_it_is_remembered()
    {
        foreach (var (vector, before, after) in Accepted().Where(one => one.Before.Keeper != one.After.Keeper))
        {
            if (before.Keeper is null || vector.Change.Type!.KeepsKeeper)
                continue;
            Assert.True(after.TaxEndedOn == vector.Today, $"{vector.Place}: the tax has not ended.");
            Assert.True(
                after.LastFleetNumber == (after.Keeper is null ? before.Keeper.FleetNumber : null),
                $"{vector.Place}: the last fleet is {after.LastFleetNumber}."
            );
        }
    }

    [Fact]
    public void A_keeper_is_on_the_record_and_a_holder_has_the_vehicle_exactly_when_the_state_says_so()
    {
        foreach (var (vector, _, after) in Accepted())
        {
            Assert.True(
                after.Keeper is not null == after.State is VehicleState.WithKeeper or VehicleState.KeeperDeceased,
                $"{vector.Place}: {after.State} with keeper {after.Keeper}."
            );
            Assert.True(
                after.HeldBy is not null == after.State is VehicleState.InTrade or VehicleState.WithInsurer,
                $"{vector.Place}: {after.State} held by {after.HeldBy}."
            );
        }
    }

    [Fact]
    public void Off_road_passes_to_no_new_keeper_or_holder()
    {
        foreach (var type in EventTypes.All)
        {
            var vector = Vector.Plain(type.Name).With(("vehicle.marks", "offRoad"));
            var (before, after) = (vector.Case.Vehicle!, vector.Decide().Accepted());
            if ((before.Keeper, before.HeldBy) != (after.Keeper, after.HeldBy) && !type.KeepsKeeper)
                Assert.False(after.OffRoad, type.Name);
        }
    }

    [Fact]
    public void Nothing_follows_a_destruction()
    {
        // Of a fleet, so that its number proves enough to be told the state.
        var destroyed = Vector
            .Plain("certificateOfDestruction")
            .With(("vehicle.fleetNumber", "123456"))
            .Decide()
            .Accepted();

        foreach (var type in EventTypes.All)
        {
            var decision = Judgement.Decide(Vector.Plain(type.Name).Case with { Vehicle = destroyed });
            Assert.Equal(Outcome.Refused, decision.Outcome);
            Assert.Contains(decision.Findings, finding => finding.Code == "vehicle.destroyed");
        }
    }

    static IEnumerable<(Vector Vector, Vehicle Before, Vehicle After)> Accepted() =>
        VectorFile
            .All.SelectMany(file => file.Vectors)
            .Where(vector => vector.Expected == Outcome.Accepted)
            .Select(vector => (vector, vector.Case.Vehicle!, vector.Decide().Accepted()));
}
