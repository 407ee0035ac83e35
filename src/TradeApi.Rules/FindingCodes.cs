using System.Collections.Frozen;
using static TradeApi.Rules.FindingStep;
using static TradeApi.Rules.WhoActs;

namespace TradeApi.Rules;

/// <summary>
/// Every code that a finding may have, with what it means and who must do what about it. The sentence of a single
/// finding is more exact; this is what stands behind its code for good.
/// </summary>
public static partial class FindingCodes
{
    /// <summary>All codes, in the order of judgement.</summary>
    public static readonly IReadOnlyList<FindingCode> All =
    [
        .. OfRows(),
        .. OfMembers(),
        .. OfFormats(),
        .. OfDatesAndConsents(),
        .. OfAuthority(),
        .. OfReferenceAndProof(),
        .. OfStates(),
        .. OfOtherStates(),
        .. OfTheRecord(),
        .. OfLaterNotices(),
    ];

    /// <summary>The same, by code.</summary>
    public static readonly FrozenDictionary<string, FindingCode> ByCode = All.ToFrozenDictionary(
        code => code.Code,
        StringComparer.Ordinal
    );

    static FindingCode[] OfRows() =>
        [
            Refuse(
                Row,
                "row.unreadable",
                "The row is not the JSON or the text that its file promises, so that no notice can be read from it.",
                Sender,
                "Mend the program that writes the file: UTF-8, one JSON object a row, no deep nesting.",
                "Send an NDJSON file with a line that holds a single opening brace."
            ),
            Refuse(
                Row,
                "row.quote",
                "A quote in a row of a CSV file is never closed or stands in the middle of a cell.",
                Sender,
                "Put quotes around the whole cell and write a quote inside it twice.",
                "Send a CSV file with a cell that begins with a quote and never closes it."
            ),
            Refuse(
                Row,
                "row.cells",
                "A row of a CSV file has more cells than the header has columns.",
                Sender,
                "Put quotes around a text that holds the delimiter.",
                "Send a CSV file with a row of one cell more than its header."
            ),
            Refuse(
                Row,
                "row.duplicate-member",
                "A member stands twice in one JSON object, so that nobody can say which value counts.",
                Sender,
                "Send each member once.",
                "Send an NDJSON file with a line in which eventDate stands twice."
            ),
        ];

    static FindingCode[] OfAuthority() =>
        [
            Refuse(
                Authority,
                "authority.event-type",
                "An organisation of this kind has no right to send this type of notice.",
                Sender,
                "Leave the notice to an organisation that may send it, or act for one under a mandate.",
                "Send a type of notice that the rulebook does not give your kind of organisation, such as a certificateOfDestruction as a motor trader."
            ),
            Refuse(
                Authority,
                "authority.mandate-missing",
                "The sender has no mandate in force of the organisation that it acts for.",
                OrganisationActedFor,
                "Grant the mandate, or put its dates right.",
                "Send a notice with the onBehalfOf of an organisation that has given you no mandate.",
                sameAgain: true
            ),
            Refuse(
                Authority,
                "authority.mandate-scope",
                "The mandate in force does not cover this type of notice.",
                OrganisationActedFor,
                "Widen the mandate to this type of notice.",
                "Send under a mandate a type of notice that it does not cover.",
                sameAgain: true
            ),
            Refuse(
                Authority,
                "authority.permit",
                "The permit number is not one of the organisation acted for.",
                OrganisationActedFor,
                "Correct the number; a new permit must be made known to the register first.",
                "As a treatment facility, send a certificateOfDestruction with the permitNumber NONE.",
                sameAgain: true
            ),
        ];

    static FindingCode[] OfReferenceAndProof() =>
        [
            new(
                "duplicate.same-reference",
                Reference,
                Severity.Note,
                "A notice with this clientReference and the same content was accepted or referred before. It is told as the outcome duplicate, with that decision, and not as a finding.",
                Nobody,
                "There is nothing more to send.",
                "Send an accepted row of a file in another file."
            ),
            Refuse(
                Reference,
                "duplicate.reference-reused",
                "The clientReference belongs to a notice that was accepted or referred with other content.",
                Sender,
                "Give a new notice a new reference. To change what was accepted, send a correction.",
                "Send an accepted notice again with another eventDate, the same clientReference and a new Idempotency-Key."
            ),
            Refuse(
                FindingStep.Proof,
                "vehicle.locked",
                "The organisation acted for has sent too many wrong proofs for this mark in a row and must wait.",
                Sender,
                "Check mark and proof against the latest document, then send again after the time of the lock.",
                "Send notices for one mark with three different wrong document numbers in a row, then a fourth.",
                sameAgain: true
            ),
            Refuse(
                FindingStep.Proof,
                "vehicle.not-matched",
                "Mark and proof do not belong together; which of them is wrong is told to nobody.",
                Sender,
                "Check the mark and the number against the latest document, or the VIN against the vehicle.",
                "Send a notice with the documentReferenceNumber 00000000000."
            ),
        ];

    static FindingCode Shape(string code, string meaning, string mend, string trigger, bool sameAgain = false) =>
        Refuse(Notice, code, meaning, Sender, mend, trigger, sameAgain);

    static FindingCode Refuse(
        FindingStep step,
        string code,
        string meaning,
        WhoActs who,
        string mend,
        string trigger,
        bool sameAgain = false
    ) => new(code, step, Severity.Refuse, meaning, who, mend, trigger) { SameAgainMaySucceed = sameAgain };

    static FindingCode Confirm(
        FindingStep step,
        string code,
        string meaning,
        WhoActs who,
        string mend,
        string trigger,
        bool sameAgain = false
    ) => new(code, step, Severity.Confirm, meaning, who, mend, trigger) { SameAgainMaySucceed = sameAgain };
}
