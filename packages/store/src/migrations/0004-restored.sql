-- A connection that was restored from a backup gives the ids of what it forgot to other records: what is created for the
-- next record of such an id is another thing, and has another key.
alter table delivery add column era integer not null default 0;
-- The newest links of a connection are the first that a backup does not know.
create index link_at on link (entity, at);
