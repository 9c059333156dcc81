-- Out of how many points an external exam is, where its file says: years of 65 and of 100 are not one line.
create table results_with_maximum (
    school varchar,
    school_year smallint,
    exam varchar,
    class_name varchar,
    pupil ubigint,
    subject varchar,
    pupils integer,
    examined integer,
    average decimal(12,2),
    maximum integer,
    marks_2 integer,
    marks_3 integer,
    marks_4 integer,
    marks_5 integer,
    marks_6 integer,
    slice_id integer not null,
    line integer not null
);
insert into results_with_maximum by name select * from results;
drop table results;
alter table results_with_maximum rename to results;
