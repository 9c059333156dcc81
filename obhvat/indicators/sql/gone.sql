-- One row is a child on the list that an institution had before its newest one, and on none of the newest, as of a month.
with newest_lists as (
    select school, max(period) as period, arg_max(slice_id, period) as slice_id
    from live_slices('pupils', $known_at)
    where period <= $last
    group by school, municipality
    having max(period) >= $year_first
),
lists_before as (
    select arg_max(before.slice_id, before.period) as slice_id
    from live_slices('pupils', $known_at) as before
    join newest_lists on newest_lists.school = before.school and before.period < newest_lists.period
    where before.period >= $lists_from
    group by before.school
)
select distinct pupil
from pupils
where
    slice_id in (select slice_id from lists_before)
    and left_on is null
    and pupil not in (
        select pupil
        from pupils
        where slice_id in (select slice_id from newest_lists)
    )
order by pupil
