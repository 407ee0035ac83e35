using static TradeApi.Rules.OrganisationKind;
using static TradeApi.Rules.VehicleState;

namespace TradeApi.Rules;

static class TransferBetweenTraders
{
    public static readonly EventType Type = new()
    {
        Name = "transferBetweenTraders",
        Title = "Transfer between traders",
        Paragraph =
            "A vehicle in trade passes from one trader to another, for instance through an auction. The trader who hands it over "
            + "notifies it. The registration document goes with the vehicle; there is no paper form for this.",
        Source = "SI 2002/2742, regulation 24: traders pass the document on among themselves.",
        Who = [MotorTrader, AuctionHouse, SalvageAgent, FinanceCompany],
        Proof = Proof.Document,
        Members =
        [
            new Required(Fields.DocumentReferenceNumber),
            new Required(Fields.ToOrganisation),
            new Optional(Fields.Mileage),
        ],
        ShapeRules =
        [
            new(
                "field.unknown",
                "No other trader is enrolled under this id. Ask the trader for it.",
                ReceiverIsNoOtherTrader
            )
            {
                About = Fields.ToOrganisation,
            },
        ],
        AllowedIn = [InTrade],
        RecordRules = [RecordRules.HeldByAnother, RecordRules.DocumentSuppressed, RecordRules.CategoryForbids],
        WhatHappens =
            "The vehicle stays in trade, held by the other trader. The document stays in force and goes with the vehicle.",
        Effect = @case =>
            @case.Record.IntoTrade(@case.Change.ToOrganisation!, @case.Change.EventDate!.Value, @case.Today) with
            {
                LastMileage = @case.Change.Mileage ?? @case.Record.LastMileage,
            },
    };

    static bool ReceiverIsNoOtherTrader(Case @case) =>
        @case.Change.ToOrganisation is not null
        && !(
            @case.NamedOrganisation is { } named
            && Organisation.Traders.Contains(named.Kind)
            && named.Id != @case.ActingFor?.Id
        );
}
