-- Why it is to be read once more at `again_at`: what is read sooner is read for the notice's own cause.
alter table notice add column again_cause text;
