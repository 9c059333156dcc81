-- One row is a month of a child at an institution, where another institution has absences of the child in that month,
-- or has had it on a list by the month's end: at which of them it is counted is decided when it is asked.
insert into shared_absences
with new_children as (
    select pupil from absences where slice_id between $first and $last
    union
    select pupil from pupils where slice_id between $first and $last
),
-- Of other months nothing can be shared with what is new.
missed as (
    select slice_id, school, month, unit, pupil, sum(unexcused) as unexcused
    from absences
    where
        month between $first_month and $last_month
        and pupil in (select pupil from new_children)
    group by slice_id, school, month, unit, pupil
),
listed as (
    select school, as_of, pupil
    from pupils
    where pupil in (select pupil from new_children)
),
shared as (
    select missed.slice_id, missed.pupil, missed.unit
    from missed
    join missed as elsewhere
        on elsewhere.pupil = missed.pupil
        and elsewhere.month = missed.month
        and elsewhere.school <> missed.school
    union
    select missed.slice_id, missed.pupil, missed.unit
    from missed
    join listed
        on listed.pupil = missed.pupil
        and listed.school <> missed.school
        and listed.as_of <= last_day(missed.month)
)
select
    missed.slice_id,
    missed.school,
    missed.month,
    missed.unit,
    missed.pupil,
    missed.unexcused
from missed
semi join shared using (slice_id, pupil, unit)
anti join shared_absences using (slice_id, pupil, unit);
