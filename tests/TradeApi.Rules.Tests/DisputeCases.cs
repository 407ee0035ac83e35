namespace TradeApi.Rules.Tests;

/// <summary>Cases from outside in which somebody was wronged, on whole notices.</summary>
public class DisputeCases
{
    const string Disposal = "disposalToTrade";
    const string Transfer = "transferBetweenTraders";
    const string Acquisition = "acquisitionFromTrade";
    const string Certificate = "certificateOfDestruction";
    const string TotalLoss = "totalLoss";

    static readonly Organisation TraderB = Organisations.Of("org_dealer2", OrganisationKind.MotorTrader);

    [Fact]
    public void C172_A_replaced_document_reference_is_not_told_from_an_unknown_mark()
    {
        var replaced = Decide(Disposal, ("vehicle.documentReferenceNumber", "22222222222"));
        var unknown = Decide(Disposal, ("vehicle.state", "-"));

        replaced.Refused("vehicle.not-matched");
        Assert.Equal(unknown.InWords(), replaced.InWords());
    }

    [Fact]
    public void C173_A_number_of_12_digits_is_known_as_that_of_the_new_keeper_slip()
    {
        var slip = Decide(Disposal, ("documentReferenceNumber", "210987654321")).Refused("document-reference.format");
        var letters = Decide(Disposal, ("documentReferenceNumber", "AB123456789")).Refused("document-reference.format");

        Assert.Contains("V5C/2", slip.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("V5C/2", letters.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void C174_An_acquisition_while_a_keeper_is_on_record_is_told_what_to_notify_first()
    {
        var finding = Decide(Acquisition, ("vehicle.state", "withKeeper"), ("vehicle.heldBy", "-"))
            .Refused("vehicle.keeper-on-record");

        Assert.Contains("taken into trade, with that keeper's consent", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void C175_The_second_trader_to_take_a_vehicle_in_does_not_learn_who_was_first()
    {
        var first = Vector.Plain(Disposal).With(("eventDate", "2026-06-30"));
        var taken = first.Decide().Accepted();

        var finding = Judgement
            .Decide(first.Case with { Vehicle = taken, Sender = TraderB, ActingFor = TraderB })
            .Refused("vehicle.already-in-trade");

        Assert.Equal("org_self", taken.HeldBy);
        Assert.DoesNotContain("org_self", finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void C177_A_document_that_was_not_issued_proves_nothing_and_the_fleet_must_ask_for_it() =>
        Assert.Contains(
            "documentRequest",
            Decide(Disposal, ("vehicle.marks", "suppressed")).Refused("document.suppressed").Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void C179_A_late_notice_keeps_the_date_of_the_disposal_and_ends_the_tax_on_the_day_of_receipt()
    {
        var after = Decide(Disposal, ("today", "2026-07-03"), ("eventDate", "2026-06-28")).Accepted();

        Assert.Equal(new DateOnly(2026, 6, 28), after.StateSince);
        Assert.Equal(new DateOnly(2026, 7, 3), after.TaxEndedOn);
    }

    // The notice that the keeper sends by post does not come this way; what does is refused, and the first one stands.
    [Theory]
    [InlineData("2026-06-30")]
    [InlineData("2026-07-01")]
    public void C182_A_second_notice_of_one_disposal_leaves_one_event(string dateOfSecond)
    {
        var first = Vector.Plain(Disposal).With(("today", "2026-07-02"), ("eventDate", "2026-06-30"));
        var taken = first.Decide().Accepted();
        var second = first.With(("eventDate", dateOfSecond)).Case with { Vehicle = taken };

        Judgement.Decide(second).Refused("vehicle.already-in-trade");
        Judgement.Decide(second with { AlreadyRecorded = true }).Refused("duplicate.already-recorded");
        Assert.Equal(new DateOnly(2026, 6, 30), taken.StateSince);
    }

    [Fact]
    public void C183_A_treatment_facility_destroys_or_keeps_and_a_dealer_only_keeps()
    {
        var destroyed = Decide(Certificate).Accepted();
        var kept = Decide(Disposal, ("sender", "authorisedTreatmentFacility")).Accepted();

        Assert.Equal(VehicleState.Destroyed, destroyed.State);
        Assert.Equal(VehicleState.InTrade, kept.State);
        Decide(Certificate, ("sender", "motorTrader")).Refused("authority.event-type");
    }

    [Theory]
    [InlineData("A", false)]
    [InlineData("B", false)]
    [InlineData("S", true)]
    [InlineData("N", true)]
    public void C185_A_and_B_never_have_a_keeper_again_and_S_and_N_may(string category, bool mayReturn)
    {
        var writtenOff = Decide(TotalLoss, ("salvageCategory", category)).Accepted();

        var acquired = Judgement.Decide(Vector.Plain(Acquisition).Case with { Vehicle = writtenOff });

        if (mayReturn)
            Assert.Equal(VehicleState.WithKeeper, acquired.Accepted().State);
        else
            acquired.Refused("salvage.category-forbids");
    }

    [Theory]
    [InlineData("2026-11-20")]
    [InlineData("2017-09-30")]
    public void C185_Category_C_is_refused_whenever_the_loss_was(string dateOfLoss) =>
        Assert.Contains(
            "1 October 2017",
            Decide(
                    TotalLoss,
                    ("salvageCategory", "C"),
                    ("dateOfLoss", dateOfLoss),
                    ("vehicle.firstRegistered", "2010-03-01")
                )
                .Refused("salvage.category-not-current")
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void C187_A_mark_and_a_VIN_of_two_vehicles_are_refused_and_the_recorded_VIN_stays_unsaid()
    {
        var finding = Decide(Certificate, ("vin", "VF9ZZZ77ZHC000999"), ("vehicle.vin", "VF9ZZZ77ZHC000123"))
            .Refused("vehicle.not-matched");

        Assert.DoesNotContain("VF9ZZZ77ZHC000123", finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void C188_A_keeper_who_has_died_is_no_disposal_and_the_executors_may_dispose()
    {
        var asked = Decide(Disposal, ("vehicle.state", "keeperDeceased"));
        var agreed = Decide(Disposal, ("vehicle.state", "keeperDeceased"), ("executorConsent", "true"));

        asked.Refused("consent.executor");
        Assert.Equal(VehicleState.InTrade, agreed.Accepted().State);
    }

    [Fact]
    public void C188_An_estate_is_a_keeper_by_a_business_name_and_not_by_a_last_name()
    {
        const string Estate = "Executors of the late I Sample";

        Decide(Acquisition, ("newKeeper.lastName", Estate)).Refused("field.length");
        Decide(
                Acquisition,
                ("newKeeper.title", "-"),
                ("newKeeper.firstNames", "-"),
                ("newKeeper.lastName", "-"),
                ("newKeeper.businessName", Estate)
            )
            .Accepted();
    }

    [Fact]
    public void C190_A_chain_of_one_day_is_accepted_in_its_order_and_in_no_other()
    {
        var taken = On30June(Disposal);
        var passed = On30June(Transfer);
        var sold = On30June(Acquisition) with { Sender = TraderB, ActingFor = TraderB };
        var vehicle = taken.Vehicle!;

        Judgement.Decide(passed with { Vehicle = vehicle }).Refused("vehicle.keeper-on-record");
        Judgement.Decide(sold with { Vehicle = vehicle }).Refused("vehicle.keeper-on-record");

        vehicle = Judgement.Decide(taken).Accepted();
        Judgement.Decide(sold with { Vehicle = vehicle }).Refused("trade.held-by-another");
        vehicle = Judgement.Decide(passed with { Vehicle = vehicle }).Accepted();
        Assert.Equal("org_dealer2", vehicle.HeldBy);
        vehicle = Judgement.Decide(sold with { Vehicle = vehicle }).Accepted();
        Assert.Equal(VehicleState.WithKeeper, vehicle.State);
        Assert.Equal(new DateOnly(2026, 6, 30), vehicle.StateSince);

        static Case On30June(string type) =>
            Vector.Plain(type).With(("today", "2026-06-30"), ("eventDate", "2026-06-30")).Case;
    }

    [Fact]
    public void C191_An_exported_vehicle_must_be_registered_again_before_anything_else() =>
        Assert.Contains(
            "registered again",
            Decide(
                    Acquisition,
                    ("vehicle.state", "exported"),
                    ("vehicle.since", "2025-01-10"),
                    ("vehicle.heldBy", "-"),
                    ("eventDate", "2026-06-30")
                )
                .Refused("vehicle.exported")
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("newKeeper.firstNames", "Mr I & Mrs J")]
    [InlineData("newKeeper.lastName", "Mr I & Mrs J Sample")]
    public void C194_Two_persons_are_no_keeper(string member, string names) =>
        Assert.Contains(
            "joint keepers",
            Decide(Acquisition, (member, names)).Refused("field.characters").Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void C194_An_ampersand_stays_legal_in_the_name_of_a_business() =>
        Decide(
                Acquisition,
                ("newKeeper.title", "-"),
                ("newKeeper.firstNames", "-"),
                ("newKeeper.lastName", "-"),
                ("newKeeper.businessName", "I & J Sample")
            )
            .Accepted();

    [Theory]
    [InlineData("098765", "098765")]
    [InlineData("67890-", "67890-")]
    [InlineData("=\"\"", null)]
    public void C195_A_fleet_number_is_recorded_as_sent_or_left_out(string sent, string? recorded) =>
        Assert.Equal(recorded, Decide(Acquisition, ("newKeeper.fleetNumber", sent)).Accepted().Keeper!.FleetNumber);

    [Fact]
    public void C195_A_fleet_number_without_its_zero_is_refused_and_not_padded() =>
        Assert.Null(Decide(Acquisition, ("newKeeper.fleetNumber", "98765")).Refused("fleet-number.format").Suggestion);

    static Decision Decide(string type, params IEnumerable<(string, string)> cells) =>
        Vector.Plain(type).With(cells).Decide();
}
