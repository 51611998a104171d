-- Until when the other system takes a credential, as whoever entered it said; null: nobody said.
alter table secret add column expires_at timestamptz;
