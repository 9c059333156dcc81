-- The register of people: a row a change, nothing is overwritten. From a day on a person has a role, which gives the
-- whole oblast (`given` is empty), a municipality, a school or an institution; or has it no more.
create table people (
    entry_id integer not null,
    person varchar not null,
    role varchar not null,
    given varchar not null,
    has boolean not null,
    since date not null
);

-- A password is a secret and no history: only what it is known again by, and the wrong tries since the last right one.
create table passwords (
    person varchar primary key,
    hash varchar not null,
    set_at timestamp not null,
    wrong integer not null,
    last_wrong timestamp
);

-- When each person signed in for the last time.
create table people_seen (
    person varchar primary key,
    seen_at timestamp not null
);
