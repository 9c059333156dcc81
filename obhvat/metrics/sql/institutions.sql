-- One row is an institution of the register, open at some time between $first and $last.
select
    schools.code,
    schools.name,
    schools.municipality,
    schools.settlement,
    schools.kind,
    schools.level
from schools
join live_slices('schools', $known_at) as live on live.slice_id = schools.slice_id
where
    coalesce(schools.active, true)
    and coalesce(schools.opened_on <= $last, true)
    and coalesce(schools.closed_on >= $first, true)
