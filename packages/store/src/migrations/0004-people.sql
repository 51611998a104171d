-- Who may come in, and what they did.

create table person (
  id text primary key,
  name text not null,
  email text not null,
  role text not null,
  active boolean not null default true,
  -- Argon2id, with its parameters and salt. Null: no password yet, or none ever (signs in elsewhere).
  password text,
  -- Who vouches for them: the issuer and subject of OpenID Connect.
  issuer text,
  subject text,
  created_at timestamptz not null
);
create unique index person_email on person (lower(email));
create unique index person_subject on person (issuer, subject);

-- One-time links: the first set-up (no person), an invitation, a new password. Only digests are kept: who reads the
-- database cannot sign in with what is there.
create table invitation (
  digest bytea primary key,
  person text references person (id) on delete cascade,
  expires_at timestamptz not null
);
create index invitation_person on invitation (person);

create table session (
  id text primary key,
  digest bytea not null unique,
  person text not null references person (id) on delete cascade,
  begun_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  from_address text not null,
  agent text not null
);
create index session_person on session (person);

create table api_key (
  id text primary key,
  digest bytea not null unique,
  name text not null,
  -- Its first signs, to tell it from others.
  hint text not null,
  rights text[] not null,
  made_by text not null,
  made_at timestamptz not null,
  expires_at timestamptz,
  used_at timestamptz,
  used_from text,
  revoked_at timestamptz
);

-- How often somebody tried to sign in, by account and by address.
create table sign_in_try (
  key text primary key,
  since timestamptz not null,
  tries int not null
);

-- A sign-in that is under way at an OpenID provider.
create table oidc_try (
  digest bytea primary key,
  verifier text not null,
  nonce text not null,
  expires_at timestamptz not null
);

-- Unsafe calls that said a key: the same call again gets the same answer, and does nothing.
create table said_before (
  actor text not null,
  key text not null,
  request bytea not null,
  at timestamptz not null,
  -- Null while it is under way.
  status int,
  answer jsonb,
  primary key (actor, key)
);
create index said_before_at on said_before (at);

-- Who did what, and how it was before and after. A call is written down before it is done; what became of it follows in
-- a row of its own (`of`). Each row carries a digest over itself and the one before it: a row that is changed, taken out
-- or put between breaks the chain.
create table audit (
  seq bigint primary key,
  at timestamptz not null,
  of bigint,
  who text not null,
  how text not null,
  from_address text not null,
  what text not null,
  input jsonb,
  before jsonb,
  after jsonb,
  outcome text,
  digest bytea not null
);
create index audit_of on audit (of);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'The audit log is append-only.' using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_append_only before update or delete or truncate on audit
  for each statement execute function refuse_change();
