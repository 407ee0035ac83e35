-- A register: vehicles and their history, what was notified and decided, and the ledger that proves it.

create table vehicle (
    vehicle_id                 uuid    primary key,
    registration_number        text    not null unique,
    vin                        text    not null,
    make                       text    not null,
    model                      text    not null,
    colour                     text    not null,
    fuel_type                  text    not null,
    vehicle_class              text    not null,
    date_of_first_registration date    not null,
    state                      text    not null check (
        state in ('withKeeper', 'inTrade', 'withInsurer', 'keeperDeceased', 'exported', 'destroyed')),
    state_since                date    not null,
    held_by                    text,
    salvage_category           text    check (salvage_category in ('A', 'B', 'S', 'N')),
    stolen                     boolean not null,
    dispute_open               boolean not null,
    document_suppressed        boolean not null,
    off_road                   boolean not null,
    last_mileage               integer,
    tax_ended_on               date
);

create table keepership (
    keepership_id              uuid    primary key,
    vehicle_id                 uuid    not null references vehicle (vehicle_id),
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
    postcode                   text
);

create index keepership_of_vehicle on keepership (vehicle_id);
create unique index keepership_in_force on keepership (vehicle_id) where ended_on is null;

create table document (
    vehicle_id                 uuid    not null references vehicle (vehicle_id),
    document_reference_number  text    not null,
    issued_on                  date,
    replaced_on                date,
    issued_by                  uuid,
    replaced_by                uuid,
    primary key (vehicle_id, document_reference_number)
);

create unique index document_in_force on document (vehicle_id) where replaced_on is null;

create table mandate (
    mandate_id                 text    primary key,
    granted_by                 text    not null,
    acting_organisation_id     text    not null,
    event_types                text    not null,
    state                      text    not null check (state in ('offered', 'active', 'ended', 'declined', 'lapsed')),
    starts_on                  date,
    ends_on                    date
);

create index mandate_of_acting_organisation on mandate (acting_organisation_id, granted_by);

create table keeper_change (
    keeper_change_id           uuid        primary key,
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
    digest                     bytea       not null
);

-- A clientReference is accepted or referred once for ever for the organisation acted for; a refusal does not use it up.
create unique index keeper_change_reference
    on keeper_change (organisation_id, client_reference)
 where outcome <> 'refused';

create index keeper_change_of_vehicle on keeper_change (vehicle_id) where outcome <> 'refused';

-- What the partner wrote, once and only here, so that one rule can end its keeping.
create table payload (
    payload_id                 uuid        primary key,
    submission_id              uuid,
    first_row                  integer     not null,
    row_count                  integer     not null,
    received_at                timestamptz not null,
    content                    bytea       not null
);

create unique index payload_of_submission on payload (submission_id, first_row) where submission_id is not null;

create table submission (
    submission_id              uuid        primary key,
    organisation_id            text        not null,
    client_id                  text        not null,
    state                      text        not null
        check (state in ('receiving', 'processing', 'completed', 'cancelled', 'failed')),
    mode                       text        not null check (mode in ('commit', 'validate')),
    format                     text        not null check (format in ('ndjson', 'csv', 'json')),
    csv_header                 text,
    file_name                  text,
    content_digest             text,
    created_at                 timestamptz not null,
    completed_at               timestamptz,
    rows_total                 integer     not null,
    rows_accepted              integer     not null,
    rows_refused               integer     not null,
    rows_referred              integer     not null,
    rows_duplicate             integer     not null,
    next_row                   integer     not null,
    failures                   integer     not null,
    lease_owner                text,
    lease_until                timestamptz,
    epoch                      integer     not null
);

create index submission_of_organisation on submission (organisation_id, submission_id);
create index submission_at_work on submission (created_at) where state in ('receiving', 'processing');

create table submission_result (
    submission_id              uuid        not null,
    row_number                 integer     not null,
    client_reference           text,
    outcome                    text        not null
        check (outcome in ('accepted', 'refused', 'referred', 'duplicate')),
    keeper_change_id           uuid,
    findings                   text,
    primary key (submission_id, row_number)
);

create table idempotency_key (
    client_id                  text        not null,
    idempotency_key            text        not null,
    operation                  text        not null,
    fingerprint                bytea,
    status                     integer,
    keeper_change_id           uuid,
    submission_id              uuid,
    created_at                 timestamptz not null,
    primary key (client_id, idempotency_key)
);

create table ledger_leaf (
    position                   bigint      primary key,
    keeper_change_id           uuid        not null unique,
    organisation_id            text        not null,
    submitted_by               text        not null,
    outcome                    text        not null,
    decided_at                 timestamptz not null,
    leaf_hash                  bytea       not null
);

-- Written last in each deciding transaction: whoever holds this row numbers its leaves, so positions are dense and
-- stand in commit order.
create table ledger_head (
    ledger_head_id             integer     primary key check (ledger_head_id = 1),
    size                       bigint      not null
);

insert into ledger_head (ledger_head_id, size) values (1, 0);
