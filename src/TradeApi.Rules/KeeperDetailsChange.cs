using static TradeApi.Rules.OrganisationKind;
using static TradeApi.Rules.VehicleState;

namespace TradeApi.Rules;

static class KeeperDetailsChange
{
    public static readonly EventType Type = new()
    {
        Name = "keeperDetailsChange",
        Title = "Change of keeper details",
        Paragraph =
            "The registered keeper stays the same and has another name or address. A fleet or a finance company notifies it of its own "
            + "vehicles. It stands for the part of the registration document on a change of name or address (V5C, section 3 or 6).",
        Source = "SI 2002/2742, regulation 18.",
        Who = [FleetOperator, FinanceCompany],
        Proof = Proof.Fleet,
        Members = [new Required(Fields.FleetNumber), new NewDetailsAsked()],
        AllowedIn = [WithKeeper],
        RefusedIn = new Dictionary<VehicleState, Rule> { [InTrade] = RecordRules.NoKeeper },
        KeepsKeeper = true,
        WhatHappens =
            "The keeper's name or address on the record is replaced, a new document is issued, and the old number proves nothing any more. The keepership goes on.",
        Effect = @case => @case.Record with { Keeper = @case.Change.NewDetails.Over(@case.Record.Keeper!) },
    };
}
