using static TradeApi.Rules.OrganisationKind;

namespace TradeApi.Rules;

static class CertificateOfDestruction
{
    public static readonly EventType Type = new()
    {
        Name = "certificateOfDestruction",
        Title = "Certificate of destruction",
        Paragraph =
            "An authorised treatment facility has taken in a car, a light van of up to 3.5 t or a three-wheeler and destroys it. "
            + "Only the facility may say so. It stands for the certificate of destruction that the last holder is given.",
        Source = "SI 2003/2635, regulations 27–29A and Schedule 3.",
        Who = [AuthorisedTreatmentFacility],
        Proof = Proof.Vin,
        Members = Destruction.Members,
        ShapeRules = Destruction.ShapeRules,
        AllowedIn = Destruction.AllowedIn,
        RecordRules =
        [
            new(
                "destruction.class",
                "A certificate of destruction is for cars, light vans and three-wheelers. Send a notificationOfDestruction for this vehicle.",
                @case => !Destruction.HasCertificate(@case.Record)
            )
            {
                About = Fields.Type,
            },
        ],
        GivesCertificate = true,
        WhatHappens = "The record is closed for good, and the certificate's number of 12 digits is in the answer.",
        Effect = Destruction.Effect,
    };
}
