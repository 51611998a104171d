-- Flows that work in batches, and how much of what changed the webhooks missed.

-- Since when the flow works in batches; null: it does not.
alter table flow add column batch_since timestamptz;

-- When the poll last had nothing more to read, by the beginning of that look; and when that was so for the first time.
alter table poll add column caught_up_at timestamptz;
alter table poll add column first_caught_up_at timestamptz;

-- One run of a flow in batches.
create table run (
  flow text not null,
  -- The time by the clock that it stands for.
  due_at timestamptz not null,
  -- Nobody was there to do it, and the flow does not catch up.
  left_out boolean not null,
  began_at timestamptz not null,
  -- The source is read: what was owed by then belongs to this run.
  cut_at timestamptz,
  ended_at timestamptz,
  read integer not null default 0,
  created integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  skipped integer not null default 0,
  parked integer not null default 0,
  primary key (flow, due_at)
);
create unique index run_open on run (flow) where ended_at is null;

-- What a person asked for, or a run has taken up, does not wait for the next run.
create index delivery_asked on delivery (flow) where state = 'ready' and (force or tries > 0);

-- It only grows: a summary of each range of pages is enough to find a day.
create index record_history_at on record_history using brin (at) with (pages_per_range = 16, autosummarize = on);
