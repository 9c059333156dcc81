-- One row is a municipality: steps of the kinds asked for in the period; $after_study counts those with a study before.
with register as (
    select
        actions.case_number,
        coalesce(actions.municipality, '') as municipality,
        actions.date,
        actions.kind
    from action_rows($known_at, $last) as actions
),
studies as (
    select case_number, min(date) as first_study
    from register
    where kind = 'study'
    group by case_number
),
steps as (
    select
        register.municipality,
        coalesce(studies.first_study <= register.date, false) as studied
    from register
    left join studies on studies.case_number = register.case_number
    where
        register.date between $first and $last
        and register.kind = any($kinds::varchar[])
),
covered as (
    select municipality
    from live_registers('actions', $known_at, $last)
    union
    select municipality
    from register
)
select
    places.municipality,
    '' as school,
    count(steps.municipality) filter (not $after_study or steps.studied) as n,
    count(steps.municipality) as d,
    places.municipality in (select municipality from covered) as reports
from (
    select distinct municipality from institutions
    union
    select municipality from steps
) as places
left join steps on steps.municipality = places.municipality
group by places.municipality
