-- The leaves that a transaction writes one after the other for one organisation by one sender are a page of the ledger: one row
-- with their notices and hashes, side by side in the order of the ledger. A row for each leaf cost an eighth of what a notice
-- took, with three indexes to write to. A notice names the page of its decision and its place there, from 0; of one that was
-- referred and is decided by now, that of the referral is kept beside it. See src/decisions/0009.
-- Locked first: what a node of the version before writes meanwhile waits and is refused.
lock table keeper_change, ledger_leaf, ledger_head in access exclusive mode;

create table ledger_page (
    ledger_page_id             uuid             not null,
    organisation_id            text collate "C" not null,
    submitted_by               text collate "C" not null,
    first_position             bigint           not null,
    last_position              bigint           not null,
    keeper_change_ids          bytea            not null, -- 16 bytes each
    leaf_hashes                bytea            not null, -- 32 bytes each
    primary key (ledger_page_id)
) partition by range (ledger_page_id);

-- Neither ids nor hashes become smaller when packed, and unpacked one can be read without the others.
alter table ledger_page alter column keeper_change_ids set storage external, alter column leaf_hashes set storage external;

-- The feed of an organisation: what was decided for it, and by it for others.
create index ledger_page_of_organisation on ledger_page (organisation_id, last_position);
create index ledger_page_of_sender on ledger_page (submitted_by, last_position) where submitted_by <> organisation_id;

create table ledger_page_other partition of ledger_page default;

-- Who else is told of a leaf: the trader whose stock the vehicle has left, and the sender of a notice that another has taken
-- back or put right.
create table ledger_told (
    organisation_id            text collate "C" not null,
    position                   bigint           not null,
    left_stock                 boolean          not null,
    keeper_change_id           uuid             not null,
    primary key (organisation_id, position, left_stock)
);

select vacuum_seldom('ledger_page_other');
select vacuum_seldom('ledger_told');

create or replace function add_months(since timestamptz, months integer) returns void
    language plpgsql
    set search_path from current
as $$
declare
    month timestamptz := date_trunc('month', since, 'UTC');
    parent text;
    part text;
begin
    for i in 1 .. months loop
        foreach parent in array array['keeper_change', 'ledger_page'] loop
            part := parent || to_char(month at time zone 'UTC', '_YYYY_MM');
            if to_regclass(part) is null then
                begin
                    execute format('create table %I (like %I including all)', part, parent);
                    perform vacuum_seldom(part);
                    execute format(
                        'alter table %I attach partition %I for values from (%L) to (%L)',
                        parent, part, first_id(month), first_id(month + interval '1 month')
                    );
                exception when check_violation then
                    -- Rows of this month have come already and stay among the others. That stops nothing.
                    raise warning '% is not made: rows of that month are in %_other', part, parent;
                end;
            end if;
        end loop;
        month := (month at time zone 'UTC' + interval '1 month') at time zone 'UTC';
    end loop;
end
$$;

-- The months that there are leaves of.
do $$
declare
    month timestamptz;
begin
    for month in
        select to_timestamp(substring(c.relname from '\d{4}_\d\d$') || ' +00', 'YYYY_MM TZH')
          from pg_inherits i
          join pg_class c on c.oid = i.inhrelid
         where i.inhparent = 'ledger_leaf'::regclass
           and c.relname ~ '\d{4}_\d\d$'
    loop
        perform add_months(month, 1);
    end loop;
end
$$;

-- Each leaf from before has a page of its own, by the id of its notice. A notice that was referred and then decided has two
-- leaves: that of its decision has an id of the instant of that.
create temporary table page_of_leaf on commit drop as
select l.position, l.keeper_change_id, l.outcome,
       case when k.referred_at is null or l.outcome = 'referred' then l.keeper_change_id
            else overlay(overlay(gen_random_uuid()::text placing left(first_id(l.decided_at)::text, 13) from 1) placing '7' from 15)::uuid
            end as ledger_page_id
  from ledger_leaf l
  join keeper_change k on k.keeper_change_id = l.keeper_change_id;

insert into ledger_page (
       ledger_page_id, organisation_id, submitted_by, first_position, last_position, keeper_change_ids, leaf_hashes)
select p.ledger_page_id, l.organisation_id, l.submitted_by, l.position, l.position, uuid_send(l.keeper_change_id), l.leaf_hash
  from ledger_leaf l
  join page_of_leaf p on p.position = l.position
 order by l.position;

insert into ledger_told (organisation_id, position, left_stock, keeper_change_id)
select left_stock_of, position, true, keeper_change_id
  from ledger_leaf
 where left_stock_of is not null
 union all
select told_sender, position, false, keeper_change_id
  from ledger_leaf
 where told_sender is not null;

alter table keeper_change add column ledger_page_id uuid;
alter table keeper_change add column ledger_place integer;
alter table keeper_change add column referral_page_id uuid;
alter table keeper_change add column referral_place integer;

update keeper_change k
   set ledger_page_id = p.ledger_page_id,
       ledger_place = 0,
       referral_page_id = r.ledger_page_id,
       referral_place = case when r.ledger_page_id is not null then 0 end
  from page_of_leaf p
  left join page_of_leaf r on r.keeper_change_id = p.keeper_change_id
                          and r.outcome = 'referred'
                          and p.outcome <> 'referred'
 where k.keeper_change_id = p.keeper_change_id
   and k.outcome = p.outcome;

do $$
begin
    if (select count(*) from ledger_leaf)
       <> (select count(ledger_page_id) + count(referral_page_id) from keeper_change) then
        raise exception 'There is a leaf that no decision stands for. Run verify of the version before: it names it.';
    end if;
end
$$;

drop table ledger_leaf;

-- A node of the version before does not know of pages: what it would write is refused, and not left without a leaf.
alter table keeper_change
    add constraint keeper_change_has_leaf check ((outcome = 'refused' and referred_at is null) or ledger_page_id is not null);
