-- When a record is to be read once more than the reading that is under way or due sooner: what it tells of would come too
-- early for this (a stock figure shows an order some seconds after the order is there).
alter table notice add column again_at timestamptz;
