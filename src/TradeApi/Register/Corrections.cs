using TradeApi.Rules;
using TradeApi.Rules.Values;

namespace TradeApi.Register;

/// <summary>
/// Corrects an accepted notice: the notice as corrected is judged by the rules of its type, on the record as it was before
/// it. After later events only what they do not build on can change: a name, an address, a mileage.
/// </summary>
static class Corrections
{
    public static Decision Judge(Notice notice, DecidedNotice decided, WorkingSet set, DateTimeOffset now)
    {
        var concerned = set.Concerned!;
        var looked = notice.Later!.Referred is not null;
        var date = notice.Change.EventDate;
        List<Finding> findings =
        [
            .. LaterRules.Correction.Judge(
                LaterDecisions.ToCase(notice, set, now, changesDate: date is not null && date != concerned.EventDate)
            ),
        ];
        var outcome = LaterDecisions.OutcomeOf(findings);
        if (outcome == Outcome.Refused)
            return new Decision(outcome, findings);

        var record = set.ById(concerned.Notice.VehicleId!.Value);
        var @case = ToCase(notice, record.Vehicle, set, now);
        Vehicle? after = null;
        if (concerned.IsLastEvent)
        {
            var decision = Judgement.Decide(@case, looked);
            findings = [.. decision.Findings];
            after = decision.After;
        }
        else
            findings.AddRange(Judgement.JudgeContent(@case));
        if (looked)
            findings.RemoveAll(finding => finding.Severity == Severity.Refer);
        outcome = LaterDecisions.OutcomeOf(findings);
        if (outcome == Outcome.Accepted)
            TakeOver(notice, decided, record, after, set);
        return new Decision(outcome, findings);
    }

    /// <summary>The members of a notice as they are with all its corrections, the latest last.</summary>
    public static IReadOnlyList<Member> Members(Later later, IReadOnlyList<LaterNotice> corrections)
    {
        var members = later.Members;
        foreach (var correction in corrections)
            members = correction.Over(members);
        return later.Notice!.Over(members);
    }

    static Case ToCase(Notice notice, Vehicle current, WorkingSet set, DateTimeOffset now)
    {
        var concerned = set.Concerned!;
        var id = concerned.Notice.KeeperChangeId;
        var before = RecordBefore.Restore(concerned.Notice.RecordBefore, current) with
        {
            Keeper =
                concerned.KeeperBefore
                ?? (concerned.Began is not null ? null : concerned.DetailsBefore ?? current.Keeper),
            DocumentReferenceNumber = concerned.DocumentBefore ?? current.DocumentReferenceNumber,
        };
        var change = notice.Change;
        return VehicleRegister.ToCase(notice with { Id = id }, set, null, "", null, now) with
        {
            Vehicle = set.AsGuarded(before),
            // It proves nothing anew, so there is nothing to guess.
            LockedUntil = null,
            // The mark that the notice has given the vehicle is its own to keep.
            SpareMark = current.RegistrationNumber,
            NewMarkIsTaken = false,
            AlreadyRecorded =
                change is { Type: { } type, EventDate: { } date }
                && date != concerned.EventDate
                && set.Recorded.Contains((concerned.Notice.VehicleId!.Value, type.Name, date, notice.ActingFor)),
        };
    }

    static void TakeOver(Notice notice, DecidedNotice correction, VehicleRecord record, Vehicle? after, WorkingSet set)
    {
        var (concerned, change) = (set.Concerned!, notice.Change);
        var current = record.Vehicle;
        set.Steps.Add(
            (
                """
                update keeper_change
                   set corrected_by = @CorrectedBy
                 where keeper_change_id = @KeeperChangeId
                """,
                new { CorrectedBy = correction.KeeperChangeId, concerned.Notice.KeeperChangeId }
            )
        );
        if (after is not null)
        {
            // Who keeps the vehicle and the document in force are settled below; all else is as the rules say.
            record.Vehicle = after with
            {
                Keeper = current.Keeper,
                DocumentReferenceNumber = current.DocumentReferenceNumber,
            };
            record.Changed = true;
            MoveDates(concerned.Notice.KeeperChangeId, change.EventDate!.Value, set);
        }
        // Nobody has notified a mileage since, so that of this notice is the last one.
        else if (
            change.Mileage is { } mileage
            && KeeperChange.Read(notice.Later!.Members, LondonDate.Of(notice.ReceivedAt)).Mileage is { } notified
            && (LastCorrected(concerned) ?? notified) == current.LastMileage
        )
        {
            record.Vehicle = current with { LastMileage = mileage };
            record.Changed = true;
        }
        if (concerned.Began is { } began && change.Type!.Takes(Fields.NewKeeperName.LastName))
            ChangeDetails(began, change.NewKeeper.Over(began.Keeper), correction, record, set);
    }

    static int? LastCorrected(Concerned concerned) =>
        concerned
            .Corrections.SelectMany(correction => correction.Corrected)
            .LastOrDefault(member => member.Path == Fields.Mileage.Path)
            is { Text: { } text }
            ? Mileage.Read(text).Value.Value
            : null;

    static void MoveDates(Guid keeperChangeId, DateOnly on, WorkingSet set)
    {
        var parameters = new { KeeperChangeId = keeperChangeId, On = on };
        set.Steps.Add(
            (
                """
                update keepership
                   set started_on = @On
                 where started_by = @KeeperChangeId
                """,
                parameters
            )
        );
        set.Steps.Add(
            (
                """
                update keepership
                   set ended_on = @On
                 where ended_by = @KeeperChangeId
                """,
                parameters
            )
        );
    }

    static void ChangeDetails(
        KeepershipRecord began,
        RegisteredKeeper keeper,
        DecidedNotice correction,
        VehicleRecord record,
        WorkingSet set
    )
    {
        if (keeper == began.Keeper)
            return;
        set.FormerDetails.Add((correction.KeeperChangeId, began.KeepershipId, began.Keeper));
        set.ChangedKeeperships.Add(began with { Keeper = keeper });
        // A keeper whose time is over has no document in force; the one who keeps the vehicle now gets a new one.
        if (record.Keepership?.KeepershipId != began.KeepershipId)
            return;
        var number = set.IssueDocument(record, correction.KeeperChangeId, correction.EventDate!.Value);
        record.Vehicle = record.Vehicle with { Keeper = keeper, DocumentReferenceNumber = number };
    }
}
