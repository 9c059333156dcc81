-- One row is a class's month. Excused absences are unknown when they are of any of its pupils.
insert into absence_classes
select
    slice_id,
    school,
    month,
    unit,
    coalesce(class_name, ''),
    count(distinct pupil),
    case when count(excused) = count(*) then sum(excused) end,
    sum(unexcused)
from absences
where slice_id between $first and $last
group by slice_id, school, month, unit, class_name;
