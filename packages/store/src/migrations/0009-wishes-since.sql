-- Since when a rule wishes for what it does: what was over before is not told. Until now, when it was made.
alter table alert_rule rename column made_at to wishes_since;
