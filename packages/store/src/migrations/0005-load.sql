-- The first load of a flow: where it has come to. The state is the engine's own.
create table load (
  flow text primary key,
  state jsonb not null,
  lease_until timestamptz,
  fence bigint not null default 0
);

-- What a look before a load has met: a list of changes tells some records more than once.
create table load_seen (
  flow text not null,
  id text not null,
  page integer not null,
  primary key (flow, id)
);
