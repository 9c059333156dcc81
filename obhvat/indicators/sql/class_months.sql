-- One row is a class's month in the institutions asked for: its unexcused absences, as sent.
select
    live.school,
    absence_classes.class_name,
    live.period as month,
    absence_classes.unexcused::double as unexcused
from live_slices('absences', $known_at) as live
join absence_classes on absence_classes.slice_id = live.slice_id
where
    live.period between $year_first and $month
    and live.school = $school
    and absence_classes.unit = $unit
order by absence_classes.class_name, live.period
