using TradeApi.Rules;

namespace TradeApi.Register;

/// <summary>Decides a referred notice as staff of the register have found: taken, or refused. It gets a second leaf.</summary>
static class Referral
{
    // What staff have found is not told: a thief must not learn that the mark is reported.
    static readonly Finding RefusedByStaff = new(
        "referred.refused",
        Severity.Refuse,
        null,
        "A person at the register has looked at this notice and has refused it. Write to the register if you hold it to be right."
    );

    public static Answer Decide(Notice notice, DecidedNotice referred, WorkingSet set, DateTimeOffset now)
    {
        if (referred.Outcome != "referred")
            return new Answer(notice, Outcome.Refused, referred, Replayed: true);
        var decided = referred with
        {
            DecidedAt = now,
            ReferredAt = referred.DecidedAt,
            ToldSender = notice.Later!.Notice is null
                ? null
                : LaterDecisions.SenderToTell(set.Concerned!, referred.SubmittedBy, referred.OrganisationId),
        };
        var decision =
            notice.Later.Taken == true
                ? Take(notice, decided, set, now)
                : new Decision(Outcome.Refused, [RefusedByStaff]);
        // Taken, but the record does not allow it any more: staff learn why, and nothing is decided.
        if (notice.Later.Taken == true && decision.Outcome != Outcome.Accepted)
            return new Answer(
                notice,
                Outcome.Referred,
                referred with
                {
                    Findings = FindingText.Write(decision.Findings),
                }
            );
        decided = decided with
        {
            Outcome = VehicleRegister.OutcomeName(decision.Outcome),
            Findings = FindingText.Write(decision.Findings),
        };
        // Other corrections may have been taken since this one came: what counts is the date with all of them.
        if (notice.Later.Notice is { Kind: LaterKind.Correction })
            decided = decided with { EventDate = notice.Change.EventDate };
        set.AddLeaf(decided);
        if (decision.Outcome == Outcome.Accepted)
            set.TakenNow.Add(decided);
        set.Steps.Add(
            (
                """
                update keeper_change
                   set outcome = @Outcome,
                       decided_at = @DecidedAt,
                       referred_at = @ReferredAt,
                       event_date = @EventDate,
                       findings = @Findings,
                       record_before = @RecordBefore,
                       new_registration_number = @NewRegistrationNumber,
                       ledger_page_id = @LedgerPageId,
                       ledger_place = @LedgerPlace,
                       referral_page_id = ledger_page_id,
                       referral_place = ledger_place
                 where keeper_change_id = @KeeperChangeId
                """,
                new
                {
                    decided.KeeperChangeId,
                    decided.Outcome,
                    decided.DecidedAt,
                    decided.ReferredAt,
                    decided.EventDate,
                    decided.Findings,
                    decided.RecordBefore,
                    decided.NewRegistrationNumber,
                    decided.LedgerPageId,
                    decided.LedgerPlace,
                }
            )
        );
        // What is refused after all has used no reference up.
        if (decision.Outcome == Outcome.Refused && decided.ClientReference is not null)
            set.Steps.Add(
                (
                    """
                    delete from used_reference
                     where organisation_id = @OrganisationId
                       and client_reference = @ClientReference
                    """,
                    new { decided.OrganisationId, decided.ClientReference }
                )
            );
        return new Answer(notice, decision.Outcome, decided);
    }

    static Decision Take(Notice notice, DecidedNotice decided, WorkingSet set, DateTimeOffset now)
    {
        if (notice.Later!.Notice is { Kind: LaterKind.Reversal })
            return LaterDecisions.Judge(notice, decided, set, now);
        if (!set.Organisations.ContainsKey(notice.ActingFor))
            return new Decision(Outcome.Refused, [NotInForce]);
        if (notice.Later.Notice is not null)
            return LaterDecisions.Judge(notice, decided, set, now);
        var record = set.ById(decided.VehicleId!.Value);
        var decision = Judgement.Decide(
            VehicleRegister.ToCase(notice with { Id = decided.KeeperChangeId }, set, null, "", record, now),
            looked: true
        );
        if (decision.After is { } after)
        {
            set.Record(record, after, decided, notice.Change);
            VehicleRegister.UseCertificate(notice.Change, decided.KeeperChangeId, set);
        }
        return decision;
    }

    static readonly Finding NotInForce = new(
        "authority.event-type",
        Severity.Refuse,
        null,
        "The organisation that the notice was sent for is not in force any more."
    );
}
