using static TradeApi.Rules.OrganisationKind;
using static TradeApi.Rules.VehicleState;

namespace TradeApi.Rules;

static class AcquisitionFromTrade
{
    public static readonly EventType Type = new()
    {
        Name = "acquisitionFromTrade",
        Title = "Acquisition from the trade",
        Paragraph =
            "A person or a business has acquired the vehicle from a motor trader and becomes its registered keeper. The trader notifies it. "
            + "It stands for the new keeper's part of the registration document (V5C, section 2 or 6).",
        Source = "SI 2002/2742, regulations 16 and 24; the limit of five years is that of the former trade service.",
        Who = [MotorTrader, AuctionHouse, FinanceCompany, SalvageAgent, Insurer],
        Proof = Proof.Document,
        Members =
        [
            new Required(Fields.DocumentReferenceNumber),
            new NewKeeperAsked(),
            new Consent(
                Fields.KeeperConsent,
                "consent.keeper",
                "The new keeper must agree to the notice. Send keeperConsent true when you have it."
            ),
            new Required(Fields.TaxChoice),
            new Consent(
                Fields.OffRoadConsent,
                "consent.off-road",
                "With taxChoice sorn the new keeper must declare that the vehicle is kept off the road. Send offRoadConsent true when that is so.",
                @case => @case.Change.TaxChoice == "sorn"
            ),
            new Optional(Fields.Mileage),
        ],
        AllowedIn = [InTrade, WithInsurer],
        RecordRules =
        [
            RecordRules.HeldByAnother,
            RecordRules.DocumentSuppressed,
            RecordRules.CategoryForbids,
            new(
                "salvage.category-forbids",
                "An insurer sells to a keeper only vehicles of category S or N. Check the mark.",
                InsurerSellsWithoutCategory
            )
            {
                About = Fields.RegistrationNumber,
            },
        ],
        WhatHappens =
            "The new keeper is on the record, a new document is issued to that keeper, and the old number proves nothing any more.",
        Effect = @case =>
            @case.Record.ToKeeper(@case.Change.NewKeeper.ToRegisteredKeeper(), @case.Change.EventDate!.Value) with
            {
                OffRoad = @case.Change.TaxChoice == "sorn",
                // What the former keeper has paid does not pass on.
                TaxDueOn = null,
                TaxEndedOn = @case.Change.TaxChoice == "tax" ? null : @case.Record.TaxEndedOn,
                LastMileage = @case.Change.Mileage ?? @case.Record.LastMileage,
            },
    };

    static bool InsurerSellsWithoutCategory(Case @case) =>
        @case.ActingFor!.Kind == Insurer && @case.Record is { State: InTrade, SalvageCategory: null };
}
