namespace TradeApi.Rules;

/// <summary>How the values of some members are written, read and kept, in words.</summary>
/// <param name="Name">What the value is called in prose.</param>
/// <param name="Members">The members that hold such a value.</param>
/// <param name="Accepts">What is taken.</param>
/// <param name="Kept">The form in which it is kept and compared.</param>
/// <param name="Codes">What is found when it is none. A wrong JSON type is <c>field.type</c> for every member.</param>
public sealed record ValueForm(
    string Name,
    IReadOnlyList<Field> Members,
    string Accepts,
    string Kept,
    params IReadOnlyList<string> Codes
)
{
    static readonly NameFields[] Names = [Fields.NewKeeperName, Fields.NewName];
    static readonly AddressFields[] Addresses = [Fields.NewKeeperAddress, Fields.NewAddress];

    /// <summary>All forms. Each member has exactly one.</summary>
    public static readonly IReadOnlyList<ValueForm> All =
    [
        new(
            "Choice from a list",
            [Fields.Type, Fields.TaxChoice],
            "One of the names in the list, letter for letter.",
            "As given.",
            "field.unknown"
        ),
        new(
            "Salvage category",
            [Fields.SalvageCategory],
            "A, B, S or N. C and D ended on 1 October 2017.",
            "As given.",
            "field.unknown",
            "salvage.category-not-current"
        ),
        new(
            "Qualified person",
            [Fields.AqpIdentifier],
            "1–20 letters and digits without accents.",
            "As given.",
            "salvage.aqp"
        ),
        new(
            "Country",
            [Fields.DestinationCountry],
            "Two letters of ISO 3166-1, in any case, but not GB. Jersey (JE), Guernsey (GG) and the Isle of Man (IM) are countries here.",
            "Capitals.",
            "country.format"
        ),
        new(
            "Certificate number",
            [Fields.CertificateNumber],
            "Up to 20 letters and digits, in any case; spaces are ignored.",
            "Capitals and digits without spaces.",
            "field.length",
            "field.characters"
        ),
        new(
            "Text of yours",
            [
                Fields.ClientReference,
                Fields.OnBehalfOf,
                Fields.TradeOrganisation,
                Fields.ToOrganisation,
                Fields.PermitNumber,
                Fields.EvidenceReference,
                Fields.InformantName,
                Fields.InformantRelationship,
            ],
            "Up to 64 characters, a permit number up to 30, an informant's name up to 60 and relationship up to 40; no line breaks or other control characters.",
            "As given.",
            "field.length",
            "field.characters"
        ),
        new(
            "Registration mark",
            [Fields.RegistrationNumber, Fields.NewRegistrationNumber],
            "Any case. Spaces, hyphens and dashes carry no meaning. Every layout on the register of Great Britain and Northern Ireland: current, prefix, suffix, dateless, Northern Ireland, Q. An age identifier counts from the day it is issued. A letter that looks like a digit is never corrected, only suggested.",
            "Capitals and digits without spaces.",
            "registration-number.format"
        ),
        new(
            "Date",
            [Fields.EventDate, Fields.DateOfLoss, Fields.StartDate],
            "YYYY-MM-DD, a day of the calendar, without a time. Today is the date in London.",
            "The same.",
            "date.format"
        ),
        new(
            "List of codes",
            [Fields.Confirmations],
            "Codes of findings. In CSV one cell, parted by spaces.",
            "As given."
        ),
        new(
            "Document reference number",
            [Fields.DocumentReferenceNumber],
            "11 digits, as a text; spaces are ignored. Zeros are never added.",
            "11 digits.",
            "document-reference.format"
        ),
        new(
            "Fleet number",
            [Fields.FleetNumber, Fields.KeeperFleetNumber],
            "Six digits, or five digits and a hyphen, the whole text. Zeros are never added.",
            "As given.",
            "fleet-number.format"
        ),
        new(
            "Vehicle identification number",
            [Fields.Vin],
            "17 letters and digits without I, O and Q, or the 3–16 of a chassis number from before 1981. Case, spaces, hyphens and strokes carry no meaning. No check digit is computed.",
            "Capitals and digits without spaces.",
            "vin.format"
        ),
        new("Mileage", [Fields.Mileage], "A whole number from 0 to 999999.", "The number.", "mileage.range"),
        new(
            "Yes or no",
            [
                Fields.KeeperConsent,
                Fields.MarkRightsConsent,
                Fields.ExecutorConsent,
                Fields.OffRoadConsent,
                Fields.VehicleTaken,
            ],
            "true or false.",
            "The same."
        ),
        new(
            "Name of a person",
            [.. Names.SelectMany(name => name.All.Except([name.BusinessName]))],
            "Letters of any language with their accents, spaces, hyphens, dots and apostrophes, straight or curly. Title up to 10 characters, title and first names together up to 26, last name 1–25. One person only.",
            "As given, trimmed, runs of spaces joined, apostrophes straight, accents composed. Never cut.",
            "field.length",
            "field.characters"
        ),
        new(
            "Name of a business",
            [.. Names.Select(name => name.BusinessName)],
            "2–30 letters, digits, spaces and the marks - ' \" , & / ( ) . + with brackets in pairs.",
            "As given, apostrophes straight. Never cut.",
            "field.length",
            "field.characters"
        ),
        new(
            "Address line",
            [.. Addresses.SelectMany(address => new[] { address.Line1, address.Line2, address.Line3 })],
            "Letters, digits, spaces and the marks - ' \" , & / ( ) . + : ; # ! up to 30 characters. Line 1 has at least 4 characters and three letters.",
            "As given. Never cut.",
            "field.length",
            "field.characters"
        ),
        new(
            "Post town",
            [.. Addresses.Select(address => address.PostTown)],
            "3–20 letters, spaces, hyphens, dots and apostrophes.",
            "As given. Never cut.",
            "field.length",
            "field.characters"
        ),
        new(
            "Postcode",
            [.. Addresses.Select(address => address.Postcode)],
            "A postcode of the United Kingdom, in any case, with spaces anywhere; also GIR 0AA and the forces' BF1. Jersey, Guernsey, the Isle of Man and other countries are refused with a code of their own.",
            "Capitals, one space before the last three characters.",
            "postcode.format",
            "postcode.outside-uk"
        ),
        new(
            "Driver number",
            [Fields.DriverNumber],
            "The 16 characters of field 5 of a driving licence, in any case.",
            "Capitals and digits.",
            "driver-number.format"
        ),
        new(
            "Email address",
            [Fields.Email],
            "One address of 3–254 characters with one @.",
            "As given.",
            "email.format"
        ),
    ];

    /// <summary>The form of a member.</summary>
    public static ValueForm Of(Field field) => All.Single(form => form.Members.Contains(field));
}
