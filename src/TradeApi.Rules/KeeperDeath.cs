using static TradeApi.Rules.OrganisationKind;
using static TradeApi.Rules.VehicleState;

namespace TradeApi.Rules;

static class KeeperDeath
{
    public static readonly EventType Type = new()
    {
        Name = "keeperDeath",
        Title = "Death of the keeper",
        Paragraph =
            "The registered keeper has died, and somebody who knew the keeper has told the sender. A motor trader, an insurer or a "
            + "finance company passes it on; any other organisation may have it sent under a mandate. It stands for the letter that "
            + "relatives write to the register.",
        Source = "SI 2002/2742, regulation 22; the register's public guidance on a bereavement.",
        Who = [MotorTrader, Insurer, FinanceCompany],
        AnyoneUnderMandate = true,
        Proof = Proof.Document,
        Members =
        [
            new Required(Fields.DocumentReferenceNumber),
            new Required(Fields.InformantName),
            new Required(Fields.InformantRelationship),
            new Required(Fields.EvidenceReference),
        ],
        AllowedIn = [WithKeeper],
        RefusedIn = new Dictionary<VehicleState, Rule>
        {
            [InTrade] = RecordRules.NoKeeper,
            [WithInsurer] = RecordRules.NoKeeper,
            [KeeperDeceased] = RecordRules.OfState[(int)KeeperDeceased] with
            {
                Sentence = "The keeper's death is recorded already. There is nothing more to send.",
            },
        },
        RecordRules = [RecordRules.DocumentSuppressed],
        WhatHappens =
            "The keeper's right ends, and the keeper stays on the record as deceased until the executors' disposal is notified. Tax ends; whole months are refunded from the day of receipt.",
        Effect = @case =>
            @case.Record with
            {
                State = KeeperDeceased,
                StateSince = @case.Change.EventDate!.Value,
                TaxEndedOn = @case.Today,
            },
    };
}
