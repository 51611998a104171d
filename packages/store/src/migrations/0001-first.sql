-- Everything that Linchpin knows. Times are instants of the database's clock, handed in by the caller; nothing here
-- calls now(). Every record is known by (connection, entity, id), where id is the record's own in its own system.

create table connection (
  name text primary key,
  connector text not null,
  since timestamptz not null,
  paused_at timestamptz,
  paused_by text,
  paused_reason text,
  -- Paused by Linchpin itself for trouble with sign-in or settings: it looks again by itself.
  paused_kind text,
  blocked_until timestamptz,
  failures integer not null default 0,
  -- The rate limiter's bucket, shared by all nodes.
  tokens double precision,
  tokens_at timestamptz
);

create table flow (
  name text primary key,
  entity text not null,
  from_connection text not null,
  to_connection text not null,
  active boolean not null,
  priority integer not null,
  -- When this flow ran for the first time: older orders are somebody else's work.
  since timestamptz not null,
  paused_at timestamptz,
  paused_by text,
  paused_reason text
);

create table poll (
  connection text not null,
  entity text not null,
  cursor text,
  next_at timestamptz not null,
  lease_until timestamptz,
  fence bigint not null default 0,
  finished_at timestamptz,
  rounds bigint not null default 0,
  failures integer not null default 0,
  problem text,
  primary key (connection, entity)
);

create table record (
  connection text not null,
  entity text not null,
  id text not null,
  version text not null,
  hash text not null,
  -- The vendor's own row, and what the mapping made of it (null where it could not).
  row jsonb not null,
  canonical jsonb,
  problem text,
  read_at timestamptz not null,
  changed_at timestamptz not null,
  -- Since when it is not found, and since when it counts as gone.
  missed_at timestamptz,
  gone_at timestamptz,
  primary key (connection, entity, id)
);
create index record_missed on record (connection, entity) where missed_at is not null;

create table record_history (
  connection text not null,
  entity text not null,
  id text not null,
  seq bigint generated always as identity,
  at timestamptz not null,
  version text not null,
  hash text not null,
  cause text not null,
  canonical jsonb,
  primary key (connection, entity, id, seq)
);

-- Every number that people may search by.
create table reference (
  value text not null,
  kind text not null,
  connection text not null,
  entity text not null,
  id text not null,
  primary key (connection, entity, id, kind, value)
);
create index reference_value on reference (lower(value));

-- What belongs to what within one connection: a shipment to its order.
create table parent (
  connection text not null,
  entity text not null,
  id text not null,
  parent_entity text not null,
  parent_id text not null,
  primary key (connection, entity, id, parent_entity, parent_id)
);
create index parent_of on parent (connection, parent_entity, parent_id);

-- "Record X of A may have changed": one row a record; a newer one overwrites the older.
create sequence notice_seq;
create table notice (
  connection text not null,
  entity text not null,
  id text not null,
  cause text not null,
  force boolean not null default false,
  state text not null check (state in ('ready', 'later', 'running')),
  seq bigint not null default nextval('notice_seq'),
  gen bigint not null default 1,
  claimed_gen bigint not null default 0,
  run_at timestamptz not null,
  lease_until timestamptz,
  fence bigint not null default 0,
  tries integer not null default 0,
  primary key (connection, entity, id)
);
create index notice_ready on notice (connection, seq) where state = 'ready';
create index notice_later on notice (run_at) where state <> 'ready';

-- The standing duty to make B reflect A, for one flow and one record.
create sequence delivery_seq;
create table delivery (
  flow text not null,
  id text not null,
  entity text not null,
  from_connection text not null,
  to_connection text not null,
  -- Deliveries of one lane are never in flight together: a shipment and an invoice of one order.
  lane text not null,
  state text not null
    check (state in ('ready', 'later', 'running', 'waiting', 'parked', 'done', 'skipped')),
  seq bigint not null default nextval('delivery_seq'),
  force boolean not null default false,
  gen bigint not null default 1,
  claimed_gen bigint not null default 0,
  owed_at timestamptz not null,
  run_at timestamptz not null,
  lease_until timestamptz,
  node text,
  fence bigint not null default 0,
  -- Failed tries since it was last owed anew, and attempts of all time.
  tries integer not null default 0,
  attempt integer not null default 0,
  -- A write that may be under way: 'create' or 'update', its key, when at the latest it was sent, and when a create
  -- that did not show up by then never will.
  intent text check (intent in ('create', 'update')),
  intent_key text,
  send_by timestamptz,
  settled_by timestamptz,
  -- An earlier write was sent by then at the latest, and never answered: it may still arrive, after a newer one.
  unanswered_by timestamptz,
  sent_hash text,
  problem_kind text,
  problem text,
  parked_at timestamptz,
  worth numeric,
  currency text,
  settled_at timestamptz,
  primary key (flow, id)
);
create index delivery_ready on delivery (flow, seq) where state = 'ready';
create index delivery_later on delivery (run_at) where state in ('later', 'waiting');
create index delivery_leased on delivery (lease_until) where state = 'running';
create unique index delivery_lane on delivery (to_connection, lane) where state = 'running';
create index delivery_parked on delivery (parked_at) where state = 'parked';
create index delivery_record on delivery (from_connection, entity, id);

-- A delivery that waits until this record is linked.
create table waiting (
  flow text not null,
  id text not null,
  entity text not null,
  from_connection text not null,
  from_id text not null,
  to_connection text not null,
  primary key (flow, id, entity, from_connection, from_id, to_connection)
);
create index waiting_for on waiting (entity, from_connection, from_id, to_connection);

-- This shop order is that ERP order. The connection whose name sorts first stands left.
create table link (
  entity text not null,
  left_connection text not null,
  left_id text not null,
  right_connection text not null,
  right_id text not null,
  -- A second record of one side that is the same as one already linked: a guest who is also a customer.
  alias boolean not null default false,
  how text not null,
  flow text,
  at timestamptz not null,
  primary key (entity, left_connection, right_connection, left_id, right_id)
);
create unique index link_left on link (entity, left_connection, right_connection, left_id) where not alias;
create unique index link_right on link (entity, left_connection, right_connection, right_id) where not alias;
create index link_right_any on link (entity, right_connection, left_connection, right_id);

-- The version that our last write left at the target, to know its echo.
create table written (
  connection text not null,
  entity text not null,
  id text not null,
  version text,
  from_connection text not null,
  -- How many echoes in a row led to this write: systems that never agree on a value must not answer each other for ever.
  bounces integer not null default 0,
  at timestamptz not null,
  primary key (connection, entity, id)
);

create table attempt (
  flow text not null,
  id text not null,
  attempt integer not null,
  at timestamptz not null,
  ended_at timestamptz,
  node text not null,
  operation text not null,
  key text not null,
  request jsonb,
  outcome text,
  target_id text,
  problem_kind text,
  problem text,
  primary key (flow, id, attempt)
);

create table journal (
  seq bigint generated always as identity primary key,
  at timestamptz not null,
  connection text,
  entity text,
  id text,
  flow text,
  who text not null,
  what text not null,
  words text not null,
  detail jsonb
);
create index journal_record on journal (connection, entity, id, seq);

-- What the orders of a shop take from stock, until the ERP knows them.
create table demand (
  connection text not null,
  order_id text not null,
  product text not null,
  quantity numeric not null,
  primary key (connection, order_id, product)
);
create index demand_product on demand (connection, product);

-- What each product cost when: the law on price reductions asks for the lowest price of 30 days.
create table price_history (
  connection text not null,
  product text not null,
  price_list text not null default '',
  currency text not null,
  seq bigint generated always as identity,
  list numeric not null,
  sale numeric,
  sale_from timestamptz,
  sale_to timestamptz,
  tax_inclusive boolean not null,
  at timestamptz not null,
  primary key (connection, product, price_list, currency, seq)
);

-- Files that belong to records: the PDF of an invoice.
create table file (
  connection text not null,
  entity text not null,
  id text not null,
  name text not null,
  media_type text not null,
  sha256 text not null,
  bytes bytea not null,
  fetched_at timestamptz not null,
  primary key (connection, entity, id)
);

create table secret (
  connection text not null,
  name text not null,
  sealed text not null,
  changed_at timestamptz not null,
  primary key (connection, name)
);

create table node (
  name text primary key,
  started_at timestamptz not null,
  seen_at timestamptz not null
);
