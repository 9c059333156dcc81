-- A password that an administrator made is for choosing one's own, and for nothing else.
alter table passwords add column one_time boolean default false;

-- By which address a provider of accounts knows a person: as a password, no history.
create table accounts (
    person varchar primary key,
    address varchar not null
);
