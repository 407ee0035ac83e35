-- The vehicle names the last notice that is tied to it, and each notice the one before; the first names the id of zeros. An
-- index would have to be looked up in every month there is, for every notice that comes, and would cost each one a page.
-- See src/decisions/0009.

alter table vehicle add column last_keeper_change_id uuid;
alter table keeper_change add column previous_id uuid;

update keeper_change
   set previous_id = coalesce(n.previous_id, '00000000-0000-0000-0000-000000000000')
  from (select keeper_change_id,
               lag(keeper_change_id) over (partition by vehicle_id order by received_at, keeper_change_id) as previous_id
          from keeper_change
         where vehicle_id is not null) n
 where n.keeper_change_id = keeper_change.keeper_change_id;

update vehicle
   set last_keeper_change_id = n.keeper_change_id
  from (select vehicle_id, keeper_change_id,
               row_number() over (partition by vehicle_id order by received_at desc, keeper_change_id desc) as place
          from keeper_change
         where vehicle_id is not null) n
 where n.vehicle_id = vehicle.vehicle_id
   and n.place = 1;

drop index keeper_change_of_vehicle;
