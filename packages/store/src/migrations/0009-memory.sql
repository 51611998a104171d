-- Which PostgreSQL this is, and since when its history is its own (its timeline). Another one means that an older state was
-- brought back, from a backup or by a replica that lagged: what was committed after that state is forgotten.
create table memory (
  one boolean primary key default true check (one),
  system text not null,
  timeline text not null,
  -- When it was noticed last that something is forgotten.
  lost_at timestamptz
);

-- After a loss, a create of this flow may stand in the target and not be found for so long; null: sent again, it is made
-- only once. And for so long any write may still be on its way.
alter table flow add column unseen_ms int;
alter table flow add column in_flight_ms int not null default 60000;

-- Nothing was written of this record before that instant without being known here.
alter table delivery add column sure_since timestamptz;
