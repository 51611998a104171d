-- What is still to be told on the bus: one row for each record, link and outcome, whatever changed and however often.
-- The row only says that there is news; what is told is how it stands when it is told.
create sequence outbox_seq;
create table outbox (
  kind text not null check (kind in ('record', 'link', 'outcome')),
  -- record: connection, entity, id; link: entity, and connection and id of either side; outcome: flow, id.
  key jsonb not null,
  -- Somebody waits for it: it is told, and carried, even if nothing changed.
  force boolean not null default false,
  seq bigint not null default nextval('outbox_seq'),
  primary key (kind, key)
);
create index outbox_order on outbox (seq);

-- Another process carried the flow before: what was read until then may be older than what it wrote.
alter table delivery add column read_after timestamptz;
