-- What protects proofs from being found by trying: who has sent how many wrong ones, and what follows from it.

-- A wrong proof by its digest, so that the same one sent again is no new guess. The number itself is not kept.
create table wrong_proof (
    registration_number        text        not null,
    organisation_id            text        not null,
    proof_hash                 bytea       not null,
    made_at                    timestamptz not null,
    primary key (registration_number, organisation_id, proof_hash)
);

create index wrong_proof_made_at on wrong_proof (made_at);

-- An organisation at a mark: its wrong proofs in a row, how often it was locked since its last right one, and until when.
create table proof_lock (
    registration_number        text        not null,
    organisation_id            text        not null,
    wrong_in_a_row             integer     not null,
    locks                      integer     not null,
    locked_until               timestamptz,
    changed_at                 timestamptz not null,
    primary key (registration_number, organisation_id)
);

create index proof_lock_changed_at on proof_lock (changed_at);

-- Marks guessed at so often that a person must look; until staff lift it.
create table guarded_mark (
    registration_number        text        primary key,
    since                      timestamptz not null
);

-- Judged proofs of an organisation by the hour, and how many of them were wrong anew.
create table proof_hour (
    organisation_id            text        not null,
    hour                       timestamptz not null,
    notices                    integer     not null,
    wrong                      integer     not null,
    primary key (organisation_id, hour)
);

-- Organisations that are held to one notice a second, over all nodes.
create table held_organisation (
    organisation_id            text        primary key,
    since                      timestamptz not null,
    next_notice_at             timestamptz not null
);
