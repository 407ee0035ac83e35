-- Whose file was worked on when: the workers take the organisations in turns, over all nodes.
create table worker_turn (
    organisation_id            text        primary key,
    served_at                  timestamptz not null
);
