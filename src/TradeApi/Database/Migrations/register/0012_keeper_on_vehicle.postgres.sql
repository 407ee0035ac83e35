-- The keeper in force stands on the vehicle, as its document does: a notice looks at both, and a row of its own had to be
-- found, ended and begun. A keepership that has ended hangs on the notice that ended it, and a document that was replaced on
-- the one that replaced it: an id is made in the order of time, so their rows are added at the end, and what belongs to a
-- vehicle is found by its chain of notices. See src/decisions/0009.

-- What a node still writes is in the copy, or waits and is refused.
lock table vehicle, keepership, former_document in access exclusive mode;

create table vehicle_with_keeper (
    vehicle_id                 uuid not null,
    registration_number        text collate "C" not null,
    other_registration_number  text collate "C",
    vin                        text collate "C" not null,
    make                       text not null,
    model                      text not null,
    colour                     text not null,
    fuel_type                  text not null,
    vehicle_class              text not null,
    date_of_first_registration date not null,
    state                      text not null constraint vehicle_state_check check (
        state in ('withKeeper', 'inTrade', 'withInsurer', 'keeperDeceased', 'exported', 'destroyed')),
    state_since                date not null,
    held_by                    text,
    salvage_category           text constraint vehicle_salvage_category_check check (salvage_category in ('A', 'B', 'S', 'N')),
    stolen                     boolean not null,
    dispute_open               boolean not null,
    document_suppressed        boolean not null,
    off_road                   boolean not null,
    off_road_from              date,
    last_mileage               integer,
    last_fleet_number          text,
    tax_ended_on               date,
    tax_due_on                 date,
    mot_expires_on             date,
    document_reference_number  text not null,
    document_issued_on         date,
    document_issued_by         uuid,
    last_keeper_change_id      uuid,
    keepership_id              uuid,
    keepership_started_on      date,
    keepership_started_by      uuid,
    keeper_title               text,
    keeper_first_names         text,
    keeper_last_name           text,
    keeper_business_name       text,
    keeper_fleet_number        text collate "C",
    keeper_driver_number       text,
    keeper_email               text,
    keeper_address_line1       text,
    keeper_address_line2       text,
    keeper_address_line3       text,
    keeper_post_town           text,
    keeper_postcode            text
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

insert into vehicle_with_keeper (
       vehicle_id, registration_number, other_registration_number, vin, make, model, colour, fuel_type, vehicle_class,
       date_of_first_registration, state, state_since, held_by, salvage_category, stolen, dispute_open,
       document_suppressed, off_road, off_road_from, last_mileage, last_fleet_number, tax_ended_on, tax_due_on,
       mot_expires_on, document_reference_number, document_issued_on, document_issued_by, last_keeper_change_id,
       keepership_id, keepership_started_on, keepership_started_by, keeper_title, keeper_first_names, keeper_last_name,
       keeper_business_name, keeper_fleet_number, keeper_driver_number, keeper_email, keeper_address_line1,
       keeper_address_line2, keeper_address_line3, keeper_post_town, keeper_postcode)
select v.vehicle_id, v.registration_number, v.other_registration_number, v.vin, v.make, v.model, v.colour, v.fuel_type,
       v.vehicle_class, v.date_of_first_registration, v.state, v.state_since, v.held_by, v.salvage_category, v.stolen,
       v.dispute_open, v.document_suppressed, v.off_road, v.off_road_from, v.last_mileage, v.last_fleet_number,
       v.tax_ended_on, v.tax_due_on, v.mot_expires_on, v.document_reference_number, v.document_issued_on,
       v.document_issued_by, v.last_keeper_change_id, k.keepership_id, k.started_on, k.started_by, k.title,
       k.first_names, k.last_name, k.business_name, k.fleet_number, k.driver_number, k.email, k.address_line1,
       k.address_line2, k.address_line3, k.post_town, k.postcode
  from vehicle v
  left join keepership k on k.vehicle_id = v.vehicle_id
                        and k.ended_on is null;

create table former_keepership (
    ended_by                   uuid primary key,
    ended_on                   date not null,
    keepership_id              uuid not null,
    vehicle_id                 uuid not null,
    started_on                 date not null,
    started_by                 uuid,
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

insert into former_keepership (
       ended_by, ended_on, keepership_id, vehicle_id, started_on, started_by, title, first_names, last_name,
       business_name, fleet_number, driver_number, email, address_line1, address_line2, address_line3, post_town,
       postcode)
select ended_by, ended_on, keepership_id, vehicle_id, started_on, started_by, title, first_names, last_name,
       business_name, fleet_number, driver_number, email, address_line1, address_line2, address_line3, post_town,
       postcode
  from keepership
 where ended_on is not null
 order by ended_by;

drop table vehicle;
drop table keepership;
alter table vehicle_with_keeper rename to vehicle;
alter table vehicle add primary key (vehicle_id), add unique (registration_number);

create index vehicle_of_vin on vehicle (vin);
create index vehicle_other_mark on vehicle (other_registration_number) where other_registration_number is not null;
-- A fleet reads its vehicles in this order, page by page. Nobody else's vehicle stands in it.
create index vehicle_of_fleet on vehicle (keeper_fleet_number, vehicle_id) where keeper_fleet_number is not null;

-- All keeperships, for whoever reads the register as a whole.
create view keepership as
select keepership_id, vehicle_id, keepership_started_on as started_on, keepership_started_by as started_by,
       cast(null as date) as ended_on, cast(null as uuid) as ended_by,
       keeper_title as title, keeper_first_names as first_names, keeper_last_name as last_name,
       keeper_business_name as business_name, keeper_fleet_number as fleet_number,
       keeper_driver_number as driver_number, keeper_email as email, keeper_address_line1 as address_line1,
       keeper_address_line2 as address_line2, keeper_address_line3 as address_line3, keeper_post_town as post_town,
       keeper_postcode as postcode
  from vehicle
 where keepership_id is not null
 union all
select keepership_id, vehicle_id, started_on, started_by, ended_on, ended_by,
       title, first_names, last_name, business_name, fleet_number, driver_number, email, address_line1, address_line2,
       address_line3, post_town, postcode
  from former_keepership;

alter table former_document drop constraint former_document_pkey;
alter table former_document add primary key (replaced_by);

analyze vehicle;
analyze former_keepership;
analyze former_document;
