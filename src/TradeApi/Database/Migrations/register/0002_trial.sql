-- What the rows of a file that is only judged have done so far, for its later rows to see. Deleted when the file ends.

create table trial_vehicle (
    submission_id              uuid    not null,
    registration_number        text    not null,
    content                    text    not null,
    primary key (submission_id, registration_number)
);

create table trial_notice (
    submission_id              uuid    not null,
    organisation_id            text    not null,
    client_reference           text    not null,
    outcome                    text    not null check (outcome in ('accepted', 'referred')),
    vehicle_id                 uuid    not null,
    type                       text    not null,
    event_date                 date    not null,
    salt                       bytea   not null,
    digest                     bytea   not null,
    primary key (submission_id, organisation_id, client_reference)
);

create index trial_notice_of_vehicle on trial_notice (submission_id, vehicle_id);
