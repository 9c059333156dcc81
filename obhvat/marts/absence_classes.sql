-- One row is a class's month.
insert into absence_classes
select
    slice_id,
    school,
    month,
    unit,
    coalesce(class_name, ''),
    count(distinct pupil),
    sum(excused),
    sum(unexcused)
from absences
where slice_id between $first and $last
group by slice_id, school, month, unit, class_name;
