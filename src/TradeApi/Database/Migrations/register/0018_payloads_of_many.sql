-- What partners wrote in the single notices that are saved together is one payload, text after text: a row for each cost more
-- than all of them in one. A notice names its payload and the bytes of its own text there; the first byte is 0. Where it names
-- none, the payload is its own, under its own id. See src/decisions/0009.

alter table keeper_change add column payload_id uuid;
alter table keeper_change add column payload_start integer;
alter table keeper_change add column payload_length integer;
