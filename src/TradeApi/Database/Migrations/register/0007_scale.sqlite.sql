-- What is asked for by vehicle is kept by vehicle, and the results of a file stand where its notices do. The schema on
-- PostgreSQL, which is also partitioned, says more. See src/decisions/0009.

create table used_reference (
    organisation_id            text        not null,
    client_reference           text        not null,
    keeper_change_id           uuid        not null,
    primary key (organisation_id, client_reference)
) without rowid;

insert into used_reference (organisation_id, client_reference, keeper_change_id)
select organisation_id, client_reference, keeper_change_id
  from keeper_change
 where outcome <> 'refused'
   and client_reference is not null;

delete from submission_result
 where outcome <> 'duplicate'
   and submission_id in (select submission_id from submission where mode = 'commit');

drop index keeper_change_reference;
drop index keeper_change_of_mark;
drop index keeper_change_of_client_reference;

create index keeper_change_of_submission on keeper_change (submission_id, row_number) where submission_id is not null;
create index keeper_change_of_sender_reference on keeper_change (submitted_by, client_reference)
 where submitted_by <> organisation_id;
create index keeper_change_refused_mark on keeper_change (registration_number) where outcome = 'refused';
create index keeper_change_refused_reference on keeper_change (client_reference) where outcome = 'refused';
create index keeper_change_mark_lost on keeper_change (registration_number) where new_registration_number is not null;
create index keeper_change_mark_won on keeper_change (new_registration_number) where new_registration_number is not null;

-- Without a rowid the rows of a vehicle lie beside each other in the key's own tree, which is then the only one: those in
-- force are found among them, and each index more would cost a page to be written for every notice.
create table keepership_by_vehicle (
    keepership_id              uuid    not null,
    vehicle_id                 uuid    not null,
    started_on                 date    not null,
    ended_on                   date,
    started_by                 uuid,
    ended_by                   uuid,
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
    postcode                   text,
    primary key (vehicle_id, keepership_id)
) without rowid;

insert into keepership_by_vehicle (
       keepership_id, vehicle_id, started_on, ended_on, started_by, ended_by, title, first_names, last_name, business_name,
       fleet_number, driver_number, email, address_line1, address_line2, address_line3, post_town, postcode)
select keepership_id, vehicle_id, started_on, ended_on, started_by, ended_by, title, first_names, last_name, business_name,
       fleet_number, driver_number, email, address_line1, address_line2, address_line3, post_town, postcode
  from keepership;

drop table keepership;
alter table keepership_by_vehicle rename to keepership;
create index keepership_of_fleet
    on keepership (fleet_number, vehicle_id)
 where ended_on is null and fleet_number is not null;

-- The document in force stands on the vehicle: every notice looks at it, and most leave it as it is.
alter table vehicle add column document_reference_number text not null default '';
alter table vehicle add column document_issued_on date;
alter table vehicle add column document_issued_by uuid;

update vehicle
   set (document_reference_number, document_issued_on, document_issued_by)
       = (select document_reference_number, issued_on, issued_by
            from document
           where document.vehicle_id = vehicle.vehicle_id
             and replaced_on is null);

create table former_document (
    vehicle_id                 uuid    not null,
    document_reference_number  text    not null,
    issued_on                  date,
    issued_by                  uuid,
    replaced_on                date    not null,
    replaced_by                uuid    not null,
    primary key (vehicle_id, document_reference_number)
) without rowid;

insert into former_document (vehicle_id, document_reference_number, issued_on, issued_by, replaced_on, replaced_by)
select vehicle_id, document_reference_number, issued_on, issued_by, replaced_on, replaced_by
  from document
 where replaced_on is not null;

drop table document;

-- Whether a mark is free is asked of these, and whether a notice used a certificate up, when it is taken back.
create index vehicle_other_mark on vehicle (other_registration_number) where other_registration_number is not null;
create index mark_certificate_mark on mark_certificate (registration_number);
create index mark_certificate_used on mark_certificate (used_by) where used_by is not null;
