-- The record whose words stand for a cause: so that whoever may not see personal data can be shown them without its.
alter table cause add column id text;
