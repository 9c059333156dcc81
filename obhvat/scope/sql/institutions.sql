-- One row is an institution of the register, open at some time between $first and $last. A date of closing says more than
-- a status: one that was closed in the meantime was open until then, and is closed from that day on.
select
    schools.code,
    schools.name,
    schools.municipality,
    schools.settlement,
    schools.kind,
    schools.level,
    schools.opened_on,
    schools.closed_on
from schools
join live_slices('schools', $known_at) as live on live.slice_id = schools.slice_id
where
    (coalesce(schools.active, true) or schools.closed_on is not null)
    and coalesce(schools.opened_on <= $last, true)
    and coalesce(schools.closed_on > $first, true)
