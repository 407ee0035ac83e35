using static TradeApi.Rules.Tests.RulebookWords;

namespace TradeApi.Rules.Tests;

/// <content>The chapter on what may follow a decision.</content>
sealed partial class RulebookText
{
    void Later()
    {
        Heading("## After the decision");
        Prose(
            $"""
            A decision stands, and what was notified stays readable for ever. What follows is a notice of its own with a
            receipt of its own, sent by the organisation that sent the first notice, or by the one it was sent for. Whoever
            sent the first notice for another still needs that organisation's mandate.

            ### Reversal

            For {LaterRules.DaysToReverse} days after the decision an accepted notice can be taken back, as long as no other event has
            followed on the vehicle. The record, the keeper and the document in force are again what they were before the
            notice, and the notice counts as reversed. Its `clientReference` stays used; the same event may be notified
            anew under another. A destruction is reversed by the register's own staff only. After the reversal of the last
            event the event before is the last one.

            """
        );
        LaterTable(LaterRules.Reversal);
        Prose(
            $"""

            ### Correction

            For {LaterRules.DaysToReverse} days after the decision these members can be put right: {string.Join(
                ", ",
                LaterNotice.Correctable.Select(field => Code(field.Path))
            )}.
            A name or an address is given whole. The notice as corrected is judged by all rules of its type, on the record
            as it was before the notice. Once another event has followed, the event date stands, because that event builds
            on it; a name, an address or a mileage can still be corrected. When the registered keeper's name or address
            changes by a correction, a new document is issued.

            """
        );
        LaterTable(LaterRules.Correction);
        Prose(
            $"""

            ### Dispute

            An organisation that held the vehicle in trade, or kept it in its fleet, may dispute an accepted notice by
            another for {LaterRules.DaysToDispute} days after the decision. While a dispute is open, later notices on the vehicle are referred.
            Staff of the register close it: rejected, and the notice stands; or upheld, and staff reverse the notice.

            """
        );
        LaterTable(LaterRules.Dispute);
        Prose(
            """

            ### A referred notice

            A person at the register looks at it and accepts or refuses it. If accepted, it is recorded as of its event date,
            provided the record still allows it. Either way the notice has a second receipt, and its sender is told by an event. Why
            it was referred is never told.

            ### Wrong proofs

            The third wrong proof in a row by one organisation for one mark locks that mark for that organisation: for 10
            minutes, then for twice as long each time, up to a day. Others are not locked out. A right proof ends the
            count, and the same wrong proof sent again is no new one. After 15 wrong proofs for one mark by all
            organisations in 24 hours the mark is under guard: right proofs are then referred, until staff lift the guard.
            An organisation whose wrong proofs in 24 hours are more than 20 and more than 2 % of its proofs is held to one
            notice a second. Trying a notice without sending it counts like sending it.
            """
        );
    }

    void LaterTable(IEnumerable<LaterRule> rules) =>
        Table(
            ["code", "finding", "what the sender reads"],
            rules.Select(rule => new[] { Code(rule.Code), Words(rule.Severity), rule.Sentence })
        );
}
