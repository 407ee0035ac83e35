using static TradeApi.Rules.OrganisationKind;
using static TradeApi.Rules.VehicleState;

namespace TradeApi.Rules;

static class DocumentRequest
{
    public static readonly EventType Type = new()
    {
        Name = "documentRequest",
        Title = "Request for the document",
        Paragraph =
            "The fleet asks for the document of a vehicle that it keeps, for instance before the vehicle is disposed of. The "
            + "documents of a fleet's vehicles are withheld until it asks for them; until then the number of such a document proves "
            + "nothing. It stands for the request that a fleet makes to the register for a registration document (V5C).",
        Source = "SI 2015/403, by which the documents of a fleet's vehicles are issued on request.",
        Who = [FleetOperator],
        Proof = Proof.Fleet,
        Members = [new Required(Fields.FleetNumber)],
        AllowedIn = [WithKeeper],
        RefusedIn = new Dictionary<VehicleState, Rule> { [InTrade] = RecordRules.NoKeeper },
        WhatHappens = "The document is issued to the fleet, and from then on its number proves.",
        Effect = @case => @case.Record with { DocumentSuppressed = false },
    };
}
