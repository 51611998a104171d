-- What people look at and write in the console.

-- One index serves both whoever pastes a number and whoever types its beginning.
drop index reference_value;
create index reference_value on reference (lower(value) text_pattern_ops);

-- Both only grow, so that a summary of each range of pages is enough to find a day, and costs the hot path nothing.
create index journal_at on journal using brin (at) with (pages_per_range = 16, autosummarize = on);
create index attempt_at on attempt using brin (at) with (pages_per_range = 16, autosummarize = on);
create index delivery_owed on delivery using brin (owed_at) with (pages_per_range = 16, autosummarize = on);

-- Said by people about a record. It never leaves Linchpin.
create table comment (
  seq bigint generated always as identity primary key,
  at timestamptz not null,
  connection text not null,
  entity text not null,
  id text not null,
  who text not null,
  words text not null
);
create index comment_record on comment (connection, entity, id);

-- Why deliveries are or were parked. A cause that was resolved and came back has returned.
create table cause (
  cause text primary key,
  flow text not null,
  kind text not null,
  words text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  resolved_at timestamptz,
  returns integer not null default 0,
  -- How many were parked for it when it was last looked at.
  count integer not null
);

-- A pause that ends by itself.
create table pause_end (
  kind text not null check (kind in ('flow', 'connection')),
  name text not null,
  at timestamptz not null,
  primary key (kind, name)
);
