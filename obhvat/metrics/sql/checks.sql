-- One row is a school: its checks in the period of the kinds asked for, how many of them went with a round or without one.
select
    institutions.municipality,
    institutions.code as school,
    count(checks.number) filter ($rounds = 'any' or checks.with_round = ($rounds = 'with')) as n,
    count(checks.number) as d,
    (
        select count(*) > 0
        from live_slices('inspections', $known_at)
        where period between date_trunc('month', $first::date) and $last
    ) as reports
from institutions
left join (
    select inspections.school, inspections.number, coalesce(inspections.with_round, false) as with_round
    from inspections
    join live_slices('inspections', $known_at) as live on live.slice_id = inspections.slice_id
    where
        inspections.date between $first and $last
        and inspections.kind = any($kinds::varchar[])
) as checks on checks.school = institutions.code
where institutions.level = 'school'
group by institutions.municipality, institutions.code
