-- One row is a return and a number of days after it: what is known of the child then. Pseudonyms are compared here and
-- stay here.
with dated as materialized (
    select number, pupil, municipality, school, returned_on, again_on
    from returns
),
of_child as (
    select distinct pupil
    from dated
    where pupil is not null
),
lists as (
    select school, period as as_of
    from live_slices('pupils', $known_at)
    where period <= $day
),
listed as materialized (
    select pupils.pupil, pupils.as_of, pupils.left_on
    from pupils
    join live_slices('pupils', $known_at) as live on live.slice_id = pupils.slice_id
    where live.period <= $day and pupils.pupil in (select pupil from of_child)
),
-- Seen at a school: on its list on a day, or in its absences of a month.
seen as materialized (
    select pupil, as_of as since, left_on
    from listed
    union all
    select absences.pupil, absences.month, absences.left_on
    from absences
    join live_slices('absences', $known_at) as live on live.slice_id = absences.slice_id
    where
        absences.month between (select date_trunc('month', min(returned_on)) from dated) and $day
        and absences.pupil in (select pupil from of_child)
),
-- The newest list with the child since the return; a list of the school after it is one without the child.
newest as (
    select dated.number, dated.pupil, dated.returned_on, max(listed.as_of) as listed_on
    from dated
    left join listed
        on listed.pupil = dated.pupil
        and listed.as_of > dated.returned_on
        and coalesce(listed.left_on > listed.as_of, true)
    group by dated.number, dated.pupil, dated.returned_on
),
marks as (
    select
        dated.*,
        horizon.days,
        dated.returned_on + horizon.days::integer as until,
        exists (
            select 1
            from lists
            where lists.school = dated.school and lists.as_of > coalesce(newest.listed_on, dated.returned_on)
        ) as is_off_list
    from dated
    left join newest
        on newest.number = dated.number
        and newest.pupil = dated.pupil
        and newest.returned_on = dated.returned_on
    cross join (select unnest($days::integer[]) as days) as horizon
),
evidence as (
    select
        marks.*,
        exists (
            select 1
            from seen
            where
                seen.pupil = marks.pupil
                and seen.since >= marks.until
                and coalesce(seen.left_on >= marks.until, true)
        ) as is_seen,
        exists (
            select 1
            from seen
            where seen.pupil = marks.pupil and seen.left_on > marks.returned_on and seen.left_on < marks.until
        ) as has_left
    from marks
)
select
    number,
    municipality,
    school,
    returned_on,
    days,
    case
        when pupil is null or returned_on is null then 'unlinked'
        when until > $day then 'too_early'
        when again_on < until then 'left'
        when is_seen then 'stayed'
        when has_left or is_off_list then 'left'
        else 'unknown'
    end as outcome
from evidence
