namespace TradeApi.Commands;

/// <content>The checks of notices, leaves and submissions that are one statement each.</content>
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
              left join ledger_page p on p.ledger_page_id = k.ledger_page_id
                                     and k.ledger_place between 0 and p.last_position - p.first_position
             where (k.outcome <> 'refused' or k.referred_at is not null)
               and p.ledger_page_id is null
            """
        ),
        (
            1,
            """
            select 'keeper change ' || k.keeper_change_id || ' has a leaf of a decision that was not made' as breach
              from keeper_change k
             where (k.outcome = 'refused' and k.referred_at is null and k.ledger_page_id is not null)
                or (k.referred_at is null and k.referral_page_id is not null)
            """
        ),
        (
            1,
            """
            select 'keeper change ' || k.keeper_change_id || ' was referred first and has no leaf of that' as breach
              from keeper_change k
              left join ledger_page p on p.ledger_page_id = k.referral_page_id
                                     and k.referral_place between 0 and p.last_position - p.first_position
             where k.referred_at is not null
               and p.ledger_page_id is null
            """
        ),
        (
            5,
            """
            select 'the text of keeper change ' || k.keeper_change_id || ' is not in its payload, or also that of another' as breach
              from (select keeper_change_id, payload_id, payload_start, payload_length,
                           lag(payload_start + payload_length, 1, 0) over (partition by payload_id order by payload_start) as before
                      from keeper_change
                     where payload_id is not null
                        or payload_start is not null
                        or payload_length is not null) k
              left join payload p on p.payload_id = k.payload_id
             where k.payload_id is null
                or k.payload_start is null
                or k.payload_length is null
                or k.payload_start < k.before
                or k.payload_start + k.payload_length > length(p.content)
            """
        ),
        (
            1,
            """
            select 'the page of a leaf of keeper change ' || k.keeper_change_id || ' names other organisations than that' as breach
              from keeper_change k
              join ledger_page p on p.ledger_page_id = k.ledger_page_id
              left join ledger_page r on r.ledger_page_id = k.referral_page_id
             where p.organisation_id <> k.organisation_id
                or p.submitted_by <> k.submitted_by
                or r.organisation_id <> k.organisation_id
                or r.submitted_by <> k.submitted_by
            """
        ),
        (
            1,
            """
            select 'the page of leaf ' || first_position || ' is not whole, or does not follow leaf ' || coalesce(before, 0) as breach
              from (select first_position, last_position, keeper_change_ids, leaf_hashes,
                           lag(last_position) over (order by first_position) as before
                      from ledger_page) p
             where first_position <> coalesce(before, 0) + 1
                or last_position < first_position
                or length(keeper_change_ids) <> 16 * (last_position - first_position + 1)
                or length(leaf_hashes) <> 32 * (last_position - first_position + 1)
            """
        ),
        (
            1,
            """
            select k.type || ' ' || k.keeper_change_id || ' is not told to ' || n.submitted_by || ', who sent the notice that it concerns' as breach
              from keeper_change k
              join keeper_change n on n.keeper_change_id = k.concerns_id
              join ledger_page p on p.ledger_page_id = k.ledger_page_id
              left join ledger_told t on t.organisation_id = n.submitted_by
                                     and t.position = p.first_position + k.ledger_place
                                     and not t.left_stock
             where k.referred_at is null
               and n.submitted_by <> k.submitted_by
               and n.submitted_by <> k.organisation_id
               and t.keeper_change_id is null
            """
        ),
        (
            1,
            """
            select t.organisation_id || ' is told of leaf ' || t.position || ', which is not of keeper change ' || t.keeper_change_id as breach
              from ledger_told t
              left join keeper_change k on k.keeper_change_id = t.keeper_change_id
              left join ledger_page p on p.ledger_page_id = k.ledger_page_id
              left join ledger_page r on r.ledger_page_id = k.referral_page_id
             where t.position <> coalesce(p.first_position + k.ledger_place, 0)
               and t.position <> coalesce(r.first_position + k.referral_place, 0)
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
            select 'the head says ' || h.size || ' leaves, there are ' || coalesce(max(p.last_position), 0) as breach
              from ledger_head h
              left join ledger_page p on 1 = 1
             group by h.size
            having h.size <> coalesce(max(p.last_position), 0)
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
    ];
}
