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
        record.Vehicle = RecordBefore.Restore(concerned.Notice.RecordBefore, record.Vehicle);
        if (concerned.DocumentBefore is { } document)
        {
            set.FormerDocuments.Add(record.DocumentReplaced(LondonDate.Of(now), reversal.KeeperChangeId));
            record.Vehicle = record.Vehicle with { DocumentReferenceNumber = document.DocumentReferenceNumber };
            (record.DocumentIssuedOn, record.DocumentIssuedBy) = (document.IssuedOn, document.IssuedBy);
        }
        if (holder is not null && holder != record.Vehicle.HeldBy && holder != reversal.OrganisationId)
            reversal.LeftStockOf = holder;
        record.Changed = true;
        var parameters = new
        {
            concerned.Notice.KeeperChangeId,
            concerned.Notice.VehicleId,
            Reversal = reversal.KeeperChangeId,
        };
        set.Steps.AddRange(Statements.Select(sql => (sql, (object)parameters)));
    }

    // The keepership that the notice began has never been, and neither have details that it replaced; the one that it
    // ended goes on. The document that it replaced is in force again: it is the one that people have in their hands.
    static readonly string[] Statements =
    [
        """
            delete from former_details
             where keepership_id in (select keepership_id
                                       from keepership
                                      where vehicle_id = @VehicleId
                                        and started_by = @KeeperChangeId)
            """,
        """
            delete from keepership
             where vehicle_id = @VehicleId
               and started_by = @KeeperChangeId
            """,
        """
            update keepership
               set ended_on = null,
                   ended_by = null
             where vehicle_id = @VehicleId
               and ended_by = @KeeperChangeId
            """,
        """
            update keepership
               set (title, first_names, last_name, business_name, address_line1, address_line2, address_line3, post_town,
                    postcode)
                   = (select title, first_names, last_name, business_name, address_line1, address_line2, address_line3,
                             post_town, postcode
                        from former_details
                       where replaced_by = @KeeperChangeId)
             where vehicle_id = @VehicleId
               and keepership_id in (select keepership_id
                                       from former_details
                                      where replaced_by = @KeeperChangeId)
            """,
        """
            delete from former_details
             where replaced_by = @KeeperChangeId
            """,
        """
            delete from former_document
             where vehicle_id = @VehicleId
               and replaced_by = @KeeperChangeId
            """,
        """
            update mark_certificate
               set used_by = null
             where used_by = @KeeperChangeId
            """,
        """
            update keeper_change
               set reversed_by = @Reversal
             where keeper_change_id = @KeeperChangeId
            """,
    ];
}
