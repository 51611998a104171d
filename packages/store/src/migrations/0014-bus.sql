-- Whoever carried the flow before had an older state of their database brought back then: what may have been written
-- since is looked for, whoever carries the flow now.
alter table flow add column lost_at timestamptz;

-- What was linked again by a process whose clock was behind was dated before what it had been unlinked by.
update link l set at = u.at + interval '1 millisecond' from unlinked u
where u.entity = l.entity and u.left_connection = l.left_connection and u.right_connection = l.right_connection
  and u.left_id = l.left_id and u.right_id = l.right_id and l.at <= u.at;
