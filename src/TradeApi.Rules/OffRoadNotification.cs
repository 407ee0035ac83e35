using static TradeApi.Rules.OrganisationKind;
using static TradeApi.Rules.VehicleState;

namespace TradeApi.Rules;

static class OffRoadNotification
{
    public static readonly EventType Type = new()
    {
        Name = "offRoadNotification",
        Title = "Off-road notification",
        Paragraph =
            "The vehicle is kept off the road and not used on it (SORN). A motor trader declares it for the vehicles in its stock, a fleet or "
            + "a finance company for those it keeps. It stands for the V890 form.",
        Source = "SI 2002/2742, regulation 26 and Schedule 4.",
        Who = [MotorTrader, FleetOperator, FinanceCompany],
        Proof = Proof.DocumentOrFleet,
        Members =
        [
            new EitherOf(Fields.DocumentReferenceNumber, Fields.FleetNumber),
            new Required(Fields.StartDate),
            new Consent(
                Fields.OffRoadConsent,
                "consent.off-road",
                "Who keeps or holds the vehicle must declare that it is kept off the road. Send offRoadConsent true when that is so."
            ),
        ],
        AllowedIn = [WithKeeper, InTrade, WithInsurer, KeeperDeceased],
        RecordRules =
        [
            RecordRules.DocumentSuppressed,
            new(
                "trade.not-in-stock",
                "A motor trader declares only vehicles of its own stock off the road. Notify first that the vehicle was taken into trade, or leave it to its keeper.",
                @case =>
                    @case.ActingFor!.Kind == MotorTrader
                    && AllowedState(@case.Record.State)
                    && @case.Record.HeldBy != @case.ActingFor.Id
            )
            {
                About = Fields.RegistrationNumber,
            },
        ],
        WhatHappens =
            "The vehicle is marked off the road from the start date, until it is taxed, sold, exported or destroyed.",
        Effect = @case => @case.Record with { OffRoad = true, OffRoadFrom = @case.Change.StartDate },
    };

    // Of a vehicle that is exported or destroyed the state is told alone.
    static bool AllowedState(VehicleState state) => state is not (Exported or Destroyed);
}
