-- Keys are codes and not words. Compared byte by byte they are found faster, are in one order on both databases, and no
-- index depends on the version of the system's rules for sorting words.
do $$
declare
    changes record;
begin
    for changes in
        select c.oid::regclass as table_name,
               string_agg(distinct format('alter column %I type text collate "C"', a.attname), ', ') as columns
          from pg_index i
          join pg_class c on c.oid = i.indrelid
          join pg_attribute a on a.attrelid = c.oid
                             and a.attnum = any(i.indkey)
         where c.relnamespace = current_schema()::regnamespace
           and not c.relispartition -- changes with its table
           and a.atttypid = 'text'::regtype
      group by c.oid
    loop
        execute format('alter table %s %s', changes.table_name, changes.columns);
        -- What was known of these columns went with the change.
        execute format('analyze %s', changes.table_name);
    end loop;
end
$$;
