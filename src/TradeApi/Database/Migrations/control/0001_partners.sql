-- Who may call: organisations, their software (clients), what it proves itself with (credentials), and our own keys.

create table organisation (
    organisation_id text        primary key,
    name            text        not null,
    kind            text        not null,
    state           text        not null
        check (state in ('registered', 'sandbox', 'underReview', 'live', 'suspended', 'closed')),
    permit_numbers  text        not null,
    fleet_numbers   text        not null,
    created_at      timestamptz not null
);

create table client (
    client_id       text        primary key,
    organisation_id text        not null references organisation (organisation_id),
    environment     text        not null check (environment in ('sandbox', 'live')),
    scopes          text        not null,
    created_at      timestamptz not null,
    removed_at      timestamptz
);

create index client_of_organisation on client (organisation_id);

create table credential (
    credential_id   uuid        primary key,
    client_id       text        not null references client (client_id),
    secret_hash     bytea,
    public_key      text,
    created_at      timestamptz not null,
    last_used_at    timestamptz,
    expires_at      timestamptz,
    removed_at      timestamptz,
    check ((secret_hash is null) <> (public_key is null))
);

create index credential_of_client on credential (client_id);

-- A client assertion is good for one token: its jti is kept until it would have expired anyway.
create table client_assertion (
    client_id       text        not null,
    jti             text        not null,
    expires_at      timestamptz not null,
    primary key (client_id, jti)
);

create index client_assertion_expiry on client_assertion (expires_at);

create table signing_key (
    key_id          text        primary key,
    purpose         text        not null check (purpose in ('token', 'receipt')),
    private_key     text        not null,
    signs_from      timestamptz not null,
    created_at      timestamptz not null,
    revoked_at      timestamptz
);

create table audit_entry (
    audit_entry_id  uuid        primary key,
    occurred_at     timestamptz not null,
    actor           text        not null,
    action          text        not null,
    subject         text        not null,
    detail          text        not null
);
