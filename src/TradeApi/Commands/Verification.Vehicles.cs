namespace TradeApi.Commands;

/// <content>The checks of vehicles and of what belongs to them that are one statement each.</content>
static partial class Verification
{
    static readonly (int Invariant, string Sql)[] ChecksOfVehicles =
    [
        (
            3,
            """
            select 'vehicle ' || v.vehicle_id || ' is marked as disputed or not, against its disputes' as breach
              from vehicle v
             where v.dispute_open <> exists (select 1
                                               from dispute d
                                              where d.vehicle_id = v.vehicle_id
                                                and d.closed_at is null)
            """
        ),
        (
            3,
            """
            select 'mark certificate is used by keeper change ' || c.used_by || ', which is not accepted or was reversed' as breach
              from mark_certificate c
              left join keeper_change k on k.keeper_change_id = c.used_by
             where c.used_by is not null
               and (k.keeper_change_id is null or k.outcome <> 'accepted' or k.reversed_by is not null)
            """
        ),
        (
            3,
            """
            select 'details before keeper change ' || f.replaced_by || ' belong to no keepership, or it is not accepted or was reversed' as breach
              from former_details f
              left join keepership p on p.keepership_id = f.keepership_id
              left join keeper_change k on k.keeper_change_id = f.replaced_by
             where p.keepership_id is null
                or k.keeper_change_id is null
                or k.outcome <> 'accepted'
                or k.reversed_by is not null
            """
        ),
        (
            3,
            """
            select 'wrong proofs of vehicle ' || v.vehicle_id || ' are kept, and it says that there are none' as breach
              from vehicle v
              join (select registration_number from wrong_proof
                     union
                    select registration_number from proof_lock
                     union
                    select registration_number from guarded_mark) g on g.registration_number = v.registration_number
             where not v.proof_was_guessed
            """
        ),
        (
            3,
            """
            select 'vehicle ' || vehicle_id || ' is ' || state || ' and has ' || case when keepership_id is null then 'no keeper' else 'a keeper' end || ' in force' as breach
              from vehicle
             where (state in ('withKeeper', 'keeperDeceased')) <> (keepership_id is not null)
            """
        ),
        (
            3,
            """
            select 'the keepership in force of vehicle ' || vehicle_id || ' is not whole, or what it was is left' as breach
              from vehicle
             where (keepership_id is null) <> (keepership_started_on is null)
                or (keepership_id is null and coalesce(
                        cast(keepership_started_by as text), keeper_title, keeper_first_names, keeper_last_name,
                        keeper_business_name, keeper_fleet_number, keeper_driver_number, keeper_email, keeper_address_line1,
                        keeper_address_line2, keeper_address_line3, keeper_post_town, keeper_postcode) is not null)
            """
        ),
        (
            3,
            """
            select 'keepership ' || keepership_id || ' is kept ' || count(*) || ' times' as breach
              from keepership
             group by keepership_id
            having count(*) > 1
            """
        ),
        (
            3,
            """
            select 'document ' || document_reference_number || ' of vehicle ' || vehicle_id || ' was replaced ' || count(*) || ' times' as breach
              from replaced_document
             group by vehicle_id, document_reference_number
            having count(*) > 1
            """
        ),
        (
            3,
            """
            select 'keeperships of vehicle ' || vehicle_id || ' overlap' as breach
              from (select vehicle_id, started_on,
                           lag(keepership_id) over chain as before,
                           lag(ended_on) over chain as ended_before
                      from keepership
                    window chain as (partition by vehicle_id order by started_on, keepership_id)) k
             where before is not null
               and (ended_before is null or ended_before > started_on)
            """
        ),
        (
            3,
            """
            select 'keepership ' || keepership_id || ' ends before it starts' as breach
              from keepership
             where ended_on < started_on
            """
        ),
        (
            3,
            """
            select 'keepership ' || k.keepership_id || ' is neither imported nor started and ended by accepted keeper changes' as breach
              from keepership k
              left join keeper_change s on s.keeper_change_id = k.started_by
              left join keeper_change e on e.keeper_change_id = k.ended_by
             where (k.started_by is not null
                    and (s.outcome is null or s.outcome <> 'accepted' or s.reversed_by is not null or s.vehicle_id is distinct from k.vehicle_id))
                or (k.ended_by is not null
                    and (e.outcome is null or e.outcome <> 'accepted' or e.reversed_by is not null or e.vehicle_id is distinct from k.vehicle_id))
            """
        ),
        (
            3,
            """
            select 'keepership ' || k.keepership_id || ' starts or ends on another day than its keeper changes say' as breach
              from keepership k
              left join keeper_change s on s.keeper_change_id = k.started_by
              left join keeper_change sc on sc.keeper_change_id = s.corrected_by
              left join keeper_change e on e.keeper_change_id = k.ended_by
              left join keeper_change ec on ec.keeper_change_id = e.corrected_by
             where coalesce(sc.event_date, s.event_date) <> k.started_on
                or coalesce(ec.event_date, e.event_date) <> k.ended_on
            """
        ),
        (
            3,
            """
            select 'the document in force of vehicle ' || v.vehicle_id || ' has been replaced' as breach
              from vehicle v
              join replaced_document d on d.vehicle_id = v.vehicle_id
                                      and d.document_reference_number = v.document_reference_number
            """
        ),
        (
            3,
            """
            select 'keeper change ' || k.keeper_change_id || ' is reached ' || count(n.keeper_change_id) || ' times from its vehicle, and not once' as breach
              from keeper_change k
              left join (select vehicle_id, last_keeper_change_id as keeper_change_id
                           from vehicle
                          union all
                         select vehicle_id, previous_id
                           from keeper_change) n on n.keeper_change_id = k.keeper_change_id
                                         and n.vehicle_id = k.vehicle_id
             where k.vehicle_id is not null
             group by k.keeper_change_id
            having count(n.keeper_change_id) <> 1
            """
        ),
        (
            3,
            """
            select 'vehicle ' || n.vehicle_id || ' or a notice of it names keeper change ' || n.keeper_change_id || ', which is not tied to it' as breach
              from (select vehicle_id, last_keeper_change_id as keeper_change_id
                      from vehicle
                     where last_keeper_change_id is not null
                     union all
                    select vehicle_id, previous_id
                      from keeper_change
                     where previous_id <> '00000000-0000-0000-0000-000000000000') n
              left join keeper_change k on k.keeper_change_id = n.keeper_change_id
                                       and k.vehicle_id = n.vehicle_id
             where k.keeper_change_id is null
            """
        ),
        (
            3,
            """
            select 'vehicle ' || v.vehicle_id || ' has no document in force' as breach
              from vehicle v
             where v.document_reference_number = ''
            """
        ),
        (
            3,
            """
            select 'the document in force of vehicle ' || v.vehicle_id || ' was issued by no keeper change of it' as breach
              from vehicle v
              left join keeper_change k on k.keeper_change_id = v.document_issued_by
                                       and k.vehicle_id = v.vehicle_id
                                       and k.outcome = 'accepted'
                                       and k.reversed_by is null
             where v.document_issued_by is not null
               and k.keeper_change_id is null
            """
        ),
        (
            3,
            """
            select 'document ' || former_document_reference_number || ' was replaced by keeper change ' || keeper_change_id || ', which does not stand for a vehicle' as breach
              from keeper_change
             where former_document_reference_number is not null
               and (outcome <> 'accepted' or reversed_by is not null or vehicle_id is null)
            """
        ),
        (
            3,
            """
            select 'what keeper change ' || keeper_change_id || ' has ended or replaced is not whole' as breach
              from keeper_change
             where (former_keepership_id is null) <> (former_keepership_started_on is null)
                or (former_keepership_id is null) <> (former_keepership_ended_on is null)
                or (former_document_reference_number is null) <> (former_document_replaced_on is null)
                or (former_document_reference_number is null
                    and coalesce(cast(former_document_issued_on as text), cast(former_document_issued_by as text)) is not null)
                or (former_keepership_id is null and coalesce(
                        cast(former_keepership_started_by as text), former_keeper_title, former_keeper_first_names,
                        former_keeper_last_name, former_keeper_business_name, former_keeper_fleet_number,
                        former_keeper_driver_number, former_keeper_email, former_keeper_address_line1,
                        former_keeper_address_line2, former_keeper_address_line3, former_keeper_post_town,
                        former_keeper_postcode) is not null)
            """
        ),
    ];
}
