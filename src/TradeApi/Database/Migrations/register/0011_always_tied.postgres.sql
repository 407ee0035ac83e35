-- A node of an earlier version does not know of ties: what it would write is refused, and not lost from the vehicle unseen.
alter table keeper_change
    add constraint keeper_change_is_tied check (vehicle_id is null or previous_id is not null);
