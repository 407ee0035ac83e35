-- What grows without end is kept by the month: keeper changes and their leaves. A month is a range of ids, since an id is
-- a UUID of version 7 and begins with its instant; so the id alone leads to the partition, and stays unique over all.
-- What is asked for by vehicle has the vehicle first in its key. See src/decisions/0009.

-- A clientReference is accepted or referred once for ever for the organisation acted for; a refusal does not use it up.
-- No index over months could say so.
create table used_reference (
    organisation_id            text        not null,
    client_reference           text        not null,
    keeper_change_id           uuid        not null,
    primary key (organisation_id, client_reference)
);

insert into used_reference (organisation_id, client_reference, keeper_change_id)
select organisation_id, client_reference, keeper_change_id
  from keeper_change
 where outcome <> 'refused'
   and client_reference is not null;

-- Of the rows that are notices of their own, the notice says what came of them; here stand duplicates and verdicts.
delete from submission_result r
 using submission s
 where s.submission_id = r.submission_id
   and s.mode = 'commit'
   and r.outcome <> 'duplicate';

alter table keeper_change rename to keeper_change_before;
alter table keeper_change_before rename constraint keeper_change_pkey to keeper_change_before_pkey;
drop index keeper_change_reference, keeper_change_of_vehicle, keeper_change_of_organisation, keeper_change_of_sender,
           keeper_change_of_mark, keeper_change_of_client_reference, keeper_change_referred, keeper_change_concerns;

create table keeper_change (
    keeper_change_id           uuid        not null,
    type                       text        not null,
    outcome                    text        not null check (outcome in ('accepted', 'refused', 'referred')),
    organisation_id            text        not null,
    submitted_by               text        not null,
    client_id                  text        not null,
    client_reference           text,
    registration_number        text,
    vehicle_id                 uuid,
    event_date                 date,
    received_at                timestamptz not null,
    decided_at                 timestamptz not null,
    findings                   text,
    submission_id              uuid,
    row_number                 integer,
    salt                       bytea,
    digest                     bytea       not null,
    concerns_id                uuid,
    reversed_by                uuid,
    corrected_by               uuid,
    referred_at                timestamptz,
    record_before              text,
    new_registration_number    text,
    primary key (keeper_change_id)
) partition by range (keeper_change_id);

-- The events of a vehicle: asked for every notice.
create index keeper_change_of_vehicle on keeper_change (vehicle_id) where outcome <> 'refused';
-- The results of a file, in its order.
create index keeper_change_of_submission on keeper_change (submission_id, row_number) where submission_id is not null;
-- Own notices, newest first.
create index keeper_change_of_organisation on keeper_change (organisation_id, received_at, keeper_change_id);
-- Those sent for another: few, so these two cost a notice sent for oneself nothing.
create index keeper_change_of_sender on keeper_change (submitted_by, received_at, keeper_change_id)
 where submitted_by <> organisation_id;
create index keeper_change_of_sender_reference on keeper_change (submitted_by, client_reference)
 where submitted_by <> organisation_id;
-- A refused notice is tied to no vehicle and has used no reference up: it is found by what it named.
create index keeper_change_refused_mark on keeper_change (registration_number) where outcome = 'refused';
create index keeper_change_refused_reference on keeper_change (client_reference) where outcome = 'refused';
-- Marks that have moved: which vehicle bore one before.
create index keeper_change_mark_lost on keeper_change (registration_number) where new_registration_number is not null;
create index keeper_change_mark_won on keeper_change (new_registration_number) where new_registration_number is not null;
create index keeper_change_referred on keeper_change (received_at) where outcome = 'referred';
create index keeper_change_concerns on keeper_change (concerns_id) where concerns_id is not null;

alter table ledger_leaf rename to ledger_leaf_before;
drop index ledger_leaf_of_organisation, ledger_leaf_of_sender, ledger_leaf_of_stock, ledger_leaf_of_told;

-- Whoever holds the head numbers the leaves, so no two have one position; verify looks whether they are dense.
create table ledger_leaf (
    position                   bigint      not null,
    keeper_change_id           uuid        not null,
    organisation_id            text        not null,
    submitted_by               text        not null,
    outcome                    text        not null,
    decided_at                 timestamptz not null,
    leaf_hash                  bytea       not null,
    left_stock_of              text,
    told_sender                text,
    primary key (keeper_change_id, outcome)
) partition by range (keeper_change_id);

create index ledger_leaf_position on ledger_leaf (position);
create index ledger_leaf_of_organisation on ledger_leaf (organisation_id, position);
create index ledger_leaf_of_sender on ledger_leaf (submitted_by, position) where submitted_by <> organisation_id;
create index ledger_leaf_of_stock on ledger_leaf (left_stock_of, position) where left_stock_of is not null;
create index ledger_leaf_of_told on ledger_leaf (told_sender, position) where told_sender is not null;

-- Nothing is ever refused because its month is missing; while these are empty, a month can still be added.
create table keeper_change_other partition of keeper_change default;
create table ledger_leaf_other partition of ledger_leaf default;

-- The first id of a month.
create function first_id(month timestamptz) returns uuid
    language sql
    immutable
    return (lpad(to_hex((extract(epoch from month) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid;

-- Makes the partitions of so many months from an instant on, where they are missing.
create function add_months(since timestamptz, months integer) returns void
    language plpgsql
    set search_path from current
as $$
declare
    month timestamptz := date_trunc('month', since, 'UTC');
    parent text;
    part text;
begin
    for i in 1 .. months loop
        foreach parent in array array['keeper_change', 'ledger_leaf'] loop
            part := parent || to_char(month at time zone 'UTC', '_YYYY_MM');
            if to_regclass(part) is null then
                begin
                    execute format('create table %I (like %I including all)', part, parent);
                    -- Rows are only added, hence no dead ones that would call for a vacuum; index-only scans need it all the same.
                    execute format(
                        'alter table %I set (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)',
                        part
                    );
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

do $$
declare
    first_at timestamptz := (select min(received_at) from keeper_change_before);
    last_at timestamptz := (select max(received_at) from keeper_change_before);
begin
    if first_at is not null then
        perform add_months(
            first_at,
            ((extract(year from last_at) - extract(year from first_at)) * 12
                + extract(month from last_at) - extract(month from first_at) + 2)::integer
        );
    end if;
end
$$;

insert into keeper_change (
       keeper_change_id, type, outcome, organisation_id, submitted_by, client_id, client_reference, registration_number,
       vehicle_id, event_date, received_at, decided_at, findings, submission_id, row_number, salt, digest, concerns_id,
       reversed_by, corrected_by, referred_at, record_before, new_registration_number)
select keeper_change_id, type, outcome, organisation_id, submitted_by, client_id, client_reference, registration_number,
       vehicle_id, event_date, received_at, decided_at, findings, submission_id, row_number, salt, digest, concerns_id,
       reversed_by, corrected_by, referred_at, record_before, new_registration_number
  from keeper_change_before;

insert into ledger_leaf (
       position, keeper_change_id, organisation_id, submitted_by, outcome, decided_at, leaf_hash, left_stock_of, told_sender)
select position, keeper_change_id, organisation_id, submitted_by, outcome, decided_at, leaf_hash, left_stock_of, told_sender
  from ledger_leaf_before;

drop table keeper_change_before;
drop table ledger_leaf_before;

-- A keepership is reached by its vehicle alone. Its foreign key looked each vehicle up once more, which
-- the one path into the register has just locked; verify still finds what belongs to no vehicle.
alter table keepership drop constraint keepership_vehicle_id_fkey;
alter table keepership drop constraint keepership_pkey;
alter table keepership add primary key (vehicle_id, keepership_id);
drop index keepership_of_vehicle;

-- Room on every page for the row's next version: a change that touches no index then costs none (HOT).
alter table vehicle set (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
alter table keepership set (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
alter table submission set (fillfactor = 50);
alter table ledger_head set (fillfactor = 10);
alter table proof_hour set (fillfactor = 50);

-- The document in force stands on the vehicle: every notice looks at it, and most leave it as it is.
alter table vehicle
    add column document_reference_number text,
    add column document_issued_on date,
    add column document_issued_by uuid;

update vehicle v
   set document_reference_number = d.document_reference_number,
       document_issued_on = d.issued_on,
       document_issued_by = d.issued_by
  from document d
 where d.vehicle_id = v.vehicle_id
   and d.replaced_on is null;

alter table vehicle alter column document_reference_number set not null;

create table former_document (
    vehicle_id                 uuid    not null,
    document_reference_number  text    not null,
    issued_on                  date,
    issued_by                  uuid,
    replaced_on                date    not null,
    replaced_by                uuid    not null,
    primary key (vehicle_id, document_reference_number)
);

insert into former_document (vehicle_id, document_reference_number, issued_on, issued_by, replaced_on, replaced_by)
select vehicle_id, document_reference_number, issued_on, issued_by, replaced_on, replaced_by
  from document
 where replaced_on is not null;

drop table document;

-- Files pack to a third, and lz4 packs them at a tenth of the cost of the default.
do $$
begin
    alter table payload alter column content set compression lz4;
exception when feature_not_supported then
    raise notice 'This server is built without lz4: files are packed by the slower default.';
end
$$;

-- Whether a mark is free is asked of these, and whether a notice used a certificate up, when it is taken back.
create index vehicle_other_mark on vehicle (other_registration_number) where other_registration_number is not null;
create index mark_certificate_mark on mark_certificate (registration_number);
create index mark_certificate_used on mark_certificate (used_by) where used_by is not null;
