-- The state of the source's record that our last write was made of: what comes back as it was written is no change.
alter table written add column source_hash text;
