-- What writes of which nobody knows whether they arrived would leave in the target: the hash of their row where it is the same
-- for all of them, '' where it is not or is not known. Nothing has to be written again because one of those may come late.
alter table delivery add column doubt_hash text;
