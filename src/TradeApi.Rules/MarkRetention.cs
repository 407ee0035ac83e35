using static TradeApi.Rules.OrganisationKind;

namespace TradeApi.Rules;

static class MarkRetention
{
    public static readonly EventType Type = new()
    {
        Name = "markRetention",
        Title = "Retention of a mark",
        Paragraph =
            "The keeper takes the mark off the vehicle to keep the right to it, under a certificate for that mark. A fleet notifies it "
            + "for its own vehicles, or a motor trader under the fleet's mandate. It stands for the V317 form.",
        Source =
            "SI 2002/2742, regulation 14A and the regulations on the retention of registration marks (SI 1992/510).",
        Who = [FleetOperator],
        Proof = Proof.Document,
        Members = [new Required(Fields.DocumentReferenceNumber), new Required(Fields.CertificateNumber)],
        AllowedIn = Marks.AllowedIn,
        RefusedIn = Marks.RefusedIn,
        RecordRules = [RecordRules.DocumentSuppressed, Marks.QMark, Marks.CertificateForOwnMark],
        WhatHappens =
            "The mark leaves the vehicle and is held under the certificate. The vehicle bears its other mark again or, when it has none, one of its age that the register gives it; the answer says which. A new document is issued.",
        Effect = @case =>
            @case.Record with
            {
                RegistrationNumber = @case.Record.OtherRegistrationNumber ?? @case.SpareMark!,
                OtherRegistrationNumber = null,
            },
    };
}
