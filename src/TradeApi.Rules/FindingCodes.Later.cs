using static TradeApi.Rules.FindingStep;
using static TradeApi.Rules.WhoActs;

namespace TradeApi.Rules;

/// <content>The codes that are found on what follows a decision: reversals, corrections, disputes.</content>
public static partial class FindingCodes
{
    static FindingCode[] OfLaterNotices() =>
        [
            Refuse(
                Later,
                "reversal.not-accepted",
                "The notice to be reversed is not accepted, or was reversed before.",
                Nobody,
                "There is nothing to reverse. A referred notice waits for the register's decision.",
                "Reverse the same notice twice."
            ),
            Refuse(
                Later,
                "reversal.by-staff-only",
                "A destruction is reversed by the register's own staff only.",
                WhoActs.Register,
                "Write to the register with the certificate's number and the reason.",
                "Reverse an accepted certificateOfDestruction."
            ),
            Refuse(
                Later,
                "reversal.too-late",
                "More than 28 days have passed since the decision.",
                WhoActs.Register,
                "Write to the register.",
                "Reverse a notice that was accepted 29 days ago."
            ),
            Refuse(
                Later,
                "reversal.not-last-event",
                "Another event has followed on the vehicle.",
                Sender,
                "Have the later event reversed first, by whoever notified it.",
                "Reverse a disposalToTrade after the acquisitionFromTrade that followed it.",
                sameAgain: true
            ),
            Refuse(
                Later,
                "reversal.not-kept",
                "The register no longer keeps what was before the notice, so that it cannot bring it back.",
                WhoActs.Register,
                "Write to the register.",
                "Reverse a notice whose text has been erased."
            ),
            Refuse(
                Later,
                "reversal.mark-taken",
                "Another vehicle bears the mark that the vehicle would bear again.",
                Keeper,
                "The mark is taken off the other vehicle first.",
                "Reverse a markRetention after the mark was assigned to another vehicle.",
                sameAgain: true
            ),
            Refuse(
                Later,
                "correction.not-accepted",
                "The notice to be corrected is not accepted, or was reversed.",
                Nobody,
                "There is nothing to correct. Send the notice anew.",
                "Correct a notice that has been reversed."
            ),
            Refuse(
                Later,
                "correction.too-late",
                "More than 28 days have passed since the decision.",
                WhoActs.Register,
                "Write to the register.",
                "Correct a notice that was accepted 29 days ago."
            ),
            Refuse(
                Later,
                "correction.not-kept",
                "The register no longer keeps what the notice said, so that it cannot judge it as corrected.",
                WhoActs.Register,
                "Write to the register.",
                "Correct a notice whose text has been erased."
            ),
            Refuse(
                Later,
                "correction.not-last-event",
                "The event date cannot be corrected, because another event has followed on the vehicle.",
                Sender,
                "Have the later event reversed first, or correct other members only.",
                "Correct the eventDate of a disposalToTrade after the acquisitionFromTrade that followed it.",
                sameAgain: true
            ),
            Refuse(
                Later,
                "dispute.own-notice",
                "The disputed notice was sent by or for the organisation itself.",
                Sender,
                "Reverse or correct the notice instead.",
                "Dispute a notice of your own."
            ),
            Refuse(
                Later,
                "dispute.not-accepted",
                "The disputed notice is not accepted, or was reversed.",
                Nobody,
                "There is nothing to dispute.",
                "Dispute a notice that has been reversed."
            ),
            Refuse(
                Later,
                "dispute.too-late",
                "More than 90 days have passed since the decision.",
                WhoActs.Register,
                "Write to the register.",
                "Dispute a notice that was accepted 91 days ago."
            ),
            Refuse(
                Later,
                "dispute.open-already",
                "The organisation has a dispute open on this notice.",
                WhoActs.Register,
                "Wait for the register's decision.",
                "Dispute the same notice twice."
            ),
            Refuse(
                Later,
                "dispute.decided-already",
                "Staff of the register have decided the organisation's dispute of this notice.",
                WhoActs.Register,
                "Write to the register if you have learnt something new.",
                "Dispute a notice again after staff have rejected the dispute."
            ),
            Refuse(
                Later,
                "referred.refused",
                "A person at the register has looked at a referred notice and has refused it; why is not told.",
                WhoActs.Register,
                "Write to the register if you hold the notice to be right.",
                "Send a notice for a vehicle reported stolen; staff of the register refuse it."
            ),
        ];
}
