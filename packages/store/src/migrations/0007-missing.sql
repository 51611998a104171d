-- The connection in which one end of a link was not found when somebody was asked whether the connection was restored from
-- a backup. When they let it go on, this link is no reason to ask again.
alter table link add column missing_in text;
