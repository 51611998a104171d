-- Who is told of what, and what was told.

-- A way to reach people. Its secrets are sealed in `secret`, as those of the connection 'alerts/<id>'.
create table alert_channel (
  id text primary key,
  name text not null,
  kind text not null check (kind in ('email', 'slack', 'teams', 'webhook')),
  settings jsonb not null,
  language text not null,
  made_at timestamptz not null,
  sent_at timestamptz,
  -- Why the last message did not get through; null: it did.
  problem text,
  failed_at timestamptz
);

create table alert_rule (
  id text primary key,
  name text not null,
  active boolean not null,
  -- Events, flows, connections, channels, digest, quiet hours: the engine's own.
  what jsonb not null,
  made_at timestamptz not null
);

-- One node at a time looks at how everything stands: the one that holds the lease.
create table alert_watch (
  one boolean primary key default true check (one),
  lease_until timestamptz,
  fence bigint not null default 0
);

-- Something that is wrong, from when it was first seen until it was not seen any more for a while.
create table incident (
  cause text not null,
  began_at timestamptz not null,
  event text not null,
  flow text,
  connection text,
  -- How many records it is about: now, and at most.
  words text not null,
  count integer not null,
  most integer not null,
  worth jsonb not null,
  seen_at timestamptz not null,
  ended_at timestamptz,
  primary key (cause, began_at)
);
create unique index incident_open on incident (cause) where ended_at is null;
create index incident_ended on incident (ended_at);

-- What a rule has told of an incident: each of it once.
create table alert_told (
  rule text not null references alert_rule (id) on delete cascade,
  cause text not null,
  began_at timestamptz not null,
  is_end boolean not null,
  primary key (rule, cause, began_at, is_end),
  foreign key (cause, began_at) references incident (cause, began_at) on delete cascade
);

-- A message to one channel: written down first, then sent, until it got through or was given up.
create table alert_message (
  seq bigint generated always as identity primary key,
  -- What the receiver may know a repetition by.
  id text not null unique,
  channel text not null,
  -- As they were called then; no rule: a test.
  channel_name text not null,
  rule_name text,
  recipient text not null,
  items jsonb not null,
  made_at timestamptz not null,
  state text not null check (state in ('due', 'sent', 'given up')),
  tries integer not null default 0,
  next_at timestamptz not null,
  lease_until timestamptz,
  fence bigint not null default 0,
  problem text,
  settled_at timestamptz
);
create index alert_message_due on alert_message (channel, seq) where state = 'due';
create index alert_message_made on alert_message (made_at);
