using TradeApi.Rules.Values;
using static TradeApi.Rules.Field;

namespace TradeApi.Rules;

/// <summary>Every member that a notice can have. Contract, SDK, CSV columns and rulebook are made from this list.</summary>
public static partial class Fields
{
    public static readonly Field Type = Text(
        "type",
        "What happened: the type of notice.",
        "disposalToTrade",
        (_, _, _) => null,
        _ => null
    );

    public static readonly Field ClientReference = Text(
        "clientReference",
        "Your own reference, unique for ever within the organisation acted for. An accepted or referred notice uses it up; a refused one does not. 1–64 characters.",
        "DMS-20261124-0042",
        (change, text, _) => Plain(text, 64, change, (notice, value) => notice.ClientReference = value),
        change => change.ClientReference
    ) with
    {
        MaxLength = 64,
    };

    public static readonly Field OnBehalfOf = Text(
        "onBehalfOf",
        "The organisation you act for, when it is not your own. It must have given you a mandate for this type of notice.",
        "org_dealer1",
        (change, text, _) => Plain(text, 64, change, (notice, value) => notice.OnBehalfOf = value),
        change => change.OnBehalfOf
    ) with
    {
        MaxLength = 64,
    };

    public static readonly Field RegistrationNumber = Text(
        "registrationNumber",
        "The registration mark. Case, spaces and hyphens carry no meaning; a letter for a digit is never corrected, only suggested.",
        "AB12 CDE",
        (change, text, today) =>
            Take(
                Values.RegistrationNumber.Read(text, today),
                change,
                (notice, value) => notice.RegistrationNumber = value
            ),
        change => change.RegistrationNumber?.Text
    );

    public static readonly Field EventDate = Date(
        "eventDate",
        "The day it happened, as YYYY-MM-DD, by the date in Europe/London.",
        (change, value) => change.EventDate = value,
        change => change.EventDate
    );

    public static readonly Field Confirmations = new(
        "confirmations",
        FieldKind.List,
        "The codes of findings that you have checked and confirm, such as date.over-12-months.",
        "date.over-12-months",
        (change, text, _) =>
        {
            change.Confirmations = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return null;
        },
        _ => null
    );

    public static readonly Field DocumentReferenceNumber = Text(
        "documentReferenceNumber",
        "The 11 digits of the registration document (V5C) in force, as a string, leading zeros kept.",
        "12345678901",
        (change, text, _) =>
            Take(
                Values.DocumentReferenceNumber.Read(text),
                change,
                (notice, value) => notice.DocumentReferenceNumber = value
            ),
        change => change.DocumentReferenceNumber?.Text
    );

    public static readonly Field FleetNumber = Text(
        "fleetNumber",
        "Your fleet number, when your fleet is the keeper: six digits, or five digits and a hyphen.",
        "123456",
        (change, text, _) => Take(Values.FleetNumber.Read(text), change, (notice, value) => notice.FleetNumber = value),
        change => change.FleetNumber?.Text
    );

    public static readonly Field Vin = Text(
        "vin",
        "The vehicle identification number: 17 characters without I, O and Q, or the 3–16 characters of a chassis number from before 1981.",
        "SALVA2AE4EH877322",
        (change, text, _) => Take(Values.Vin.Read(text), change, (notice, value) => notice.Vin = value),
        change => change.Vin?.Text
    );

    public static readonly Field Mileage = new(
        "mileage",
        FieldKind.Number,
        "The odometer reading, a whole number from 0 to 999999.",
        "41250",
        (change, text, _) => Take(Values.Mileage.Read(text), change, (notice, value) => notice.Mileage = value.Value),
        change => change.Mileage?.ToString(System.Globalization.CultureInfo.InvariantCulture)
    );

    public static readonly Field KeeperConsent = YesNo(
        "keeperConsent",
        "The keeper agrees that you notify this.",
        (change, value) => change.KeeperConsent = value,
        change => change.KeeperConsent
    );

    public static readonly Field MarkRightsConsent = YesNo(
        "markRightsConsent",
        "The keeper knows that the right to the mark passes with the vehicle.",
        (change, value) => change.MarkRightsConsent = value,
        change => change.MarkRightsConsent
    );

    public static readonly Field ExecutorConsent = YesNo(
        "executorConsent",
        "The executors of a keeper who has died agree. Needed only then.",
        (change, value) => change.ExecutorConsent = value,
        change => change.ExecutorConsent
    );

    public static readonly Field OffRoadConsent = YesNo(
        "offRoadConsent",
        "The keeper or holder declares that the vehicle is kept off the road.",
        (change, value) => change.OffRoadConsent = value,
        change => change.OffRoadConsent
    );

    public static readonly Field TaxChoice = Choice(
        "taxChoice",
        "What the new keeper does about tax: tax it now, declare it off the road (sorn), or neither (none). Tax never passes to a new keeper.",
        ["tax", "sorn", "none"],
        (change, value) => change.TaxChoice = value,
        change => change.TaxChoice
    );

    public static readonly Field TradeOrganisation = Text(
        "tradeOrganisation",
        "The trader that takes the vehicle in, when it is the keeper who notifies.",
        "org_dealer1",
        (change, text, _) => Plain(text, 64, change, (notice, value) => notice.TradeOrganisation = value),
        change => change.TradeOrganisation
    );

    public static readonly Field ToOrganisation = Text(
        "toOrganisation",
        "The trader that the vehicle passes to.",
        "org_dealer2",
        (change, text, _) => Plain(text, 64, change, (notice, value) => notice.ToOrganisation = value),
        change => change.ToOrganisation
    );

    public static readonly Field PermitNumber = Text(
        "permitNumber",
        "The number of the environmental permit under which the facility works.",
        "EAWML65001",
        (change, text, _) => Plain(text, 30, change, (notice, value) => notice.PermitNumber = value),
        change => change.PermitNumber
    ) with
    {
        MaxLength = 30,
    };

    public static readonly Field SalvageCategory = Choice(
        "salvageCategory",
        "The insurer's category: A and B never go back on the road, S and N may be repaired.",
        ["A", "B", "S", "N"],
        (change, value) => change.SalvageCategory = value[0],
        change => change.SalvageCategory?.ToString(),
        // The categories that S and N took the place of on 1 October 2017.
        ended: text =>
            text is "C" or "D"
                ? new Fault(
                    "salvage.category-not-current",
                    "Categories C and D ended on 1 October 2017. Send S for structural damage or N for other damage."
                )
                : null
    );

    public static readonly Field DateOfLoss = Date(
        "dateOfLoss",
        "The day of the loss, as YYYY-MM-DD.",
        (change, value) => change.DateOfLoss = value,
        change => change.DateOfLoss
    );

    public static readonly Field AqpIdentifier = Text(
        "aqpIdentifier",
        "The identifier of the appropriately qualified person who set the category: 1–20 letters and digits.",
        "AQP00042",
        (change, text, _) =>
        {
            if (text.Length > 20 || !text.All(char.IsAsciiLetterOrDigit))
                return new Fault("salvage.aqp", AqpSentence);
            change.AqpIdentifier = text;
            return null;
        },
        change => change.AqpIdentifier
    ) with
    {
        MaxLength = 20,
    };

    /// <summary>What is said of an identifier that is missing or is none.</summary>
    internal const string AqpSentence =
        "A total loss names the appropriately qualified person who set the category. Send aqpIdentifier with 1–20 letters and digits.";

    public static readonly Field VehicleTaken = YesNo(
        "vehicleTaken",
        "Whether the insurer has taken the vehicle. If not, its keeper keeps it.",
        (change, value) => change.VehicleTaken = value,
        change => change.VehicleTaken
    );

    public static readonly Field DestinationCountry = Text(
        "destinationCountry",
        "The country that the vehicle goes to, as two letters of ISO 3166-1; not GB.",
        "FR",
        (change, text, _) => Take(CountryCode.Read(text), change, (notice, value) => notice.DestinationCountry = value),
        change => change.DestinationCountry?.Text
    );

    public static readonly Field InformantName = Text(
        "informant.name",
        "Who has told you of the death, up to 60 characters.",
        "Ms F Sample",
        (change, text, _) => Plain(text, 60, change, (notice, value) => notice.InformantName = value),
        change => change.InformantName
    ) with
    {
        MaxLength = 60,
    };

    public static readonly Field InformantRelationship = Text(
        "informant.relationship",
        "What the informant is to the keeper who has died, such as executor or daughter; up to 40 characters.",
        "executor",
        (change, text, _) => Plain(text, 40, change, (notice, value) => notice.InformantRelationship = value),
        change => change.InformantRelationship
    ) with
    {
        MaxLength = 40,
    };

    public static readonly Field EvidenceReference = Text(
        "evidenceReference",
        "Your reference to the evidence of the death, such as the number of the death certificate you have seen; up to 64 characters.",
        "DC-2026-0042",
        (change, text, _) => Plain(text, 64, change, (notice, value) => notice.EvidenceReference = value),
        change => change.EvidenceReference
    ) with
    {
        MaxLength = 64,
    };

    public static readonly Field StartDate = Date(
        "startDate",
        "The first day off the road, as YYYY-MM-DD; it may lie ahead.",
        (change, value) => change.StartDate = value,
        change => change.StartDate
    );

    public static readonly Field CertificateNumber = Text(
        "certificateNumber",
        "The number of the certificate that gives the right to the mark (V750 or V778): up to 20 letters and digits; spaces and case carry no meaning.",
        "1 26112 1030 AB12CDE",
        (change, text, _) =>
            Take(Values.CertificateNumber.Read(text), change, (notice, value) => notice.CertificateNumber = value),
        change => change.CertificateNumber?.Text
    );

    public static readonly Field NewRegistrationNumber = Text(
        "newRegistrationNumber",
        "The mark that the vehicle shall bear.",
        "F10 NAA",
        (change, text, today) =>
            Take(
                Values.RegistrationNumber.Read(text, today),
                change,
                (notice, value) => notice.NewRegistrationNumber = value
            ),
        change => change.NewRegistrationNumber?.Text
    );

    /// <summary>The members that every notice has, beside its type.</summary>
    public static readonly IReadOnlyList<Use> Common =
    [
        new Required(ClientReference),
        new Optional(OnBehalfOf),
        new Required(RegistrationNumber),
        new Required(EventDate),
        new Optional(Confirmations),
    ];
}
