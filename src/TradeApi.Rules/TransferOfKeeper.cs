using static TradeApi.Rules.OrganisationKind;
using static TradeApi.Rules.VehicleState;

namespace TradeApi.Rules;

static class TransferOfKeeper
{
    public static readonly EventType Type = new()
    {
        Name = "transferOfKeeper",
        Title = "Transfer of keeper",
        Paragraph =
            "The vehicle passes from one registered keeper to another without a motor trader between them, for instance when a fleet "
            + "sells to its driver. The fleet or the finance company notifies it. It stands for the part of the registration document "
            + "on a sale to a new keeper (V5C, section 2 or 6).",
        Source =
            "SI 2002/2742, regulations 21 and 22; the limit of five years is that of the former service for private sales.",
        Who = [FleetOperator, FinanceCompany],
        Proof = Proof.DocumentOrFleet,
        Members =
        [
            new EitherOf(Fields.DocumentReferenceNumber, Fields.FleetNumber),
            new NewKeeperAsked(),
            new Consent(
                Fields.KeeperConsent,
                "consent.keeper",
                "The new keeper must agree to the notice. Send keeperConsent true when you have it."
            ),
            new Consent(
                Fields.MarkRightsConsent,
                "consent.mark-rights",
                "The keeper must know that the right to the mark passes with the vehicle. Send markRightsConsent true when that is so."
            ),
            new Optional(Fields.ExecutorConsent),
            new Optional(Fields.Mileage),
        ],
        AllowedIn = [WithKeeper, KeeperDeceased],
        RecordRules =
        [
            RecordRules.ExecutorConsent,
            RecordRules.DocumentSuppressed,
            RecordRules.CategoryForbids,
            new(
                "keeper.same-as-current",
                "The new keeper is the one on the record, with the same name and address. If that is right, repeat the notice with this code in confirmations.",
                NewKeeperIsCurrent
            )
            {
                Pointer = "/newKeeper",
                Severity = Severity.Confirm,
            },
        ],
        WhatHappens =
            "The new keeper is on the record, a new document is issued to that keeper, and the old number proves nothing any more. Tax ends; whole months are refunded from the day of receipt.",
        Effect = @case =>
            @case.Record.ToKeeper(@case.Change.NewKeeper.ToRegisteredKeeper(), @case.Change.EventDate!.Value) with
            {
                TaxEndedOn =
                    @case.Record.State == KeeperDeceased ? @case.Record.TaxEndedOn ?? @case.Today : @case.Today,
                LastMileage = @case.Change.Mileage ?? @case.Record.LastMileage,
            },
    };

    static bool NewKeeperIsCurrent(Case @case) =>
        @case.Record.Keeper is { } keeper && @case.Change.NewKeeper.ToRegisteredKeeper().IsSameAs(keeper);
}
