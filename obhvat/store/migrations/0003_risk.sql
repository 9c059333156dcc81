-- Thresholds of the risk rules as people set them, and what ties a case and a list to the same child.

-- One row is a rule as it was set in a version. Rules a version does not name are as before, or as declared.
create table thresholds (
    version integer not null,
    rule varchar not null,
    operator varchar not null,
    value double not null,
    points integer not null,
    is_on boolean not null,
    set_at timestamp not null,
    set_by varchar not null
);

-- A child's pseudonym in the register of cases, where the register has the identifier.
create table cases_with_pupil (
    number varchar,
    as_of date,
    pupil ubigint,
    category varchar,
    municipality varchar,
    school_municipality varchar,
    school varchar,
    grade tinyint,
    opened_on date,
    dropped_on date,
    reason varchar,
    reason_note varchar,
    source varchar,
    repeat boolean,
    status varchar,
    status_on date,
    confidence varchar,
    status_group varchar,
    slice_id integer not null,
    line integer not null
);
insert into cases_with_pupil by name select * from cases;
drop table cases;
alter table cases_with_pupil rename to cases;

-- Whole years of age, where a list has them; a date of birth is never kept.
create table pupils_with_age (
    school varchar,
    as_of date,
    pupil ubigint,
    grade tinyint,
    class_name varchar,
    form varchar,
    repeater boolean,
    travels boolean,
    age integer,
    enrolled_on date,
    left_on date,
    slice_id integer not null,
    line integer not null
);
insert into pupils_with_age by name select * from pupils;
drop table pupils;
alter table pupils_with_age rename to pupils;
