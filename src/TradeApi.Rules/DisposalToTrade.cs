using static TradeApi.Rules.OrganisationKind;
using static TradeApi.Rules.VehicleState;

namespace TradeApi.Rules;

static class DisposalToTrade
{
    public static readonly EventType Type = new()
    {
        Name = "disposalToTrade",
        Title = "Disposal to the trade",
        Paragraph =
            "The keeper has sold, part-exchanged or given the vehicle to a motor trader. The trader who takes it in notifies it, "
            + "or the fleet that hands it over and names the trader. It stands for the yellow slip of the registration document (V5C/3).",
        Source = "SI 2002/2742, regulations 20 and 23; the limit of two years is that of the former trade service.",
        Who = [MotorTrader, AuctionHouse, AuthorisedTreatmentFacility, FinanceCompany, FleetOperator],
        Proof = Proof.DocumentOrFleet,
        Members =
        [
            new EitherOf(Fields.DocumentReferenceNumber, Fields.FleetNumber),
            new Consent(
                Fields.KeeperConsent,
                "consent.keeper",
                "The keeper must agree to the notice. Send keeperConsent true when you have it."
            ),
            new Consent(
                Fields.MarkRightsConsent,
                "consent.mark-rights",
                "The keeper must know that the right to the mark passes with the vehicle. Send markRightsConsent true when that is so."
            ),
            new Optional(Fields.Mileage),
            new Optional(Fields.ExecutorConsent),
            new RequiredWhen(Fields.TradeOrganisation, SenderIsKeeper, "required when the keeper notifies"),
        ],
        YearsBack = 2,
        ShapeRules =
        [
            new(
                "field.unknown",
                "Only a keeper names the trader. A trader who takes the vehicle in leaves tradeOrganisation out.",
                TraderNamesAnother
            )
            {
                About = Fields.TradeOrganisation,
            },
            new("field.unknown", "No trader is enrolled under this id. Ask the trader for it.", NamedTraderIsNone)
            {
                About = Fields.TradeOrganisation,
            },
        ],
        AllowedIn = [WithKeeper, KeeperDeceased],
        RecordRules = [RecordRules.ExecutorConsent, RecordRules.DocumentSuppressed, RecordRules.CategoryForbids],
        WhatHappens =
            "The keeper leaves the record and the vehicle stands in trade, held by the trader. The document stays in force and goes with the vehicle; that of a fleet, handed over by its fleet number, is issued now. Tax ends; whole months are refunded from the day of receipt.",
        Effect = @case =>
            @case.Record.IntoTrade(
                @case.Change.TradeOrganisation ?? @case.ActingFor!.Id,
                @case.Change.EventDate!.Value,
                @case.Today
            ) with
            {
                LastMileage = @case.Change.Mileage ?? @case.Record.LastMileage,
                // The document goes with the vehicle, so a fleet that hands over by its number has it issued.
                DocumentSuppressed = false,
            },
    };

    static bool SenderIsKeeper(Case @case) =>
        @case.KnownOrganisation?.Kind == FleetOperator || @case.Change.Has(Fields.FleetNumber);

    static bool TraderNamesAnother(Case @case) =>
        @case is { Change.TradeOrganisation: { } named, KnownOrganisation: { } organisation }
        && !SenderIsKeeper(@case)
        && named != organisation.Id;

    static bool NamedTraderIsNone(Case @case) =>
        @case.Change.TradeOrganisation is not null
        && SenderIsKeeper(@case)
        && !(@case.NamedOrganisation is { } named && named.Kind != FleetOperator && Type.Who.Contains(named.Kind));
}
