using System.Globalization;
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
                concerned.Ended?.Keeper
                ?? (concerned.Began is not null ? null : concerned.DetailsBefore ?? current.Keeper),
            DocumentReferenceNumber =
                concerned.DocumentBefore?.DocumentReferenceNumber ?? current.DocumentReferenceNumber,
        };
        var change = notice.Change;
        return VehicleRegister.ToCase(notice with { Id = id }, set, null, "", null, now) with
        {
            Vehicle = set.AsGuarded(before),
            // Dates are judged, and tax is refunded, by the day on which the notice itself was received.
            Today = LondonDate.Of(concerned.Notice.ReceivedAt),
            DecidedOn = LondonDate.Of(now),
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
        var recordBefore = concerned.Notice.RecordBefore!;
        if (after is not null)
        {
            var before = RecordBefore.Restore(recordBefore, current);
            // Who keeps the vehicle and the document in force are settled below; all else is as the rules say.
            record.Vehicle = after with
            {
                Keeper = current.Keeper,
                DocumentReferenceNumber = current.DocumentReferenceNumber,
            };
            record.Changed = true;
            recordBefore = RecordBefore.Write(before, record.Vehicle, change.Mileage is not null);
            MoveDates(concerned.Notice, change.EventDate!.Value, record, set);
        }
        else if (Corrects(notice, [Fields.Mileage]))
            recordBefore = ChangeMileage(record, change.Mileage!.Value, recordBefore, set);
        set.Steps.Add(
            (
                """
                update keeper_change
                   set corrected_by = @CorrectedBy,
                       record_before = @RecordBefore
                 where keeper_change_id = @KeeperChangeId
                """,
                new
                {
                    CorrectedBy = correction.KeeperChangeId,
                    RecordBefore = recordBefore,
                    concerned.Notice.KeeperChangeId,
                }
            )
        );
        if (concerned.Began is { } began)
            ChangeDetails(notice, began, correction, record, set);
    }

    static bool Corrects(Notice notice, IReadOnlyList<Field> fields) =>
        notice.Later!.Notice!.Corrected.Any(member => fields.Any(field => field.Path == member.Path));

    // The next notice with a mileage has found this one before it; without one, this is the last on the record.
    static string ChangeMileage(VehicleRecord record, int mileage, string recordBefore, WorkingSet set)
    {
        var text = mileage.ToString(CultureInfo.InvariantCulture);
        var next = set.Concerned!.Followers.FirstOrDefault(follower =>
            RecordBefore.HasMileage(follower.RecordBefore, out _)
        );
        var found = record.Vehicle.LastMileage?.ToString(CultureInfo.InvariantCulture);
        if (next.RecordBefore is null)
        {
            record.Vehicle = record.Vehicle with { LastMileage = mileage };
            record.Changed = true;
        }
        else
        {
            RecordBefore.HasMileage(next.RecordBefore, out found);
            set.Steps.Add(
                (
                    """
                    update keeper_change
                       set record_before = @RecordBefore
                     where keeper_change_id = @KeeperChangeId
                    """,
                    new { RecordBefore = RecordBefore.WithMileage(next.RecordBefore, text), next.KeeperChangeId }
                )
            );
        }
        // A notice that had none before has found the one that was there.
        return RecordBefore.HasMileage(recordBefore, out _)
            ? recordBefore
            : RecordBefore.WithMileage(recordBefore, found);
    }

    // Nothing has followed the notice, so a keepership that it began is in force.
    static void MoveDates(DecidedNotice notice, DateOnly on, VehicleRecord record, WorkingSet set)
    {
        if (record.Keepership is { } keepership && keepership.StartedBy == notice.KeeperChangeId)
            record.Keepership = keepership with { StartedOn = on };
        set.Steps.Add(
            (
                """
                update keeper_change
                   set former_keepership_ended_on = @On
                 where keeper_change_id = @KeeperChangeId
                   and former_keepership_id is not null
                """,
                new { notice.KeeperChangeId, On = on }
            )
        );
    }

    // Later changes of the same keeper's name or address stand. What they found before them is put right, and so is the
    // keeper on the record where none of them has changed it.
    static void ChangeDetails(
        Notice notice,
        KeepershipRecord began,
        DecidedNotice correction,
        VehicleRecord record,
        WorkingSet set
    )
    {
        var given = notice.Change.NewKeeper.ToRegisteredKeeper();
        var name = Corrects(notice, Fields.NewKeeperName.All);
        var address = Corrects(notice, Fields.NewKeeperAddress.All);
        var later = set.Concerned!.LaterDetails;
        var first = later.Count > 0 ? later[0].Keeper : began.Keeper;
        foreach (var (replacedBy, found) in later)
        {
            var corrected = Corrected(found);
            if (corrected != found)
                set.Steps.Add(UpdateFormer("former_details", "replaced_by", "", replacedBy, corrected));
        }
        var now = Corrected(began.Keeper);
        if (now == began.Keeper)
            return;
        if (began.EndedBy is { } endedBy)
        {
            // A keeper whose time is over has no document in force.
            set.FormerDetails.Add((correction.KeeperChangeId, began.KeepershipId, began.Keeper));
            set.Steps.Add(UpdateFormer("keeper_change", "keeper_change_id", "former_keeper_", endedBy, now));
            return;
        }
        set.ReplaceDetails(record, now, correction.KeeperChangeId);
        var number = WorkingSet.IssueDocument(record, correction);
        record.Vehicle = record.Vehicle with { Keeper = now, DocumentReferenceNumber = number };

        RegisteredKeeper Corrected(RegisteredKeeper keeper)
        {
            if (name &= keeper.HasNameOf(first))
                keeper = keeper.WithNameOf(given);
            if (address &= keeper.HasAddressOf(first))
                keeper = keeper.WithAddressOf(given);
            return keeper;
        }
    }

    // The numbers of a fleet, a driver and an address for mail are no details that a notice may change.
    static (string, object) UpdateFormer(
        string table,
        string key,
        string prefix,
        Guid keeperChangeId,
        RegisteredKeeper keeper
    ) =>
        (
            $"""
            update {table}
               set {prefix}title = @Title,
                   {prefix}first_names = @FirstNames,
                   {prefix}last_name = @LastName,
                   {prefix}business_name = @BusinessName,
                   {prefix}address_line1 = @AddressLine1,
                   {prefix}address_line2 = @AddressLine2,
                   {prefix}address_line3 = @AddressLine3,
                   {prefix}post_town = @PostTown,
                   {prefix}postcode = @Postcode
             where {key} = @KeeperChangeId
            """,
            new
            {
                KeeperChangeId = keeperChangeId,
                keeper.Title,
                keeper.FirstNames,
                keeper.LastName,
                keeper.BusinessName,
                keeper.AddressLine1,
                keeper.AddressLine2,
                keeper.AddressLine3,
                keeper.PostTown,
                keeper.Postcode,
            }
        );
}
