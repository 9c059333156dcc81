-- One row is the size of an institution's list at a date. `unit` is what their absences are counted in.
insert into list_sizes
select
    slice_id,
    school,
    as_of,
    case when grade < 1 then 'days' else 'hours' end as unit,
    count(*)
from pupils
where slice_id between $first and $last
group by slice_id, school, as_of, unit;
