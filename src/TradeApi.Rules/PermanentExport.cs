using static TradeApi.Rules.OrganisationKind;
using static TradeApi.Rules.VehicleState;

namespace TradeApi.Rules;

static class PermanentExport
{
    public static readonly EventType Type = new()
    {
        Name = "permanentExport",
        Title = "Permanent export",
        Paragraph =
            "The vehicle leaves the United Kingdom for more than 12 months; Jersey, Guernsey and the Isle of Man are abroad here. Whoever "
            + "keeps or holds it notifies it. It stands for the export part of the registration document (V5C/4, section 5).",
        Source = "SI 2002/2742, regulation 17.",
        Who = [MotorTrader, AuctionHouse, FleetOperator, FinanceCompany, SalvageAgent],
        Proof = Proof.Document,
        Members =
        [
            new Required(Fields.DocumentReferenceNumber),
            new Required(Fields.DestinationCountry),
            new Optional(Fields.ExecutorConsent),
        ],
        AllowedIn = [WithKeeper, InTrade, WithInsurer, KeeperDeceased],
        RefusedIn = new Dictionary<VehicleState, Rule>
        {
            [Exported] = RecordRules.OfState[(int)Exported] with
            {
                Sentence = "The vehicle is recorded as exported for good already. There is nothing more to send.",
            },
        },
        RecordRules = [RecordRules.ExecutorConsent, RecordRules.DocumentSuppressed, RecordRules.CategoryForbids],
        WhatHappens =
            "The vehicle is recorded as exported and has no keeper. A trader who held it is told. Tax ends; whole months are refunded from the day of receipt.",
        Effect = @case => @case.Record.WithoutKeeper(Exported, @case.Change.EventDate!.Value, @case.Today),
    };
}
