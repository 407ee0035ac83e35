using TradeApi.Rules;
using TradeApi.Rules.Values;

namespace TradeApi.Register;

/// <summary>Takes a notice back: the record, keeper, document and certificate are again what they were before it.</summary>
static class Reversals
{
    public static Decision Judge(Notice notice, DecidedNotice decided, WorkingSet set, DateTimeOffset now)
    {
        var findings = LaterRules.Reversal.Judge(LaterDecisions.ToCase(notice, set, now, changesDate: false));
        if (notice.Later!.Referred is not null)
            findings = [.. findings.Where(finding => finding.Severity != Severity.Refer)];
        var outcome = LaterDecisions.OutcomeOf(findings);
        if (outcome == Outcome.Accepted)
            TakeBack(decided, set, now);
        return new Decision(outcome, findings);
    }

    static void TakeBack(DecidedNotice reversal, WorkingSet set, DateTimeOffset now)
    {
        var concerned = set.Concerned!;
        var record = set.ById(concerned.Notice.VehicleId!.Value);
        var holder = record.Vehicle.HeldBy;
        record.Keepership = KeepershipBefore(concerned, record.Keepership);
        record.Vehicle = RecordBefore.Restore(concerned.Notice.RecordBefore, record.Vehicle) with
        {
            Keeper = record.Keepership?.Keeper,
            KeeperSince = record.Keepership?.StartedOn,
        };
        if (concerned.DocumentBefore is { } document)
        {
            reversal.FormerDocument = record.DocumentReplaced(LondonDate.Of(now));
            record.Vehicle = record.Vehicle with { DocumentReferenceNumber = document.DocumentReferenceNumber };
            (record.DocumentIssuedOn, record.DocumentIssuedBy) = (document.IssuedOn, document.IssuedBy);
        }
        if (holder is not null && holder != record.Vehicle.HeldBy && holder != reversal.OrganisationId)
            reversal.LeftStockOf = holder;
        record.Changed = true;
        var parameters = new
        {
            concerned.Notice.KeeperChangeId,
            Began = concerned.Began?.KeepershipId,
            Reversal = reversal.KeeperChangeId,
        };
        set.Steps.AddRange(Statements.Select(sql => (sql, (object)parameters)));
    }

    // The keepership that the notice began has never been, the one that it ended goes on, and details that it replaced are
    // those of the keeper again.
    static KeepershipRecord? KeepershipBefore(Concerned concerned, KeepershipRecord? now)
    {
        if (concerned.Ended is { } ended)
            return ended with { EndedOn = null, EndedBy = null };
        if (concerned.Began is not null)
            return null;
        return concerned.DetailsBefore is { } details && now is not null
            ? now with
            {
                Keeper = now.Keeper.WithNameOf(details).WithAddressOf(details),
            }
            : now;
    }

    // What is in force again is former no more. The document that the notice replaced is in force again, too: it is the one
    // that people have in their hands.
    static readonly string[] Statements =
    [
        """
            delete from former_details
             where keepership_id = @Began
            """,
        """
            delete from former_details
             where replaced_by = @KeeperChangeId
            """,
        """
            update mark_certificate
               set used_by = null
             where used_by = @KeeperChangeId
            """,
        $"""
            update keeper_change
               set reversed_by = @Reversal,
                   {RegisterSave.WithoutFormer}
             where keeper_change_id = @KeeperChangeId
            """,
    ];
}
