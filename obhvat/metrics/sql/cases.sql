-- One row is a municipality and a school last attended: cases of the period, and those of one group of statuses.
-- A case belongs to a period when it was open at any time in it.
with register as (
    select
        cases.municipality,
        coalesce(cases.school, '') as school,
        cases.status_group
    from cases
    join live_registers('cases', $known_at, $last) as live on live.slice_id = cases.slice_id
    where
        cases.opened_on <= $last
        and (cases.status_group = 'in_work' or cases.status_on is null or cases.status_on >= $first)
),
covered as (
    select municipality
    from live_registers('cases', $known_at, $last)
)
select
    places.municipality,
    coalesce(register.school, '') as school,
    count(*) filter (register.status_group = any($groups::varchar[])) as n,
    count(register.status_group) as d,
    places.municipality in (select municipality from covered) as reports
from (
    select distinct municipality from institutions
    union
    select municipality from register
) as places
left join register on register.municipality = places.municipality
group by places.municipality, register.school
