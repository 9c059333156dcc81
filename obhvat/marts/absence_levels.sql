-- One row: how many pupils of a school missed so much without a valid reason in a month.
insert into absence_levels
with pupils as (
    select slice_id, school, month, unit, pupil, sum(unexcused) as unexcused
    from absences
    where slice_id between $first and $last
    group by slice_id, school, month, unit, pupil
)
select slice_id, school, month, unit, unexcused, count(*)
from pupils
group by slice_id, school, month, unit, unexcused;
