-- Until when the remote asked us to leave it alone (Retry-After): no request may leave, whoever wants to send it. What is
-- blocked after a failure may be tried sooner by a person who resumes it; this may not.
alter table connection add column left_alone_until timestamptz;
