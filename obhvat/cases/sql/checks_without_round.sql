-- One row is a check of a director's work in the period that is not said to have gone with a round.
select
    inspections.number,
    inspections.school,
    inspections.date,
    inspections.with_round as said,
    inspections.slice_id,
    inspections.line
from inspections
join live_slices('inspections', $known_at) as live on live.slice_id = inspections.slice_id
where
    inspections.kind = 'director'
    and inspections.date between $first and $last
    and not coalesce(inspections.with_round, false)
order by inspections.date, inspections.number
