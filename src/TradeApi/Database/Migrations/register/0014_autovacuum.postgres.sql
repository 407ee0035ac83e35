-- When notices come fast, every table had grown by its twentieth within a minute, and was vacuumed and analysed each minute: two
-- seconds of a processor, in which single notices waited. Nothing is gained by that. In what only grows there are no dead rows;
-- what writes has plans that no statistics change, and what reads goes by the order of an index; and a page of vehicles is
-- cleaned by whoever writes to it (HOT). Index-only scans have to look into the pages of the last rows until then.
-- See src/decisions/0009.

alter table vehicle set (autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.1);

-- What only grows, or is emptied by age: the first time after so many rows, and then with each twentieth.
create or replace function vacuum_seldom(name text) returns void
    language plpgsql
    set search_path from current
as $$
begin
    execute format(
        'alter table %I set (autovacuum_vacuum_insert_threshold = 500000, autovacuum_vacuum_insert_scale_factor = 0.05,'
        ' autovacuum_analyze_threshold = 500000, autovacuum_analyze_scale_factor = 0.05)',
        name
    );
end
$$;

select vacuum_seldom(name)
  from unnest(array['former_keepership', 'former_document', 'former_details', 'used_reference', 'idempotency_key', 'payload']) name;

select vacuum_seldom(c.relname)
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
 where i.inhparent in ('keeper_change'::regclass, 'ledger_leaf'::regclass);

create or replace function add_months(since timestamptz, months integer) returns void
    language plpgsql
    set search_path from current
as $$
declare
    month timestamptz := date_trunc('month', since, 'UTC');
    parent text;
    part text;
begin
    for i in 1 .. months loop
        foreach parent in array array['keeper_change', 'ledger_leaf'] loop
            part := parent || to_char(month at time zone 'UTC', '_YYYY_MM');
            if to_regclass(part) is null then
                begin
                    execute format('create table %I (like %I including all)', part, parent);
                    perform vacuum_seldom(part);
                    execute format(
                        'alter table %I attach partition %I for values from (%L) to (%L)',
                        parent, part, first_id(month), first_id(month + interval '1 month')
                    );
                exception when check_violation then
                    -- Rows of this month have come already and stay among the others. That stops nothing.
                    raise warning '% is not made: rows of that month are in %_other', part, parent;
                end;
            end if;
        end loop;
        month := (month at time zone 'UTC' + interval '1 month') at time zone 'UTC';
    end loop;
end
$$;
