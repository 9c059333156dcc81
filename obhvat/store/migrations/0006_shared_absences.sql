-- A child is counted once in a month, also with absences in two schools or on the list of one and in the file of
-- another: of such children the mart has the months, of every file they are in.
create table shared_absences (
    slice_id integer not null,
    school varchar not null,
    month date not null,
    unit varchar not null,
    pupil ubigint not null,
    unexcused decimal(9,1) not null
);
insert into shared_absences
with moving as (
    select pupil
    from (
        select pupil, min(school) as one, max(school) as other from absences group by pupil
        union all
        select pupil, min(school), max(school) from pupils group by pupil
    )
    group by pupil
    having min(one) <> max(other)
),
missed as (
    select slice_id, school, month, unit, pupil, sum(unexcused) as unexcused
    from absences
    where pupil in (select pupil from moving)
    group by slice_id, school, month, unit, pupil
)
select slice_id, school, month, unit, pupil, unexcused
from missed
where
    exists (
        select 1
        from missed as elsewhere
        where
            elsewhere.pupil = missed.pupil
            and elsewhere.month = missed.month
            and elsewhere.school <> missed.school
    )
    or exists (
        select 1
        from pupils
        where
            pupils.pupil = missed.pupil
            and pupils.school <> missed.school
            and pupils.as_of <= last_day(missed.month)
    );
