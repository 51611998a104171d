-- Comparing the two sides of a flow: what was seen of each record stays as hashes, so that the next time only what
-- changed since has to be read.

-- Where a comparison has come to. The state is the engine's own.
create table comparison (
  flow text primary key,
  state jsonb,
  lease_until timestamptz,
  fence bigint not null default 0
);

create table compared (
  flow text not null,
  side text not null check (side in ('source', 'target')),
  id text not null,
  -- The record of the other side that it was linked to.
  other text,
  -- Why there is nothing to compare: 'left alone', 'unreadable'.
  state text,
  -- The fields that the flow carries, each as a hash.
  facts jsonb,
  at timestamptz not null,
  primary key (flow, side, id)
);

-- What was found twice, and stands until it is found to be right.
create table discrepancy (
  flow text not null,
  side text not null check (side in ('source', 'target')),
  id text not null,
  kind text not null,
  detail jsonb not null,
  since timestamptz not null,
  at timestamptz not null,
  primary key (flow, side, id)
);
