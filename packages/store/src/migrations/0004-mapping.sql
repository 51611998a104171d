-- Mappings that people made in the console, and corrections of single records.

-- An operator's own mapping as it was saved once, under the name of what it maps. Version 0 is the configuration's.
create table mapping_version (
  name text not null,
  version integer not null,
  own jsonb not null,
  at timestamptz not null,
  who text not null,
  why text not null,
  primary key (name, version)
);

-- The one that counts; without a row, the configuration's.
create table mapping_live (
  name text primary key,
  version integer not null,
  at timestamptz not null,
  who text not null,
  why text not null
);

-- What a person put right in a record as its system has it: while a value is still what it was, another is taken.
create table correction (
  connection text not null,
  entity text not null,
  id text not null,
  changes jsonb not null,
  at timestamptz not null,
  who text not null,
  why text not null,
  primary key (connection, entity, id)
);

-- By which version a record was read, and by which one it was written.
alter table record_history add column mapping integer not null default 0;
alter table attempt add column mapping integer not null default 0;
