-- What was linked and is no longer, and when that was said. Links are told from one database to another, and told again:
-- one that was made before then does not stand any more.
create table unlinked (
  entity text not null,
  left_connection text not null,
  left_id text not null,
  right_connection text not null,
  right_id text not null,
  at timestamptz not null,
  primary key (entity, left_connection, right_connection, left_id, right_id)
);
