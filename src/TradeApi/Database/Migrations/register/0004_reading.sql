-- What is read from a register: tax and MOT of a vehicle, the vehicles of a fleet, one's own notices, and who asked for
-- a keeper.

-- The first day that no tax is paid for, and the last day of the MOT, as an import brought them.
alter table vehicle add column tax_due_on date;
alter table vehicle add column mot_expires_on date;

-- Every look-up of a keeper, written before it is answered.
create table keeper_enquiry (
    keeper_enquiry_id          uuid        primary key,
    organisation_id            text        not null,
    client_id                  text        not null,
    asked_at                   timestamptz not null,
    purpose                    text        not null,
    case_reference             text        not null,
    registration_number        text        not null,
    vehicle_id                 uuid,
    on_date                    date        not null,
    answered                   boolean     not null
);

-- Who has asked after this vehicle's keepers is what its keepers ask; what has this organisation asked, an auditor.
create index keeper_enquiry_of_vehicle on keeper_enquiry (vehicle_id, asked_at);
create index keeper_enquiry_of_organisation on keeper_enquiry (organisation_id, asked_at);

-- A fleet reads its vehicles in this order, page by page. Nobody else's keepership stands in it.
create index keepership_of_fleet
    on keepership (fleet_number, vehicle_id)
 where ended_on is null and fleet_number is not null;

-- Own notices, newest first: those sent for an organisation, and those that it sent for another (few, so the second
-- index costs a notice sent for oneself nothing).
create index keeper_change_of_organisation on keeper_change (organisation_id, received_at, keeper_change_id);
create index keeper_change_of_sender
    on keeper_change (submitted_by, received_at, keeper_change_id)
 where submitted_by <> organisation_id;

-- A mark or a reference names a handful of notices, of whichever organisation, refused ones among them.
create index keeper_change_of_mark on keeper_change (registration_number);
create index keeper_change_of_client_reference on keeper_change (client_reference);
