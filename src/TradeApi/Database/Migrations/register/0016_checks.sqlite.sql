-- Of a list of more than two values SQLite makes a table in memory whenever a row is checked by it, which took longer than
-- changing the row. The same, said value by value, costs nothing. Only the texts are replaced: no row has to be looked at
-- (see "Making Other Kinds Of Table Schema Changes" in SQLite's description of ALTER TABLE). A connection that is open
-- elsewhere goes on by the texts from before, which say the same. See src/decisions/0009.

pragma writable_schema = on;

update sqlite_schema
   set sql = replace(
           replace(
               sql,
               'state in (''withKeeper'', ''inTrade'', ''withInsurer'', ''keeperDeceased'', ''exported'', ''destroyed'')',
               'state = ''withKeeper'' or state = ''inTrade'' or state = ''withInsurer'' or state = ''keeperDeceased'''
               || ' or state = ''exported'' or state = ''destroyed'''
           ),
           'salvage_category in (''A'', ''B'', ''S'', ''N'')',
           'salvage_category = ''A'' or salvage_category = ''B'' or salvage_category = ''S'' or salvage_category = ''N'''
       )
 where type = 'table'
   and name = 'vehicle';

update sqlite_schema
   set sql = replace(
           sql,
           'outcome in (''accepted'', ''refused'', ''referred'')',
           'outcome = ''accepted'' or outcome = ''refused'' or outcome = ''referred'''
       )
 where type = 'table'
   and name = 'keeper_change';

update sqlite_schema
   set sql = replace(
           sql,
           'outcome in (''accepted'', ''refused'', ''referred'', ''duplicate'')',
           'outcome = ''accepted'' or outcome = ''refused'' or outcome = ''referred'' or outcome = ''duplicate'''
       )
 where type = 'table'
   and name = 'submission_result';

update sqlite_schema
   set sql = replace(
           sql,
           'state in (''offered'', ''active'', ''ended'', ''declined'', ''lapsed'')',
           'state = ''offered'' or state = ''active'' or state = ''ended'' or state = ''declined'' or state = ''lapsed'''
       )
 where type = 'table'
   and name = 'mandate';

update sqlite_schema
   set sql = replace(
           replace(
               sql,
               'state in (''receiving'', ''processing'', ''completed'', ''cancelled'', ''failed'')',
               'state = ''receiving'' or state = ''processing'' or state = ''completed'' or state = ''cancelled'''
               || ' or state = ''failed'''
           ),
           'format in (''ndjson'', ''csv'', ''json'')',
           'format = ''ndjson'' or format = ''csv'' or format = ''json'''
       )
 where type = 'table'
   and name = 'submission';

pragma writable_schema = reset;

-- Fails where a text was another than the migrations before have made. (Two values may be listed: of those it makes no table.)
create temporary table list_left (count integer check (count = 0));
insert into list_left (count)
select count(*)
  from sqlite_schema
 where type = 'table'
   and sql like '% in (''%'', ''%'', ''%)%';
drop table temp.list_left;
