using static TradeApi.Rules.OrganisationKind;

namespace TradeApi.Rules;

static class NotificationOfDestruction
{
    public static readonly EventType Type = new()
    {
        Name = "notificationOfDestruction",
        Title = "Notification of destruction",
        Paragraph =
            "An authorised treatment facility has taken in a vehicle of a class for which there is no certificate of destruction, "
            + "such as a motorcycle or a goods vehicle, and destroys it. Only the facility may say so.",
        Source =
            "The register's guidance for facilities (INF169): classes outside the End-of-Life Vehicles Regulations.",
        Who = [AuthorisedTreatmentFacility],
        Proof = Proof.Vin,
        Members = Destruction.Members,
        ShapeRules = Destruction.ShapeRules,
        AllowedIn = Destruction.AllowedIn,
        RecordRules =
        [
            new(
                "destruction.class",
                "A car, light van or three-wheeler needs a certificate. Send a certificateOfDestruction for this vehicle.",
                @case => Destruction.HasCertificate(@case.Record)
            )
            {
                About = Fields.Type,
            },
        ],
        WhatHappens = "The record is closed for good.",
        Effect = Destruction.Effect,
    };
}
