-- The keepership that a notice has ended and the document that it has replaced stand on the notice itself: each had a row of
-- its own under the notice's id, which was written with it. Whoever reads them has views. Their names are new, for what a node
-- of an earlier version would do to the old ones is to be refused. See src/decisions/0009.

-- What a node still writes is in the copy, or waits and is refused.
lock table keeper_change, former_keepership, former_document in access exclusive mode;

alter table keeper_change
    add column former_keepership_id              uuid,
    add column former_keepership_started_on      date,
    add column former_keepership_started_by      uuid,
    add column former_keepership_ended_on        date,
    add column former_keeper_title               text,
    add column former_keeper_first_names         text,
    add column former_keeper_last_name           text,
    add column former_keeper_business_name       text,
    add column former_keeper_fleet_number        text,
    add column former_keeper_driver_number       text,
    add column former_keeper_email               text,
    add column former_keeper_address_line1       text,
    add column former_keeper_address_line2       text,
    add column former_keeper_address_line3       text,
    add column former_keeper_post_town           text,
    add column former_keeper_postcode            text,
    add column former_document_reference_number  text,
    add column former_document_issued_on         date,
    add column former_document_issued_by         uuid,
    add column former_document_replaced_on       date;

update keeper_change k
   set former_keepership_id = n.former_keepership_id,
       former_keepership_started_on = n.former_keepership_started_on,
       former_keepership_started_by = n.former_keepership_started_by,
       former_keepership_ended_on = n.former_keepership_ended_on,
       former_keeper_title = n.former_keeper_title,
       former_keeper_first_names = n.former_keeper_first_names,
       former_keeper_last_name = n.former_keeper_last_name,
       former_keeper_business_name = n.former_keeper_business_name,
       former_keeper_fleet_number = n.former_keeper_fleet_number,
       former_keeper_driver_number = n.former_keeper_driver_number,
       former_keeper_email = n.former_keeper_email,
       former_keeper_address_line1 = n.former_keeper_address_line1,
       former_keeper_address_line2 = n.former_keeper_address_line2,
       former_keeper_address_line3 = n.former_keeper_address_line3,
       former_keeper_post_town = n.former_keeper_post_town,
       former_keeper_postcode = n.former_keeper_postcode,
       former_document_reference_number = n.former_document_reference_number,
       former_document_issued_on = n.former_document_issued_on,
       former_document_issued_by = n.former_document_issued_by,
       former_document_replaced_on = n.former_document_replaced_on
  from (select coalesce(f.ended_by, d.replaced_by) as keeper_change_id,
               coalesce(f.vehicle_id, d.vehicle_id) as vehicle_id,
               f.keepership_id as former_keepership_id, f.started_on as former_keepership_started_on,
               f.started_by as former_keepership_started_by, f.ended_on as former_keepership_ended_on,
               f.title as former_keeper_title, f.first_names as former_keeper_first_names,
               f.last_name as former_keeper_last_name, f.business_name as former_keeper_business_name,
               f.fleet_number as former_keeper_fleet_number, f.driver_number as former_keeper_driver_number,
               f.email as former_keeper_email, f.address_line1 as former_keeper_address_line1,
               f.address_line2 as former_keeper_address_line2, f.address_line3 as former_keeper_address_line3,
               f.post_town as former_keeper_post_town, f.postcode as former_keeper_postcode,
               d.document_reference_number as former_document_reference_number,
               d.issued_on as former_document_issued_on, d.issued_by as former_document_issued_by,
               d.replaced_on as former_document_replaced_on
          from former_keepership f
          full join former_document d on d.replaced_by = f.ended_by
                                     and d.vehicle_id = f.vehicle_id) n
 where k.keeper_change_id = n.keeper_change_id
   and k.vehicle_id = n.vehicle_id;

do $$
begin
    if (select count(*) from former_keepership) + (select count(*) from former_document)
       <> (select count(former_keepership_id) + count(former_document_reference_number) from keeper_change) then
        raise exception
            'There is a former keepership or document of no notice of its vehicle. Run verify of the version before: it names it.';
    end if;
end
$$;

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
       cast(null as date) as ended_on, cast(null as uuid) as ended_by, keeper_title as title,
       keeper_first_names as first_names, keeper_last_name as last_name, keeper_business_name as business_name,
       keeper_fleet_number as fleet_number, keeper_driver_number as driver_number, keeper_email as email,
       keeper_address_line1 as address_line1, keeper_address_line2 as address_line2,
       keeper_address_line3 as address_line3, keeper_post_town as post_town, keeper_postcode as postcode
  from vehicle
 where keepership_id is not null
 union all
select keepership_id, vehicle_id, started_on, started_by, ended_on, ended_by, title, first_names, last_name,
       business_name, fleet_number, driver_number, email, address_line1, address_line2, address_line3, post_town,
       postcode
  from ended_keepership;

analyze keeper_change;
