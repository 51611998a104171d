-- Whoever carried the flow before had an older state of their database brought back then: what may have been written
-- since is looked for, whoever carries the flow now.
alter table flow add column lost_at timestamptz;
