using static TradeApi.Rules.FindingStep;
using static TradeApi.Rules.WhoActs;

namespace TradeApi.Rules;

/// <content>The codes that are found on the vehicle's record.</content>
public static partial class FindingCodes
{
    static FindingCode[] OfStates() =>
        [
            Refuse(
                Record,
                "vehicle.keeper-on-record",
                "A registered keeper is on the record, and this type of notice is for a vehicle without one.",
                Trader,
                "Notify first that the vehicle was taken into trade, with the keeper's consent.",
                "Send an acquisitionFromTrade for a vehicle that has a keeper.",
                sameAgain: true
            ),
            Refuse(
                Record,
                "vehicle.already-in-trade",
                "The vehicle stands in trade already, so that there is no keeper to take it from.",
                Nobody,
                "There is nothing to send if you hold it; otherwise the trader that holds it notifies the next event.",
                "Send a disposalToTrade dated yesterday, then one dated today with a new clientReference."
            ),
            Refuse(
                Record,
                "vehicle.with-insurer",
                "An insurer has taken the vehicle.",
                Insurer,
                "The insurer notifies what becomes of the vehicle.",
                "Send a disposalToTrade for a vehicle that an insurer has taken."
            ),
            Refuse(
                Record,
                "vehicle.keeper-deceased",
                "The keeper has died, and the vehicle has not been disposed of.",
                Keeper,
                "The executors' disposal is notified first, with executorConsent.",
                "Send an acquisitionFromTrade for a vehicle whose keeper has died.",
                sameAgain: true
            ),
            Refuse(
                Record,
                "vehicle.exported",
                "The vehicle is recorded as exported for good.",
                Trader,
                "The vehicle must be registered again first.",
                "Send a disposalToTrade for a vehicle that is recorded as exported.",
                sameAgain: true
            ),
            Refuse(
                Record,
                "vehicle.destroyed",
                "The vehicle is recorded as destroyed, and nothing can follow.",
                Nobody,
                "Check the mark. A destruction notified in error is undone by the register's own staff only.",
                "Send a disposalToTrade for a vehicle that is recorded as destroyed."
            ),
        ];

    static FindingCode[] OfOtherStates() =>
        [
            Refuse(
                Record,
                "vehicle.no-keeper",
                "No keeper is on the record, and this type of notice is about the keeper.",
                Nobody,
                "There is nothing to send until the vehicle has a keeper again. Check the mark.",
                "Send a keeperDeath for a vehicle in trade."
            ),
            Refuse(
                Record,
                "vehicle.not-exported",
                "The vehicle is not recorded as exported, so that it cannot return.",
                Sender,
                "Check the mark. A vehicle with a keeper is taken into trade by a disposalToTrade.",
                "Send a returnFromExport for a vehicle with a keeper."
            ),
            Refuse(
                Record,
                "trade.not-in-stock",
                "The vehicle is not in the stock of the motor trader that declares it off the road.",
                Sender,
                "Notify first that the vehicle was taken into trade, or leave the declaration to its keeper.",
                "As a motor trader, send an offRoadNotification for a vehicle with a keeper.",
                sameAgain: true
            ),
        ];

    static FindingCode[] OfTheRecord() =>
        [
            Refuse(
                Record,
                "duplicate.already-recorded",
                "Another notice has recorded this very event: the same vehicle, type, date and organisation.",
                Nobody,
                "There is nothing more to send.",
                "Send an accepted disposalToTrade again with a new clientReference."
            ),
            Refuse(
                Record,
                "consent.executor",
                "The keeper has died, and the executors' consent is missing or false.",
                Keeper,
                "Get the executors' consent, then send executorConsent true.",
                "Send a disposalToTrade without executorConsent for a vehicle whose keeper has died."
            ),
            Refuse(
                Record,
                "document.suppressed",
                "The fleet's document for this vehicle has not been issued, so that its number proves nothing yet.",
                Fleet,
                "The fleet asks for the document, or notifies with its fleet number.",
                "Send a disposalToTrade with the document number of a fleet's vehicle whose document has not been issued.",
                sameAgain: true
            ),
            Confirm(
                Record,
                "trade.held-by-another",
                "The vehicle stands in another trader's stock.",
                Sender,
                "If you have the vehicle, repeat the notice with this code in confirmations; the other trader is told.",
                "Send an acquisitionFromTrade for a vehicle in another trader's stock, without the code in confirmations.",
                sameAgain: true
            ),
            Refuse(
                Record,
                "salvage.category-forbids",
                "The insurer's category does not let the vehicle back on the road, or not by this way.",
                Nobody,
                "A vehicle of category A or B may only be destroyed; from an insurer only S and N are sold.",
                "Send an acquisitionFromTrade for a vehicle of category A or B in your own stock."
            ),
            Refuse(
                Record,
                "salvage.already-categorised",
                "The vehicle has the same category on the record already.",
                Nobody,
                "There is nothing to send. Another category takes the place of the one on the record.",
                "Send a totalLoss with the category that the vehicle has on the record."
            ),
            Refuse(
                Record,
                "destruction.class",
                "The class of the vehicle needs the other of the two notices of destruction.",
                Sender,
                "Send a certificateOfDestruction for cars, light vans and three-wheelers, a notificationOfDestruction for all others.",
                "Send a certificateOfDestruction for a motorcycle."
            ),
            Refuse(
                Record,
                "mark.not-eligible",
                "The mark cannot be taken off or put on: it is a Q mark, a vehicle bears it, or the certificate is wrong, expired or used.",
                Sender,
                "Check the certificate's number, its mark and its last day.",
                "Send a markRetention with a certificateNumber that no certificate has."
            ),
            Confirm(
                Record,
                "keeper.same-as-current",
                "The new keeper has the name and the address of the keeper on the record.",
                Sender,
                "If that is right, repeat the notice with this code in confirmations.",
                "Send a transferOfKeeper with the name and address of the keeper on the record."
            ),
            Refuse(
                Record,
                "date.before-first-registration",
                "The event date lies before the vehicle's first registration.",
                Sender,
                "Check the date and the mark.",
                "Send an eventDate one day before the first registration of a vehicle that is less than a year old."
            ),
            Refuse(
                Record,
                "date.before-last-event",
                "The event date lies before the last event on the record; the same day is allowed.",
                Sender,
                "Check the date.",
                "Have a disposalToTrade accepted, then send an acquisitionFromTrade dated one day earlier."
            ),
            new(
                "mileage.lower-than-last",
                Record,
                Severity.Note,
                "The mileage is lower than the last one notified; the notice is not held up.",
                Sender,
                "Check the reading, and correct it if it is wrong.",
                "Send a disposalToTrade with the mileage 0 for a vehicle that has a higher one on record."
            ),
            new(
                "referred.register-check",
                Record,
                Severity.Refer,
                "A person at the register looks at the notice before it is recorded; why is not told.",
                WhoActs.Register,
                "Wait: the decision is told as soon as it is made. Do not send the notice again.",
                "Send a disposalToTrade for a vehicle that is marked as stolen."
            ),
        ];
}
