-- The ministry's means have as many digits as a division gives: of 44.764957 two places after the comma are another number.
-- Out of how many points the published years are is known now without their captions, too, and a subject of ДЗИ has one
-- name in all years.
create table exact_results (
    school varchar,
    school_year smallint,
    exam varchar,
    class_name varchar,
    pupil ubigint,
    subject varchar,
    pupils integer,
    examined integer,
    average double,
    maximum integer,
    marks_2 integer,
    marks_3 integer,
    marks_4 integer,
    marks_5 integer,
    marks_6 integer,
    slice_id integer not null,
    line integer not null
);
insert into exact_results by name
select
    * replace (
        case
            when exam <> 'dzi' then subject
            when subject = 'Иц' then 'История и цивилизации'
            when subject = 'Ие пп b1' then 'Испански език (B1)'
            when subject = 'Ие пп b1 1' then 'Испански език (B1.1)'
            when subject = 'Ие пп b2' then 'Испански език (B2)'
            when subject = 'ДИППК (П Р)' then 'ДИППК (писмена работа)'
            when subject = 'ДИППК (ТЕСТ)' then 'ДИППК (тест)'
            when subject = 'ДИППК (Д ПР)' then 'ДИППК (дипломен проект)'
            when subject = 'ДИППК (ПР)' then 'ДИППК (практика)'
            else regexp_replace(regexp_replace(subject, ' \((ООП|ПП)\)$', ''), ' \((ООП|ПП), ', ' (')
        end as subject,
        case
            when maximum is not null then maximum
            when exam = 'nvo7' and school_year = 2017 then 65
            when exam = 'nvo7' and school_year > 2017 then 100
            when exam = 'nvo4' and school_year >= 2017 then 100
            when exam = 'nvo10' and school_year >= 2020 then 100
        end as maximum
    )
from results;
drop table results;
alter table exact_results rename to results;
