-- One row is an institution's month that it has sent: pupils over the threshold. A child of several institutions is one,
-- with what it missed in all of them, at the one it was at last; where nothing says which, at the one of the higher
-- code, so that the order in which files came changes nothing.
with sent as (
    select school, period as month, slice_id
    from live_slices('absences', $known_at)
    where period between $first_month and $last_month
),
levels as (
    select
        sent.school,
        sent.month,
        coalesce(sum(absence_levels.pupils) filter (
            absence_levels.unexcused > $threshold or ($inclusive and absence_levels.unexcused = $threshold)
        ), 0) as n
    from sent
    left join absence_levels
        on absence_levels.slice_id = sent.slice_id
        and absence_levels.month = sent.month
        and absence_levels.unit = $unit
    group by sent.school, sent.month
),
-- Of children whom the levels count where they are not, or twice.
missed_at as (
    select sent.school, sent.month, shared_absences.pupil, shared_absences.unexcused
    from shared_absences
    join sent on sent.slice_id = shared_absences.slice_id and sent.month = shared_absences.month
    where shared_absences.unit = $unit
),
lists as (
    select day, school, slice_id, place
    from lists_in_force($known_at, (select list(last_day(month)) from (select distinct month from missed_at)))
),
listed as (
    select
        pupils.pupil,
        lists.day,
        arg_max(lists.school, lists.place) as school,
        arg_max(if(pupils.grade < 1, 'days', 'hours'), lists.place) as unit
    from pupils
    join lists on lists.slice_id = pupils.slice_id
    where pupils.pupil in (select pupil from missed_at)
    group by pupils.pupil, lists.day
),
missed as (
    select
        missed_at.pupil,
        missed_at.month,
        sum(missed_at.unexcused) as unexcused,
        max(missed_at.school) as last_school
    from missed_at
    group by missed_at.pupil, missed_at.month
),
counted_once as (
    select
        coalesce(sent.school, missed.last_school) as school,
        missed.month,
        missed.unexcused,
        1 as n
    from missed
    left join listed
        on listed.pupil = missed.pupil and listed.day = last_day(missed.month) and listed.unit = $unit
    left join sent on sent.school = listed.school and sent.month = missed.month
    union all
    select school, month, unexcused, -1
    from missed_at
)
select school, month, sum(n)::bigint as n
from (
    select school, month, n from levels
    union all
    select school, month, n
    from counted_once
    where unexcused > $threshold or ($inclusive and unexcused = $threshold)
)
group by school, month
