-- What a person approved in a plan: the row of this hash, and no other, may be written. A newer duty takes its place.
alter table delivery add column expect text;
