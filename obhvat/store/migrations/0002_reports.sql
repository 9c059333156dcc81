-- What the diary's, the РУО's and the АСП's reports hold, and what a person said of files that say it differently.

create table term_absences (
    school varchar,
    school_year smallint,
    term varchar,
    counted varchar,
    class_name varchar,
    grade tinyint,
    pupils integer,
    excused decimal(9,1),
    unexcused decimal(9,1),
    unit varchar,
    slice_id integer not null,
    line integer not null
);

create table subject_absences (
    school varchar,
    school_year smallint,
    term varchar,
    pupil ubigint,
    class_name varchar,
    subject varchar,
    absent decimal(9,1),
    taught decimal(9,1),
    share decimal(12,2),
    slice_id integer not null,
    line integer not null
);

create table at_risk (
    school varchar,
    as_of date,
    pupil ubigint,
    class_name varchar,
    hours decimal(9,1),
    days decimal(9,1),
    slice_id integer not null,
    line integer not null
);

create table missing_topics (
    school varchar,
    date date,
    class_name varchar,
    subject varchar,
    slice_id integer not null,
    line integer not null
);

create table asp_confirmations (
    school varchar,
    month date,
    pupil ubigint,
    hours decimal(9,1),
    days decimal(9,1),
    asp_status varchar,
    ministry_status varchar,
    corrected_hours decimal(9,1),
    corrected_days decimal(9,1),
    slice_id integer not null,
    line integer not null
);

-- A file to the social assistance agency does not say how many absences are excused: unknown, not zero.
alter table absence_classes alter column excused drop not null;

-- How a sender's columns are understood, as a person said once. `signature` is the captions in normal form.
create table profiles (
    signature varchar not null,
    dataset varchar not null,
    fields varchar[] not null,
    said_at timestamp not null,
    said_by varchar not null
);

-- Which institution is meant where a file's code or name does not say it surely.
create table school_aliases (
    said varchar not null,
    school varchar not null,
    said_at timestamp not null,
    said_by varchar not null
);
