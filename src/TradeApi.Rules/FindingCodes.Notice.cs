using static TradeApi.Rules.FindingStep;
using static TradeApi.Rules.WhoActs;

namespace TradeApi.Rules;

/// <content>The codes that are found on the notice alone.</content>
public static partial class FindingCodes
{
    static FindingCode[] OfMembers() =>
        [
            Shape(
                "field.missing",
                "A member that this type of notice needs is not there.",
                "Add the member.",
                "Leave eventDate out of a notice."
            ),
            Shape(
                "field.unknown",
                "A member that this type of notice does not have, or a value that is in no list or names nobody enrolled.",
                "Leave the member out, or give a value that the rulebook names. Nothing is ever ignored.",
                "Send a notice with a member named colour."
            ),
            Shape(
                "field.type",
                "A member is written in another JSON type than it has: a number for a text, a text for true or false.",
                "Write the member in its own type. Numbers that begin with a zero are texts.",
                "Send eventDate as a number, without quotes."
            ),
            Shape(
                "field.length",
                "A text is shorter or longer than it may be.",
                "Send a text within the limit. The register never cuts one.",
                "Send a clientReference of 65 characters."
            ),
            Shape(
                "field.characters",
                "A text holds a character that cannot stand there, or lacks letters that it must have.",
                "Send the text without the character; the finding says which it is by its place.",
                "Send a clientReference that holds a line break, written \\n in JSON."
            ),
            Shape(
                "keeper.person-or-business",
                "The new keeper is both a person and a business, or neither.",
                "Give either lastName for a person or businessName for a business.",
                "Send an acquisitionFromTrade whose newKeeper has both lastName and businessName."
            ),
        ];

    static FindingCode[] OfFormats() =>
        [
            Shape(
                "registration-number.format",
                "The registration mark has no layout that a mark of the United Kingdom has, or was not issued yet.",
                "Type the mark again from the document. A suggestion is only what was probably meant: look before taking it.",
                "Send the registrationNumber ABCDEFG."
            ),
            Shape(
                "document-reference.format",
                "The document reference number is not 11 digits.",
                "Type the 11 digits of the V5C again, not those of the new keeper slip (V5C/2) or the reminder (V11).",
                "Send a documentReferenceNumber of 12 digits."
            ),
            Shape(
                "vin.format",
                "The VIN is no vehicle identification number and no older chassis number.",
                "Type the VIN again from the document or the vehicle.",
                "Send a certificateOfDestruction with a vin of 18 characters."
            ),
            Shape(
                "postcode.format",
                "The postcode has no form that a postcode of the United Kingdom has.",
                "Type the postcode again.",
                "Send an acquisitionFromTrade whose newKeeper has the postcode A1."
            ),
            Shape(
                "postcode.outside-uk",
                "The postcode is one of another country or island, and a registered keeper has an address in the United Kingdom.",
                "For a vehicle that leaves the country, notify a permanent export instead.",
                "Send an acquisitionFromTrade whose newKeeper has the postcode JE1 1AA."
            ),
            Shape(
                "fleet-number.format",
                "The fleet number is not six digits, or five digits and a hyphen.",
                "Send the fleet number as a text, whole; zeros at the front belong to it.",
                "Send a disposalToTrade with the fleetNumber 12345."
            ),
            Shape(
                "driver-number.format",
                "The driver number is not built like field 5 of a driving licence.",
                "Type the 16 characters again, or leave the member out.",
                "Send an acquisitionFromTrade whose newKeeper has the driverNumber 123."
            ),
            Shape(
                "email.format",
                "The email address is none.",
                "Send one address, whole, or leave the member out.",
                "Send an acquisitionFromTrade whose newKeeper has the email nobody."
            ),
            Shape(
                "mileage.range",
                "The mileage is not a whole number from 0 to 999999.",
                "Send the odometer's whole number without sign, comma or unit, or leave the member out.",
                "Send a disposalToTrade with the mileage 1000000."
            ),
            Shape(
                "country.format",
                "The country that the vehicle goes to is no two-letter code of ISO 3166-1, or it is GB.",
                "Send the two letters of the country; Jersey, Guernsey and the Isle of Man are JE, GG and IM.",
                "Send a permanentExport with the destinationCountry GB."
            ),
            Shape(
                "salvage.aqp",
                "The identifier of the qualified person who set the category is missing or is none.",
                "Send the identifier of that person, 1–20 letters and digits.",
                "Send a totalLoss without aqpIdentifier."
            ),
            Shape(
                "salvage.category-not-current",
                "The category is C or D, which ended on 1 October 2017.",
                "Send S for structural damage or N for other damage.",
                "Send a totalLoss with the salvageCategory C."
            ),
        ];

    static FindingCode[] OfDatesAndConsents() =>
        [
            Shape(
                "date.format",
                "The date is not a day of the calendar written YYYY-MM-DD.",
                "Write the day as YYYY-MM-DD, without a time.",
                "Send the eventDate 24/11/2026."
            ),
            Shape(
                "date.in-future",
                "The event date lies after today, by the date in London.",
                "Correct the date, or send the notice on the day.",
                "Send an eventDate of tomorrow.",
                sameAgain: true
            ),
            Shape(
                "date.too-old",
                "The event lies further back than this type of notice may reach.",
                "Correct the date; if it is right, tell the register by post.",
                "Send a disposalToTrade with an eventDate three years back."
            ),
            Confirm(
                Notice,
                "date.over-12-months",
                "The event lies more than 12 months back, which is more often a slip than the truth.",
                Sender,
                "Check the date. If it is right, repeat the notice with this code in confirmations.",
                "Send an eventDate 13 months back, without the code in confirmations."
            ),
            Refuse(
                Notice,
                "consent.keeper",
                "The keeper's consent to the notice is missing or false.",
                Keeper,
                "Get the keeper's consent, then send keeperConsent true.",
                "Send a disposalToTrade with keeperConsent false."
            ),
            Refuse(
                Notice,
                "consent.mark-rights",
                "It is not confirmed that the keeper knows that the right to the mark passes with the vehicle.",
                Keeper,
                "Tell the keeper, then send markRightsConsent true.",
                "Send a disposalToTrade with markRightsConsent false."
            ),
            Refuse(
                Notice,
                "consent.off-road",
                "The vehicle is to be declared off the road, and the declaration of its keeper or holder is missing or false.",
                Keeper,
                "Get the declaration, then send offRoadConsent true; an acquisition may choose another taxChoice instead.",
                "Send an acquisitionFromTrade with taxChoice sorn and without offRoadConsent."
            ),
        ];
}
