using static TradeApi.Rules.OrganisationKind;

namespace TradeApi.Rules;

static class MarkAssignment
{
    public static readonly EventType Type = new()
    {
        Name = "markAssignment",
        Title = "Assignment of a mark",
        Paragraph =
            "The keeper puts on the vehicle a mark to which a certificate gives the right. A fleet notifies it for its own vehicles, or a motor "
            + "trader under the fleet's mandate. It stands for the part of the certificate of entitlement (V750) or retention document "
            + "(V778) that goes to the register with the mark.",
        Source = "SI 2002/2742, regulation 14A and the regulations on the sale of registration marks (SI 1995/2880).",
        Who = [FleetOperator],
        Proof = Proof.Document,
        Members =
        [
            new Required(Fields.DocumentReferenceNumber),
            new Required(Fields.CertificateNumber),
            new Required(Fields.NewRegistrationNumber),
        ],
        AllowedIn = Marks.AllowedIn,
        RefusedIn = Marks.RefusedIn,
        RecordRules =
        [
            RecordRules.DocumentSuppressed,
            Marks.QMark,
            new(
                "mark.not-eligible",
                "A Q mark is given by the register only. It cannot be put on by a certificate.",
                @case => @case.Change.NewRegistrationNumber is { IsQ: true }
            )
            {
                About = Fields.NewRegistrationNumber,
            },
            new(
                "mark.not-eligible",
                "A vehicle bears this mark. It must be taken off that vehicle first.",
                @case => @case.NewMarkIsTaken && HasCertificate(@case)
            )
            {
                About = Fields.NewRegistrationNumber,
            },
            Marks.CertificateForNewMark,
        ],
        WhatHappens =
            "The vehicle bears the new mark; the mark it bore before becomes its other mark, which it bears again when the new one is taken off. The certificate is used up. A new document is issued.",
        Effect = @case =>
            @case.Record with
            {
                RegistrationNumber = @case.Change.NewRegistrationNumber!.Value.Text,
                OtherRegistrationNumber = @case.Record.RegistrationNumber,
            },
    };

    // Without the right to the mark nobody learns here whether a vehicle bears it.
    static bool HasCertificate(Case @case) => Marks.CertificateForNewMark.Judge(@case) is null;
}
