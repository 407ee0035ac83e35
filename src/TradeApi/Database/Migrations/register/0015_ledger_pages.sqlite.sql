-- The leaves that a transaction writes one after the other for one organisation by one sender are a page of the ledger: one row
-- with their notices and hashes, side by side in the order of the ledger. A row for each leaf had four trees to write to. A
-- notice names the page of its decision and its place there, from 0; of one that was referred and is decided by now, that of
-- the referral is kept beside it. See src/decisions/0009.

create table ledger_page (
    ledger_page_id             uuid    primary key,
    organisation_id            text    not null,
    submitted_by               text    not null,
    first_position             bigint  not null,
    last_position              bigint  not null,
    keeper_change_ids          blob    not null, -- 16 bytes each
    leaf_hashes                blob    not null  -- 32 bytes each
);

-- The feed of an organisation: what was decided for it, and by it for others.
create index ledger_page_of_organisation on ledger_page (organisation_id, last_position);
create index ledger_page_of_sender on ledger_page (submitted_by, last_position) where submitted_by <> organisation_id;

-- Who else is told of a leaf: the trader whose stock the vehicle has left, and the sender of a notice that another has taken
-- back or put right.
create table ledger_told (
    organisation_id            text    not null,
    position                   bigint  not null,
    left_stock                 boolean not null,
    keeper_change_id           uuid    not null,
    primary key (organisation_id, position, left_stock)
) without rowid;

-- Each leaf from before has a page of its own, by the id of its notice. A notice that was referred and then decided has two
-- leaves: that of its decision has an id made anew.
create temporary table page_of_leaf as
select l.position, l.keeper_change_id, l.outcome,
       case when k.referred_at is null or l.outcome = 'referred' then l.keeper_change_id
            else substr(l.keeper_change_id, 1, 18) || '-a' || lower(substr(hex(randomblob(8)), 1, 3) || '-' || hex(randomblob(6)))
            end as ledger_page_id
  from ledger_leaf l
  join keeper_change k on k.keeper_change_id = l.keeper_change_id;

insert into ledger_page (
       ledger_page_id, organisation_id, submitted_by, first_position, last_position, keeper_change_ids, leaf_hashes)
select p.ledger_page_id, l.organisation_id, l.submitted_by, l.position, l.position,
       unhex(replace(l.keeper_change_id, '-', '')), l.leaf_hash
  from ledger_leaf l
  join page_of_leaf p on p.position = l.position
 order by l.position;

insert into ledger_told (organisation_id, position, left_stock, keeper_change_id)
select left_stock_of, position, 1, keeper_change_id
  from ledger_leaf
 where left_stock_of is not null
 union all
select told_sender, position, 0, keeper_change_id
  from ledger_leaf
 where told_sender is not null;

alter table keeper_change add column ledger_page_id uuid;
alter table keeper_change add column ledger_place integer;
alter table keeper_change add column referral_page_id uuid;
alter table keeper_change add column referral_place integer;

create index temp.page_of_notice on page_of_leaf (keeper_change_id, outcome);

update keeper_change
   set ledger_page_id = p.ledger_page_id,
       ledger_place = 0
  from page_of_leaf p
 where p.keeper_change_id = keeper_change.keeper_change_id
   and p.outcome = keeper_change.outcome;

update keeper_change
   set referral_page_id = p.ledger_page_id,
       referral_place = 0
  from page_of_leaf p
 where p.keeper_change_id = keeper_change.keeper_change_id
   and p.outcome = 'referred'
   and keeper_change.referred_at is not null;

-- Fails where there is a leaf that no decision stands for. The version before names it by verify.
create temporary table leaf_without_decision (count integer check (count = 0));
insert into leaf_without_decision (count)
select (select count(*) from ledger_leaf) - (select count(ledger_page_id) + count(referral_page_id) from keeper_change);

drop table temp.leaf_without_decision;
drop table temp.page_of_leaf;
drop table ledger_leaf;
