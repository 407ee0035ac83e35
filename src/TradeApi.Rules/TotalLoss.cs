using static TradeApi.Rules.OrganisationKind;
using static TradeApi.Rules.VehicleState;

namespace TradeApi.Rules;

static class TotalLoss
{
    public static readonly EventType Type = new()
    {
        Name = "totalLoss",
        Title = "Total loss",
        Paragraph =
            "An insurer has written the vehicle off, and an appropriately qualified person has set its category: A (scrap) and B "
            + "(break) never go back on the road, S (structural damage) and N (other damage) may be repaired. The insurer notifies it, "
            + "or a salvage agent under the insurer's mandate. It stands for the V23 form and the insurer's part of the document.",
        Source =
            "The industry's code of practice for the categorisation of motor vehicle salvage, with categories S and N since 1 October 2017; SI 2002/2742, regulation 20.",
        Who = [Insurer],
        Proof = Proof.DocumentOrVin,
        Members =
        [
            new EitherOf(Fields.DocumentReferenceNumber, Fields.Vin),
            new Required(Fields.SalvageCategory),
            new Required(Fields.DateOfLoss),
            new RequiredAs(Fields.AqpIdentifier, "salvage.aqp", Fields.AqpSentence),
            new Required(Fields.VehicleTaken),
        ],
        ShapeRules =
        [
            new(
                "date.in-future",
                "The date of loss lies after today. Check the date.",
                @case => @case.Change.DateOfLoss > @case.Today
            )
            {
                About = Fields.DateOfLoss,
            },
        ],
        AllowedIn = [WithKeeper, InTrade, WithInsurer, KeeperDeceased],
        RecordRules =
        [
            RecordRules.DocumentSuppressed,
            new(
                "salvage.already-categorised",
                "The vehicle has this category on the record already. There is nothing to send unless the category is another.",
                @case => @case.Record.SalvageCategory is { } category && category == @case.Change.SalvageCategory
            )
            {
                About = Fields.SalvageCategory,
            },
            new(
                "date.before-first-registration",
                "The date of loss lies before the vehicle was first registered. Check the date and the mark.",
                @case => @case.Change.DateOfLoss < @case.Record.DateOfFirstRegistration
            )
            {
                About = Fields.DateOfLoss,
            },
        ],
        WhatHappens =
            "The category is marked on the record; one other than that on the record replaces it. If the insurer has taken the vehicle, the keeper leaves the record and the vehicle stands with the insurer; tax ends then, and whole months are refunded from the day of receipt.",
        Effect = @case =>
            (
                @case.Change.VehicleTaken == true
                    ? @case.Record.WithoutKeeper(WithInsurer, @case.Change.EventDate!.Value, @case.Today) with
                    {
                        HeldBy = @case.ActingFor!.Id,
                    }
                    : @case.Record
            ) with
            {
                SalvageCategory = @case.Change.SalvageCategory,
            },
    };
}
