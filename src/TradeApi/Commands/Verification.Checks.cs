namespace TradeApi.Commands;

/// <content>The checks that are one statement each.</content>
static partial class Verification
{
    // Each names what it finds in a column called breach.
    static readonly (int Invariant, string Sql)[] Checks =
    [
        (
            1,
            """
            select 'keeper change ' || k.keeper_change_id || ' is ' || k.outcome || ' and has no leaf' as breach
              from keeper_change k
              left join ledger_leaf l on l.keeper_change_id = k.keeper_change_id
                                     and l.outcome = k.outcome
             where (k.outcome <> 'refused' or k.referred_at is not null)
               and l.position is null
            """
        ),
        (
            1,
            """
            select 'leaf ' || l.position || ' has no accepted or referred keeper change' as breach
              from ledger_leaf l
              left join keeper_change k on k.keeper_change_id = l.keeper_change_id
             where k.keeper_change_id is null
                or (k.outcome = 'refused' and k.referred_at is null)
            """
        ),
        (
            1,
            """
            select 'leaf ' || l.position || ' names other organisations, another outcome or another time than its keeper change' as breach
              from ledger_leaf l
              join keeper_change k on k.keeper_change_id = l.keeper_change_id
             where l.organisation_id <> k.organisation_id
                or l.submitted_by <> k.submitted_by
                or (l.outcome = k.outcome and l.decided_at <> k.decided_at)
                or (l.outcome <> k.outcome
                    and (l.outcome <> 'referred' or k.referred_at is null or l.decided_at <> k.referred_at))
            """
        ),
        (
            1,
            """
            select 'keeper change ' || k.keeper_change_id || ' was referred first and has no leaf of that' as breach
              from keeper_change k
              left join ledger_leaf l on l.keeper_change_id = k.keeper_change_id
                                     and l.outcome = 'referred'
             where k.referred_at is not null
               and l.position is null
            """
        ),
        (
            1,
            """
            select 'keeper change ' || k.keeper_change_id || ' is pointed to a reversal or correction that is not of it' as breach
              from keeper_change k
              left join keeper_change r on r.keeper_change_id = k.reversed_by
              left join keeper_change c on c.keeper_change_id = k.corrected_by
             where (k.reversed_by is not null
                    and (r.type is null or r.type <> 'reversal' or r.outcome <> 'accepted' or r.concerns_id <> k.keeper_change_id))
                or (k.corrected_by is not null
                    and (c.type is null or c.type <> 'correction' or c.outcome <> 'accepted' or c.concerns_id <> k.keeper_change_id))
            """
        ),
        (
            1,
            """
            select 'the head says ' || h.size || ' leaves, there are ' || count(l.position) || ' from ' || coalesce(min(l.position), 0) || ' to ' || coalesce(max(l.position), 0) as breach
              from ledger_head h
              left join ledger_leaf l on 1 = 1
             group by h.size
            having h.size <> count(l.position)
                or (h.size > 0 and (min(l.position) <> 1 or max(l.position) <> h.size))
            """
        ),
        (
            1,
            """
            select k.type || ' ' || k.keeper_change_id || ' is accepted and its notice does not say so' as breach
              from keeper_change k
              join keeper_change n on n.keeper_change_id = k.concerns_id
             where k.outcome = 'accepted'
               and ((k.type = 'reversal' and (n.reversed_by is null or n.reversed_by <> k.keeper_change_id))
                    or (k.type = 'correction' and n.corrected_by is null))
            """
        ),
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
            2,
            """
            select 'a reference of ' || organisation_id || ' was accepted or referred ' || count(*) || ' times' as breach
              from keeper_change
             where outcome <> 'refused'
               and client_reference is not null
             group by organisation_id, client_reference
            having count(*) > 1
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
              from former_document
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
              join former_document d on d.vehicle_id = v.vehicle_id
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
            5,
            """
            select 'keeper change ' || k.keeper_change_id || ' was recorded for ' || k.organisation_id || ' by ' || k.submitted_by || ', which never had its mandate' as breach
              from keeper_change k
             where k.outcome <> 'refused'
               and k.organisation_id <> k.submitted_by
               and k.submitted_by <> 'register'
               and not exists (
                       select 1
                         from mandate m
                        where m.granted_by = k.organisation_id
                          and m.acting_organisation_id = k.submitted_by
                   )
            """
        ),
        (
            6,
            """
            select 'submission ' || s.submission_id || ' counts other rows than its results have' as breach
              from submission s
              left join (select submission_id,
                                count(*) as decided,
                                sum(case when outcome = 'accepted' then 1 else 0 end) as accepted,
                                sum(case when outcome = 'refused' then 1 else 0 end) as refused,
                                sum(case when outcome = 'referred' then 1 else 0 end) as referred,
                                sum(case when outcome = 'duplicate' then 1 else 0 end) as duplicate,
                                sum(cast(row_number as bigint)) as row_sum
                           from (select submission_id, row_number,
                                        case when referred_at is null then outcome else 'referred' end as outcome
                                   from keeper_change
                                  where submission_id is not null
                                  union all
                                 select submission_id, row_number, outcome
                                   from submission_result) results
                          group by submission_id) r on r.submission_id = s.submission_id
             where coalesce(r.accepted, 0) <> s.rows_accepted
                or coalesce(r.refused, 0) <> s.rows_refused
                or coalesce(r.referred, 0) <> s.rows_referred
                or coalesce(r.duplicate, 0) <> s.rows_duplicate
                or coalesce(r.decided, 0) <> s.next_row - 1
                or coalesce(r.row_sum, 0) <> cast(s.next_row as bigint) * (s.next_row - 1) / 2
                or (s.state = 'completed' and s.next_row <> s.rows_total + 1)
            """
        ),
        (
            6,
            """
            select 'row ' || r.row_number || ' of submission ' || r.submission_id || ' is ' || r.outcome || ' and its keeper change is not' as breach
              from submission_result r
              join submission s on s.submission_id = r.submission_id
                               and s.mode = 'commit'
              left join keeper_change k on k.keeper_change_id = r.keeper_change_id
             where k.keeper_change_id is null
                or r.outcome <> 'duplicate'
                or (k.outcome = 'refused' and k.referred_at is null)
            """
        ),
        (
            6,
            """
            select 'keeper change ' || k.keeper_change_id || ' is of a submission or a row that there is not' as breach
              from keeper_change k
              left join submission s on s.submission_id = k.submission_id
             where (k.submission_id is not null
                    and (s.submission_id is null or k.row_number is null or k.row_number not between 1 and s.rows_total))
                or (k.submission_id is null and k.row_number is not null)
            """
        ),
        (
            2,
            """
            select 'the reference of keeper change ' || k.keeper_change_id || ' is not kept as used by it' as breach
              from keeper_change k
              left join used_reference u on u.organisation_id = k.organisation_id
                                        and u.client_reference = k.client_reference
             where k.outcome <> 'refused'
               and k.client_reference is not null
               and (u.keeper_change_id is null or u.keeper_change_id <> k.keeper_change_id)
            """
        ),
        (
            2,
            """
            select 'a reference of ' || u.organisation_id || ' is kept as used by keeper change ' || u.keeper_change_id || ', which has not used it' as breach
              from used_reference u
              left join keeper_change k on k.keeper_change_id = u.keeper_change_id
             where k.keeper_change_id is null
                or k.outcome = 'refused'
                or k.client_reference is null
                or k.client_reference <> u.client_reference
                or k.organisation_id <> u.organisation_id
            """
        ),
        (
            3,
            """
            select 'document ' || d.document_reference_number || ' of vehicle ' || d.vehicle_id || ' was replaced by no keeper change of it' as breach
              from former_document d
              left join keeper_change k on k.keeper_change_id = d.replaced_by
                                       and k.vehicle_id = d.vehicle_id
                                       and k.outcome = 'accepted'
                                       and k.reversed_by is null
             where k.keeper_change_id is null
            """
        ),
        (
            3,
            """
            select 'a former keepership or document belongs to ' || o.vehicle_id || ', which is no vehicle' as breach
              from (select vehicle_id from former_keepership
                     union
                    select vehicle_id from former_document) o
              left join vehicle v on v.vehicle_id = o.vehicle_id
             where v.vehicle_id is null
            """
        ),
    ];
}
