-- One row is a check as known at a moment, whenever it was. What is not said is an empty text, so that texts compare.
select
    inspections.number,
    inspections.date,
    inspections.school,
    inspections.kind,
    coalesce(inspections.classes, '') as classes,
    inspections.enrolled,
    inspections.present,
    inspections.absent_recorded,
    coalesce(inspections.finding, '') as finding,
    coalesce(inspections.recommendation, '') as recommendation,
    inspections.due,
    inspections.closed_on,
    coalesce(inspections.repeat_of, '') as repeat_of,
    coalesce(inspections.with_round, false) as with_round,
    coalesce(inspections.round, '') as round,
    inspections.slice_id,
    inspections.line
from inspections
join live_slices('inspections', $known_at) as live on live.slice_id = inspections.slice_id
order by inspections.date, inspections.number, inspections.school
