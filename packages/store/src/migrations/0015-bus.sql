-- How often this process took the flow up from another one: a slow node, which still holds a page of what was handed over,
-- sees that another node has it already.
alter table flow add column takes integer not null default 0;
