-- How both sides of a flow stood each time that they had been compared.
create table comparison_past (
  flow text not null,
  at timestamptz not null,
  same integer not null,
  -- How many there were of each kind of discrepancy.
  kinds jsonb not null,
  primary key (flow, at)
);

-- Fields that a person had comparisons leave out, in all records of a flow ('') or in one of its source's.
create table ignored_field (
  flow text not null,
  field text not null,
  record text not null default '',
  since timestamptz not null,
  who text not null,
  why text not null,
  primary key (flow, field, record)
);
