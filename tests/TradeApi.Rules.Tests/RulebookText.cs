using System.Text;
using static TradeApi.Rules.Tests.RulebookWords;

namespace TradeApi.Rules.Tests;

/// <summary>Writes the rulebook from the tables, to be read from top to bottom by somebody who knows no C#.</summary>
sealed partial class RulebookText
{
    readonly StringBuilder text = new();

    RulebookText() { }

    public static string Whole()
    {
        var book = new RulebookText();
        book.Opening();
        book.CommonRules();
        book.States();
        foreach (var type in EventTypes.All)
            book.OfType(type);
        book.Later();
        book.Values();
        book.Sentences();
        book.Codes();
        return book.text.ToString();
    }

    void Opening()
    {
        Prose(
            """
            # Rulebook

            What may be notified, by whom, what is asked, and when a notice is refused. The program decides by the very
            tables that this page is made from; a test fails when the two differ. Nobody edits this page by hand.

            A notice says one thing that happened to one vehicle: who keeps it or holds it now, that it was written off,
            exported or destroyed, or what has changed about its keeper, its mark or its document. The registered keeper is
            the one who answers for the vehicle; nothing here says whose property it is.

            ## How a notice is judged

            There are four steps. All findings of a step are given together. A step that refuses ends the judgement, so
            that a notice learns no more of a vehicle than its sender may know.

            1. **The notice and the right to send it.** Is everything there and well written? Are the dates possible,
               the consents given? May this organisation send it, for itself or under a mandate? Nothing is looked up
               about the vehicle.
            2. **The reference.** Was a notice with this `clientReference` accepted or referred before? With the same
               content the answer is the earlier decision, as outcome *duplicate*. With other content it is refused.
            3. **The proof.** Does the notice know of the vehicle what only somebody concerned with it can know? Every
               way to fail has one and the same code. A notice whose proof fails learns nothing about the vehicle.
            4. **The record.** Does the vehicle's record allow the event: its state, its dates, what is marked on it?

            ### What becomes of a notice

            | outcome | meaning |
            | --- | --- |
            | accepted | It is recorded, and a receipt is issued. |
            | refused | It is not recorded. The findings say why. Mended, it may be sent again under the same reference. |
            | referred | Nothing refuses it, but a person at the register must look before it is recorded. Why is not told. |
            | duplicate | It was accepted or referred before under this reference; that decision stands. |

            ### What a finding does

            | finding | effect |
            | --- | --- |
            | refuse | The notice is refused. |
            | confirm | The notice is refused, unless the code of the finding stands in `confirmations`. |
            | refer | The notice is referred, if nothing refuses it. |
            | note | The notice is not held up. |

            ### Who sends notices

            An organisation sends notices for itself, or for another that has given it a mandate and is named in
            `onBehalfOf`. The mandate must be in force on the day of the decision and cover the type of notice. The
            right to send is that of the organisation acted for. A software vendor has no right of its own.

            """
        );
        Table(["type of notice", "who may send it"], EventTypes.All.Select(type => new[] { Link(type), Who(type) }));
    }

    void CommonRules()
    {
        Heading("## What every notice has");
        Prose("These members are in every notice, beside those of its type.\n");
        Members([new Required(Fields.Type), .. Fields.Common]);
        Heading("## Rules that every notice has");
        foreach (
            var (step, rules) in new (string, IEnumerable<Rule>)[]
            {
                ("Step 1: the notice", ShapeRules.Common),
                ("Step 1: the right to send it", AuthorityRules.Common),
                ("Step 2: the reference", ReferenceRules.Common),
                ("Step 3: the proof", ProofRules.Common),
                ("Step 4: the record", RecordRules.Common.Prepend(RecordRules.AlreadyRecorded)),
            }
        )
        {
            Heading($"### {step}");
            RulesTable(rules);
        }
        Prose(
            $"""

            An event that is recorded already (`{RecordRules.AlreadyRecorded.Code}`) is told alone, whatever else is
            wrong. A rule about a member, such as the mileage, is for the types that have it.
            """
        );
    }

    void States()
    {
        Heading("## The record of a vehicle");
        Prose(
            """
            A record is in one state. A type of notice that a state forbids is refused with the code of the state, in these
            words unless the type has its own.

            """
        );
        Table(
            ["state", "meaning", "code", "what the sender reads"],
            Enum.GetValues<VehicleState>()
                .Select(state =>
                {
                    var rule = RecordRules.OfState[(int)state];
                    return new[] { Words(state), Meaning(state), Code(rule.Code), rule.Sentence };
                })
        );
        Heading("### Which type is allowed in which state");
        Table(
            ["type of notice", .. Enum.GetValues<VehicleState>().Select(state => Words(state))],
            EventTypes.All.Select(type =>
                new[] { Link(type) }
                    .Concat(Enum.GetValues<VehicleState>().Select(state => Verdict(type, state)))
                    .ToArray()
            )
        );
        Heading("### What is marked beside the state");
        Table(
            ["mark", "what it does to a notice", "of these types"],
            [
                [
                    "reported stolen, a dispute open, or the mark under guard after many wrong guesses",
                    "If nothing refuses it, the notice is referred: a person at the register looks. Why is not told.",
                    "all",
                ],
                [
                    "an insurer's category A or B",
                    "It is refused: the vehicle may only be destroyed.",
                    With(RecordRules.CategoryForbids),
                ],
                [
                    "an insurer's category S or N",
                    "Nothing: the vehicle may be repaired and go back on the road.",
                    "all",
                ],
                [
                    "the document of a fleet's vehicle not issued",
                    "It is refused when the number of the document is the proof. A fleet number or a VIN is not held up.",
                    With(RecordRules.DocumentSuppressed),
                ],
                [
                    "in another trader's stock",
                    "It must be confirmed, and that trader is told.",
                    With(RecordRules.HeldByAnother),
                ],
                ["off the road", "Nothing. It ends with the next keeper or holder.", "all"],
            ]
        );
    }

    void OfType(EventType type)
    {
        Heading($"## {type.Title}");
        Prose($"`{type.Name}`\n\n{type.Paragraph}\n");
        Prose($"**Who may send it:** {Who(type)}.\n");
        Prose($"**Proof:** {ProofOf(type)}\n");
        Prose($"**How old the event may be:** {type.YearsBack} years; over 12 months it must be confirmed.\n");
        Prose($"**What happens:** {type.WhatHappens}\n");
        Prose($"**Source:** {type.Source}");
        Heading("### What is asked");
        Members(type.Members);
        Heading("### In which states");
        Table(
            ["state of the record", "allowed", "what the sender reads when it is not"],
            Enum.GetValues<VehicleState>()
                .Select(state =>
                    new[]
                    {
                        Words(state),
                        Verdict(type, state),
                        type.AllowedIn.Contains(state) ? "" : type.RefusalIn(state).Sentence,
                    }
                )
        );
        Heading("### Its own rules");
        var rules = OwnRules(type);
        if (rules.Count == 0)
            Prose("It has none beside those that every notice has.");
        else
            RulesTable(rules);
    }

    static string With(Rule rule) =>
        string.Join(", ", EventTypes.All.Where(type => type.RecordRules.Contains(rule)).Select(Link));

    static List<Rule> OwnRules(EventType type) =>
        [
            .. type.Members.OfType<RequiredAs>().Select(use => new Rule(use.Code, use.Sentence, _ => false)),
            .. type.Members.OfType<Consent>().Select(use => new Rule(use.Code, use.Sentence, _ => false)),
            .. type.ShapeRules,
            .. type.RecordRules,
        ];

    void Values()
    {
        Heading("## How values are written");
        Prose(
            """
            Text is stored whole or refused, never cut, and nothing is corrected silently. A value of the wrong JSON
            type is `field.type`; in CSV every value is a cell, and an empty cell is an absent member. A suggestion is given
            where the exchange of one letter for a digit, or the other way, would make a value.

            """
        );
        Table(
            ["value", "members", "accepts", "kept as", "found when it is none"],
            ValueForm.All.Select(form =>
                new[]
                {
                    form.Name,
                    string.Join(", ", form.Members.Select(field => Code(field.Path))),
                    form.Accepts,
                    form.Kept,
                    string.Join(", ", form.Codes.Select(Code)),
                }
            )
        );
    }

    void Sentences()
    {
        Heading("## What the sender reads of members and values");
        Prose("Of members, of any type of notice that has them:\n");
        Table(
            ["member", "code", "what the sender reads"],
            RulebookSentences.OfMembers().Select(said => new[] { said.Of, Code(said.Code), said.Sentence })
        );
        Prose("\nOf values, each with a text of which it is said:\n");
        Table(
            ["value", "sent as", "code", "what the sender reads"],
            RulebookSentences
                .OfValues()
                .Select(said => new[] { said.Of, Code(said.Sent), Code(said.Code), said.Sentence })
        );
    }

    void Codes()
    {
        Heading("## All codes");
        Prose("*Same again* says whether the very same notice can succeed later, without a change to it.");
        foreach (var step in Enum.GetValues<FindingStep>().OrderBy(step => step == FindingStep.Row))
        {
            Heading($"### {Words(step)}");
            Table(
                ["code", "finding", "meaning", "who acts", "how to mend it", "same again"],
                FindingCodes
                    .All.Where(code => code.Step == step)
                    .Select(code =>
                        new[]
                        {
                            Code(code.Code),
                            Words(code.Severity),
                            code.Meaning,
                            Words(code.WhoActs),
                            code.Mend,
                            code.SameAgainMaySucceed ? "may succeed" : "no",
                        }
                    )
            );
        }
    }

    void Members(IEnumerable<Use> uses) =>
        Table(
            ["member", "asked", "meaning", "example"],
            uses.SelectMany(use =>
                use.Fields.Select(field =>
                    new[]
                    {
                        Code(field.Path),
                        Asked(use, field),
                        field.Choices is null
                            ? field.Description
                            : $"{field.Description} One of {string.Join(", ", field.Choices.Select(Code))}.",
                        Code(field.Example),
                    }
                )
            )
        );

    void RulesTable(IEnumerable<Rule> rules) =>
        Table(
            ["code", "finding", "what the sender reads"],
            rules.Select(rule => new[] { Code(rule.Code), Words(rule.Severity), rule.Sentence })
        );

    void Table(string[] columns, IEnumerable<string[]> rows)
    {
        Row(columns);
        Row([.. columns.Select(_ => "---")]);
        foreach (var row in rows)
            Row(row);
    }

    void Row(string[] cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|"))).Append(" |\n");

    void Heading(string heading)
    {
        if (text is not [.., '\n', '\n'])
            text.Append('\n');
        text.Append(heading).Append("\n\n");
    }

    void Prose(string prose) => text.Append(prose).Append('\n');

    static string Code(string code) => $"`{code}`";

    static string Link(EventType type) => $"[{type.Title}](#{type.Title.ToLowerInvariant().Replace(' ', '-')})";
}
