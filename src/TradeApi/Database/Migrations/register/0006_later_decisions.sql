-- What follows a decision: reversals, corrections, decisions of staff, disputes; and marks that are taken off and put on.

alter table vehicle add column other_registration_number text;
alter table vehicle add column off_road_from date;
alter table vehicle add column last_fleet_number text;

create table mark_certificate (
    certificate_number         text    primary key,
    registration_number        text    not null,
    expires_on                 date    not null,
    used_by                    uuid
);

-- A reversal or a correction concerns an earlier notice and is a notice of its own. The earlier one keeps what it said;
-- it is only pointed from. record_before holds what an accepted notice changed on the vehicle's record, as it was before,
-- without a person.
alter table keeper_change add column concerns_id uuid;
alter table keeper_change add column reversed_by uuid;
alter table keeper_change add column corrected_by uuid;
alter table keeper_change add column referred_at timestamptz;
alter table keeper_change add column record_before text;
alter table keeper_change add column new_registration_number text;

create index keeper_change_referred on keeper_change (received_at) where outcome = 'referred';
create index keeper_change_concerns on keeper_change (concerns_id) where concerns_id is not null;

-- The keeper's name and address as they were before a notice replaced them.
create table former_details (
    replaced_by                uuid    primary key,
    keepership_id              uuid    not null,
    title                      text,
    first_names                text,
    last_name                  text,
    business_name              text,
    fleet_number               text,
    driver_number              text,
    email                      text,
    address_line1              text,
    address_line2              text,
    address_line3              text,
    post_town                  text,
    postcode                   text
);

create index former_details_of_keepership on former_details (keepership_id);

-- A referred notice has a second leaf once it is decided; and a leaf names who is told beside its own organisations: the
-- trader whose stock the vehicle has left, and the sender of a notice that another has taken back or put right.
create table ledger_leaf_by_decision (
    position                   bigint      primary key,
    keeper_change_id           uuid        not null,
    organisation_id            text        not null,
    submitted_by               text        not null,
    outcome                    text        not null,
    decided_at                 timestamptz not null,
    leaf_hash                  bytea       not null,
    left_stock_of              text,
    told_sender                text,
    unique (keeper_change_id, outcome)
);

insert into ledger_leaf_by_decision (
       position, keeper_change_id, organisation_id, submitted_by, outcome, decided_at, leaf_hash)
select position, keeper_change_id, organisation_id, submitted_by, outcome, decided_at, leaf_hash
  from ledger_leaf;

drop table ledger_leaf;
alter table ledger_leaf_by_decision rename to ledger_leaf;

-- The feed of an organisation: what was decided for it, by it for others, and what has left its stock.
create index ledger_leaf_of_organisation on ledger_leaf (organisation_id, position);
create index ledger_leaf_of_sender on ledger_leaf (submitted_by, position) where submitted_by <> organisation_id;
create index ledger_leaf_of_stock on ledger_leaf (left_stock_of, position) where left_stock_of is not null;
create index ledger_leaf_of_told on ledger_leaf (told_sender, position) where told_sender is not null;

create table dispute (
    dispute_id                 uuid        primary key,
    keeper_change_id           uuid        not null,
    vehicle_id                 uuid        not null,
    organisation_id            text        not null,
    client_id                  text        not null,
    reason                     text        not null,
    opened_at                  timestamptz not null,
    closed_at                  timestamptz,
    outcome                    text        check (outcome in ('upheld', 'rejected'))
);

create index dispute_of_organisation on dispute (organisation_id, dispute_id);
create unique index dispute_open on dispute (keeper_change_id, organisation_id) where closed_at is null;
create index dispute_of_vehicle on dispute (vehicle_id) where closed_at is null;

-- A mark that a row of a file that is only judged has changed: the vehicle is found under the new one, and under the old
-- one (content empty) nobody is.
alter table trial_vehicle add column vehicle_id uuid;
