-- One row is a child who left the institutions of the oblast in a window of days ($after, $until], or of whom it is
-- unknown whether it was still there when the window began.
-- A child found on a list afterwards has moved, or came back: not left. „Afterwards“ reaches to $seen_until, so that a
-- child who is signed off before the summer and signed on in September is not counted. Pupils who finish XII grade
-- have not left either.
with lists as (
    select school, period as as_of, slice_id
    from live_slices('pupils', $known_at)
    where period between $lists_from and $lists_until
),
on_list as (
    select pupils.school, lists.as_of, pupils.pupil, pupils.grade
    from pupils
    join lists on lists.slice_id = pupils.slice_id
    where pupils.left_on is null or pupils.left_on > lists.as_of
),
months as (
    select school, period as month, slice_id
    from live_slices('absences', $known_at)
    where period between $lists_from and $lists_until
),
signed_off as (
    select absences.school, absences.pupil, absences.grade, absences.left_on
    from absences
    join months on months.slice_id = absences.slice_id
    where absences.left_on is not null
    union
    select pupils.school, pupils.pupil, pupils.grade, pupils.left_on
    from pupils
    join live_slices('pupils', $known_at) as live on live.slice_id = pupils.slice_id
    where pupils.left_on is not null and live.period >= $lists_from
),
unsubscribed as (
    select signed_off.school, signed_off.pupil, max(signed_off.left_on) as left_on
    from signed_off
    where
        signed_off.left_on > $after
        and signed_off.left_on <= $until
        -- XII grade ends in May; who leaves it from then to September has finished.
        and not (signed_off.grade = 12 and month(signed_off.left_on) between 5 and 9)
    group by signed_off.school, signed_off.pupil
),
-- Absences in a later month at another institution: the child is there.
elsewhere as (
    select distinct unsubscribed.school, unsubscribed.pupil
    from unsubscribed
    join absences on absences.pupil = unsubscribed.pupil and absences.school <> unsubscribed.school
    join live_slices('absences', $known_at) as live on live.slice_id = absences.slice_id
    where
        live.period > $after
        and live.period > unsubscribed.left_on
        and live.period <= $seen_until
        and absences.left_on is null
),
gone as (
    select unsubscribed.school, unsubscribed.pupil, unsubscribed.left_on
    from unsubscribed
    where
        not exists (
            select 1
            from on_list
            where
                on_list.pupil = unsubscribed.pupil
                and on_list.as_of between unsubscribed.left_on and $seen_until
        )
        and not exists (
            select 1
            from elsewhere
            where elsewhere.pupil = unsubscribed.pupil and elsewhere.school = unsubscribed.school
        )
),
dropped as (
    select
        cases.pupil,
        arg_max(cases.school, cases.as_of) as school,
        max(cases.dropped_on) as left_on
    from cases
    join live_slices('cases', $known_at) as live on live.slice_id = cases.slice_id
    where
        cases.pupil is not null
        and cases.dropped_on > $after
        and cases.dropped_on <= $until
    group by cases.pupil
),
-- The last list of an institution that a child is on, and the next one, which it is not on.
own_last as (
    select school, pupil, max(as_of) as as_of, arg_max(grade, as_of) as grade
    from on_list
    group by school, pupil
),
next_list as (
    select
        own_last.school,
        own_last.pupil,
        own_last.grade,
        own_last.as_of,
        min(lists.as_of) as missed_on
    from own_last
    join lists on lists.school = own_last.school and lists.as_of > own_last.as_of
    group by own_last.school, own_last.pupil, own_last.grade, own_last.as_of
),
missing as (
    select school, pupil, as_of, missed_on
    from next_list
    where
        missed_on > $after
        -- Between two school years XII grade has finished.
        and not (grade = 12 and year(as_of + interval 4 months) < year(missed_on + interval 4 months))
        -- Who is signed off has left when that says, not when a list shows it.
        and not exists (
            select 1
            from signed_off
            where signed_off.pupil = next_list.pupil and signed_off.left_on >= next_list.as_of
        )
),
vanished as (
    select missing.school, missing.pupil, missing.as_of, missing.missed_on
    from missing
    where not exists (
        select 1
        from on_list
        where
            on_list.pupil = missing.pupil
            and on_list.school <> missing.school
            and on_list.as_of >= missing.as_of
            and on_list.as_of <= greatest(missing.missed_on, $seen_until::date)
    )
),
-- Absences show that a child was still there after the last list it is on.
seen as (
    select
        vanished.school,
        vanished.pupil,
        vanished.missed_on,
        least(
            greatest(vanished.as_of, coalesce(max(last_day(absences.month)), vanished.as_of)),
            vanished.missed_on - 1
        ) as seen_on
    from vanished
    left join (
        select absences.school, absences.pupil, absences.month
        from absences
        join months on months.slice_id = absences.slice_id
    ) as absences on absences.school = vanished.school and absences.pupil = vanished.pupil
    group by vanished.school, vanished.pupil, vanished.as_of, vanished.missed_on
),
-- Nobody knows the day: halfway between. Where that is more than half a year apart, nobody knows even the month.
dated as (
    select
        school,
        pupil,
        seen_on + ((missed_on - seen_on) // 2)::integer as left_on,
        missed_on - seen_on > $widest as is_wide,
        seen_on
    from seen
),
found as (
    select school, pupil, left_on, 'unsubscribed' as how, 1 as sureness
    from gone
    union all
    select coalesce(dropped.school, own_last.school, '') as school, dropped.pupil, dropped.left_on, 'case', 2
    from dropped
    left join own_last on own_last.pupil = dropped.pupil
    union all
    select school, pupil, left_on, 'vanished', 3
    from dated
    where not is_wide and left_on > $after and left_on <= $until
    union all
    -- Gone, but before the window, or nobody knows when.
    select school, pupil, left_on, 'unknown', 4
    from dated
    where seen_on < $until and (is_wide or left_on <= $after)
)
select school, pupil, left_on, how
from found
qualify row_number() over (partition by pupil order by sureness, left_on, school) = 1
order by school, pupil
