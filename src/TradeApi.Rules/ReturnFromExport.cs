using static TradeApi.Rules.OrganisationKind;
using static TradeApi.Rules.VehicleState;

namespace TradeApi.Rules;

static class ReturnFromExport
{
    public static readonly EventType Type = new()
    {
        Name = "returnFromExport",
        Title = "Return from export",
        Paragraph =
            "A vehicle that was recorded as exported for good is back, and a motor trader has it. The trader notifies it with the VIN, "
            + "since the document was given up on export. It stands for the application to register the vehicle again under its mark.",
        Source = "SI 2002/2742, regulations 10 and 17.",
        Who = [MotorTrader],
        Proof = Proof.Vin,
        Members = [new Required(Fields.Vin)],
        AllowedIn = [Exported],
        RefusedIn = new Dictionary<VehicleState, Rule>
        {
            [WithKeeper] = new(
                "vehicle.not-exported",
                "The vehicle is not recorded as exported: a keeper is on the record. Check the mark.",
                @case => @case.Record.State == WithKeeper
            )
            {
                About = Fields.RegistrationNumber,
            },
            [InTrade] = RecordRules.OfState[(int)InTrade] with
            {
                Sentence =
                    "The vehicle is not recorded as exported: it is in trade. If you hold it, there is nothing to send.",
            },
            [WithInsurer] = RecordRules.OfState[(int)WithInsurer] with
            {
                Sentence = "The vehicle is not recorded as exported: an insurer has taken it. Check the mark.",
            },
            [KeeperDeceased] = RecordRules.OfState[(int)KeeperDeceased] with
            {
                Sentence = "The vehicle is not recorded as exported: its keeper has died. Check the mark.",
            },
        },
        RecordRules = [RecordRules.CategoryForbids],
        WhatHappens = "The vehicle stands in trade, held by the trader. The document on the record is in force again.",
        Effect = @case => @case.Record.IntoTrade(@case.ActingFor!.Id, @case.Change.EventDate!.Value, @case.Today),
    };
}
