-- One row is a school that had to be checked in the period: whether it had at least $at_least checks of the kinds asked for.
select
    institutions.municipality,
    institutions.code as school,
    (count(checks.number) >= $at_least)::integer as n,
    1 as d,
    (
        select count(*) > 0
        from live_slices('inspections', $known_at)
        where period between date_trunc('month', $first::date) and $last
    ) as reports
from institutions
left join (
    select inspections.school, inspections.number
    from inspections
    join live_slices('inspections', $known_at) as live on live.slice_id = inspections.slice_id
    where
        inspections.date between $first and $last
        and inspections.kind = any($kinds::varchar[])
) as checks on checks.school = institutions.code
where institutions.level = 'school'
group by institutions.municipality, institutions.code
