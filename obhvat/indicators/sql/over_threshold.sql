-- One row is an institution's month: pupils over the threshold, of how many on its list at the end of the period.
with sizes as (
    select school, pupils
    from listed_children($known_at, $last)
    where unit = $unit
),
live as (
    select school, period as month, slice_id
    from live_slices('absences', $known_at)
    where period between $first_month and $last_month
),
levels as (
    select
        live.school,
        live.month,
        coalesce(sum(absence_levels.pupils) filter (
            case
                when $inclusive then absence_levels.unexcused >= $threshold
                else absence_levels.unexcused > $threshold
            end
        ), 0)::bigint as n
    from live
    left join absence_levels
        on absence_levels.slice_id = live.slice_id
        and absence_levels.month = live.month
        and absence_levels.unit = $unit
    group by live.school, live.month
)
select
    institutions.municipality,
    institutions.code as school,
    months.month,
    levels.n,
    sizes.pupils::bigint as d,
    levels.n is not null as reports
from institutions
cross join (select unnest($months::date[]) as month) as months
left join levels on levels.school = institutions.code and levels.month = months.month
left join sizes on sizes.school = institutions.code
where
    institutions.level = case when $unit = 'hours' then 'school' else 'kindergarten' end
    and coalesce(institutions.opened_on < months.month + interval 1 month, true)
    and coalesce(institutions.closed_on > months.month, true)
