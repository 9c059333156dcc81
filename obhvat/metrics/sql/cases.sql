-- One row is a municipality and a school last attended: cases of the period, and those of one group of statuses.
-- A school of a municipality whose register was sent and where no case is has zero cases, not none.
-- A case belongs to a period when it was open at any time in it.
with register as (
    select
        cases.municipality,
        coalesce(cases.school, '') as school,
        cases.status_group
    from case_rows($known_at, $last) as cases
    where cases.status_group = 'in_work' or cases.status_on is null or cases.status_on >= $first
),
covered as (
    select municipality
    from case_registers($known_at, $last)
)
select
    places.municipality,
    places.school,
    count(*) filter (register.status_group = any($groups::varchar[])) as n,
    count(register.status_group) as d,
    places.municipality in (select municipality from covered) as reports
from (
    select municipality, code as school from institutions
    union
    select municipality, school from register
) as places
left join register on register.municipality = places.municipality and register.school = places.school
group by places.municipality, places.school
