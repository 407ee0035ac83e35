-- The keepership that a notice has ended and the document that it has replaced stand on the notice itself: each had a row of
-- its own under the notice's id, which was written with it. Whoever reads them has views. Their names are new, for what a node
-- of an earlier version would do to the old ones is to be refused. See src/decisions/0009.

alter table keeper_change add column former_keepership_id              uuid;
alter table keeper_change add column former_keepership_started_on      date;
alter table keeper_change add column former_keepership_started_by      uuid;
alter table keeper_change add column former_keepership_ended_on        date;
alter table keeper_change add column former_keeper_title               text;
alter table keeper_change add column former_keeper_first_names         text;
alter table keeper_change add column former_keeper_last_name           text;
alter table keeper_change add column former_keeper_business_name       text;
alter table keeper_change add column former_keeper_fleet_number        text;
alter table keeper_change add column former_keeper_driver_number       text;
alter table keeper_change add column former_keeper_email               text;
alter table keeper_change add column former_keeper_address_line1       text;
alter table keeper_change add column former_keeper_address_line2       text;
alter table keeper_change add column former_keeper_address_line3       text;
alter table keeper_change add column former_keeper_post_town           text;
alter table keeper_change add column former_keeper_postcode            text;
alter table keeper_change add column former_document_reference_number  text;
alter table keeper_change add column former_document_issued_on         date;
alter table keeper_change add column former_document_issued_by         uuid;
alter table keeper_change add column former_document_replaced_on       date;

update keeper_change
   set former_keepership_id = f.keepership_id,
       former_keepership_started_on = f.started_on,
       former_keepership_started_by = f.started_by,
       former_keepership_ended_on = f.ended_on,
       former_keeper_title = f.title,
       former_keeper_first_names = f.first_names,
       former_keeper_last_name = f.last_name,
       former_keeper_business_name = f.business_name,
       former_keeper_fleet_number = f.fleet_number,
       former_keeper_driver_number = f.driver_number,
       former_keeper_email = f.email,
       former_keeper_address_line1 = f.address_line1,
       former_keeper_address_line2 = f.address_line2,
       former_keeper_address_line3 = f.address_line3,
       former_keeper_post_town = f.post_town,
       former_keeper_postcode = f.postcode
  from former_keepership f
 where f.ended_by = keeper_change.keeper_change_id
   and f.vehicle_id = keeper_change.vehicle_id;

update keeper_change
   set former_document_reference_number = d.document_reference_number,
       former_document_issued_on = d.issued_on,
       former_document_issued_by = d.issued_by,
       former_document_replaced_on = d.replaced_on
  from former_document d
 where d.replaced_by = keeper_change.keeper_change_id
   and d.vehicle_id = keeper_change.vehicle_id;

-- Fails where there is one of no notice of its vehicle. The version before names it by verify.
create temporary table without_notice (count integer check (count = 0));
insert into without_notice (count)
select (select count(*) from former_keepership) + (select count(*) from former_document)
       - (select count(former_keepership_id) + count(former_document_reference_number) from keeper_change);
drop table temp.without_notice;

drop view keepership;
drop table former_keepership;
drop table former_document;

create view ended_keepership as
select vehicle_id, former_keepership_id as keepership_id, former_keepership_started_on as started_on,
       former_keepership_started_by as started_by, former_keepership_ended_on as ended_on,
       keeper_change_id as ended_by, former_keeper_title as title, former_keeper_first_names as first_names,
       former_keeper_last_name as last_name, former_keeper_business_name as business_name,
       former_keeper_fleet_number as fleet_number, former_keeper_driver_number as driver_number,
       former_keeper_email as email, former_keeper_address_line1 as address_line1,
       former_keeper_address_line2 as address_line2, former_keeper_address_line3 as address_line3,
       former_keeper_post_town as post_town, former_keeper_postcode as postcode
  from keeper_change
 where former_keepership_id is not null;

create view replaced_document as
select vehicle_id, former_document_reference_number as document_reference_number,
       former_document_issued_on as issued_on, former_document_issued_by as issued_by,
       former_document_replaced_on as replaced_on, keeper_change_id as replaced_by
  from keeper_change
 where former_document_reference_number is not null;

-- All keeperships, for whoever reads the register as a whole.
create view keepership as
select keepership_id, vehicle_id, keepership_started_on as started_on, keepership_started_by as started_by,
       null as ended_on, null as ended_by, keeper_title as title, keeper_first_names as first_names,
       keeper_last_name as last_name, keeper_business_name as business_name, keeper_fleet_number as fleet_number,
       keeper_driver_number as driver_number, keeper_email as email, keeper_address_line1 as address_line1,
       keeper_address_line2 as address_line2, keeper_address_line3 as address_line3, keeper_post_town as post_town,
       keeper_postcode as postcode
  from vehicle
 where keepership_id is not null
 union all
select keepership_id, vehicle_id, started_on, started_by, ended_on, ended_by, title, first_names, last_name,
       business_name, fleet_number, driver_number, email, address_line1, address_line2, address_line3, post_town,
       postcode
  from ended_keepership;
