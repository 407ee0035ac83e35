using TradeApi.Rules.Values;
using static TradeApi.Rules.Field;

namespace TradeApi.Rules;

/// <summary>Every member that a notice can have. Contract, SDK, CSV columns and rulebook are made from this list.</summary>
public static class Fields
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
        (change, text, _) => Plain(text, 64, value => change.ClientReference = value),
        change => change.ClientReference
    ) with
    {
        MaxLength = 64,
    };

    public static readonly Field OnBehalfOf = Text(
        "onBehalfOf",
        "The organisation you act for, when it is not your own. It must have given you a mandate for this type of notice.",
        "org_dealer1",
        (change, text, _) => Plain(text, 64, value => change.OnBehalfOf = value),
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
            Take(Values.RegistrationNumber.Read(text, today), value => change.RegistrationNumber = value),
        change => change.RegistrationNumber?.Text
    );

    public static readonly Field EventDate = Text(
        "eventDate",
        "The day it happened, as YYYY-MM-DD, by the date in Europe/London.",
        "2026-11-24",
        (change, text, _) => Take(LondonDate.Read(text), value => change.EventDate = value),
        change => change.EventDate?.ToString("O", null)
    ) with
    {
        Format = "date",
    };

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
            Take(Values.DocumentReferenceNumber.Read(text), value => change.DocumentReferenceNumber = value),
        change => change.DocumentReferenceNumber?.Text
    );

    public static readonly Field FleetNumber = Text(
        "fleetNumber",
        "Your fleet number, when your fleet is the keeper: six digits, or five digits and a hyphen.",
        "123456",
        (change, text, _) => Take(Values.FleetNumber.Read(text), value => change.FleetNumber = value),
        change => change.FleetNumber?.Text
    );

    public static readonly Field Vin = Text(
        "vin",
        "The vehicle identification number: 17 characters without I, O and Q, or the 3–16 characters of a chassis number from before 1981.",
        "SALVA2AE4EH877322",
        (change, text, _) => Take(Values.Vin.Read(text), value => change.Vin = value),
        change => change.Vin?.Text
    );

    public static readonly Field Mileage = new(
        "mileage",
        FieldKind.Number,
        "The odometer reading, a whole number from 0 to 999999.",
        "41250",
        (change, text, _) => Take(Values.Mileage.Read(text), value => change.Mileage = value.Value),
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
        "The new keeper declares that the vehicle is kept off the road. Needed with taxChoice sorn.",
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
        (change, text, _) => Plain(text, 64, value => change.TradeOrganisation = value),
        change => change.TradeOrganisation
    );

    public static readonly Field ToOrganisation = Text(
        "toOrganisation",
        "The trader that the vehicle passes to.",
        "org_dealer2",
        (change, text, _) => Plain(text, 64, value => change.ToOrganisation = value),
        change => change.ToOrganisation
    );

    public static readonly Field PermitNumber = Text(
        "permitNumber",
        "The number of the environmental permit under which the facility works.",
        "EAWML65001",
        (change, text, _) => Plain(text, 30, value => change.PermitNumber = value),
        change => change.PermitNumber
    ) with
    {
        MaxLength = 30,
    };

    public static readonly Field Title = OfKeeper(
        "title",
        "The person's title, up to 10 characters.",
        "Ms",
        Values.Title.Read,
        (keeper, value) => keeper.Title = value,
        keeper => keeper.Title
    );

    public static readonly Field FirstNames = OfKeeper(
        "firstNames",
        "The person's first names; with the title up to 26 characters.",
        "Ffion",
        Values.FirstNames.Read,
        (keeper, value) => keeper.FirstNames = value,
        keeper => keeper.FirstNames
    );

    public static readonly Field LastName = OfKeeper(
        "lastName",
        "The person's last name, 1–25 characters.",
        "O'Neill-Jones",
        Values.LastName.Read,
        (keeper, value) => keeper.LastName = value,
        keeper => keeper.LastName
    );

    public static readonly Field BusinessName = OfKeeper(
        "businessName",
        "The business's name, 2–30 characters.",
        "Sample Hire Ltd",
        Values.BusinessName.Read,
        (keeper, value) => keeper.BusinessName = value,
        keeper => keeper.BusinessName
    );

    public static readonly Field KeeperFleetNumber = OfKeeper(
        "fleetNumber",
        "The new keeper's fleet number: six digits, or five digits and a hyphen.",
        "123456",
        Values.FleetNumber.Read,
        (keeper, value) => keeper.FleetNumber = value,
        keeper => keeper.FleetNumber
    );

    public static readonly Field DriverNumber = OfKeeper(
        "driverNumber",
        "The person's driver number, 16 characters.",
        "SAMPL912238FF9IJ",
        Values.DriverNumber.Read,
        (keeper, value) => keeper.DriverNumber = value,
        keeper => keeper.DriverNumber
    );

    public static readonly Field Email = OfKeeper(
        "email",
        "Where the keeper can be written to.",
        "keeper@example.com",
        EmailAddress.Read,
        (keeper, value) => keeper.Email = value,
        keeper => keeper.Email
    );

    public static readonly Field AddressLine1 = OfKeeper(
        "address.line1",
        "First line of the address, 4–30 characters with at least three letters.",
        "1 Heol y Parc",
        Values.AddressLine1.Read,
        (keeper, value) => keeper.AddressLine1 = value,
        keeper => keeper.AddressLine1
    );

    public static readonly Field AddressLine2 = OfKeeper(
        "address.line2",
        "Second line, up to 30 characters.",
        "Sketty",
        AddressLine.Read,
        (keeper, value) => keeper.AddressLine2 = value,
        keeper => keeper.AddressLine2
    );

    public static readonly Field AddressLine3 = OfKeeper(
        "address.line3",
        "Third line, up to 30 characters.",
        "Uplands",
        AddressLine.Read,
        (keeper, value) => keeper.AddressLine3 = value,
        keeper => keeper.AddressLine3
    );

    public static readonly Field PostTown = OfKeeper(
        "address.postTown",
        "The post town, 3–20 characters.",
        "Swansea",
        Values.PostTown.Read,
        (keeper, value) => keeper.PostTown = value,
        keeper => keeper.PostTown
    );

    public static readonly Field Postcode = OfKeeper(
        "address.postcode",
        "The postcode, in the United Kingdom. A keeper in Jersey, Guernsey or the Isle of Man needs a permanent export.",
        "SA1 1AA",
        Values.Postcode.Read,
        (keeper, value) => keeper.Postcode = value,
        keeper => keeper.Postcode
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

    /// <summary>The members of <c>newKeeper</c>.</summary>
    public static readonly IReadOnlyList<Field> OfNewKeeper =
    [
        Title,
        FirstNames,
        LastName,
        BusinessName,
        KeeperFleetNumber,
        DriverNumber,
        Email,
        AddressLine1,
        AddressLine2,
        AddressLine3,
        PostTown,
        Postcode,
    ];
}
