-- The first load of a flow: where it has come to. The state is the engine's own.
create table load (
  flow text primary key,
  state jsonb not null,
  lease_until timestamptz,
  fence bigint not null default 0
);
