-- One row is a child who left the institutions of the oblast in a window of days ($after, $until].
-- A child found on a list afterwards has moved, or came back: not left. „Afterwards“ reaches to $seen_until, so that a
-- child who is signed off before the summer and signed on in September is not counted. Pupils who finish XII grade
-- have not left either.
with lists as (
    select school, period as as_of, slice_id
    from live_slices('pupils', $known_at)
    where period between $lists_from and $seen_until
),
on_list as (
    select pupils.school, lists.as_of, pupils.pupil, pupils.grade
    from pupils
    join lists on lists.slice_id = pupils.slice_id
    where pupils.left_on is null or pupils.left_on > lists.as_of
),
-- Months in which signing off between the last list and the end of the window is written down.
months as (
    select school, period as month, slice_id
    from live_slices('absences', $known_at)
    where period between $lists_from and $last_month
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
            where on_list.pupil = unsubscribed.pupil and on_list.as_of >= unsubscribed.left_on
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
-- The list each institution had when the window began.
last_lists as (
    select school, max(as_of) as as_of
    from lists
    where as_of <= $after
    group by school
),
last_on as (
    select on_list.school, on_list.pupil, on_list.grade, on_list.as_of
    from on_list
    join last_lists on last_lists.school = on_list.school and last_lists.as_of = on_list.as_of
),
-- The list that says who is still there: the last one inside the window, or else the first right after it.
closing as (
    select
        school,
        coalesce(max(as_of) filter (as_of <= $until), min(as_of) filter (as_of <= $right_after)) as as_of
    from lists
    where as_of > $after
    group by school
),
vanished as (
    select last_on.school, last_on.pupil, closing.as_of as left_on
    from last_on
    join closing on closing.school = last_on.school and closing.as_of is not null
    where
        -- Between two school years XII grade has finished.
        not (
            last_on.grade = 12
            and year(last_on.as_of + interval 4 months) < year(closing.as_of + interval 4 months)
        )
        -- On no list of any institution since: neither its own closing one nor one it moved to.
        and not exists (
            select 1
            from on_list
            where
                on_list.pupil = last_on.pupil
                and (
                    on_list.school = last_on.school and on_list.as_of >= closing.as_of
                    or on_list.school <> last_on.school and on_list.as_of >= last_on.as_of
                )
        )
        -- Who is signed off has left when that says, not when a list shows it.
        and not exists (
            select 1
            from signed_off
            where signed_off.pupil = last_on.pupil and signed_off.left_on >= last_on.as_of
        )
),
found as (
    select school, pupil, left_on, 'unsubscribed' as how, 1 as sureness
    from gone
    union all
    select
        coalesce(dropped.school, last_on.school, '') as school,
        dropped.pupil,
        dropped.left_on,
        'case' as how,
        2 as sureness
    from dropped
    left join last_on on last_on.pupil = dropped.pupil
    union all
    select school, pupil, left_on, 'vanished' as how, 3 as sureness
    from vanished
)
select school, pupil, left_on, how
from found
qualify row_number() over (partition by pupil order by sureness, left_on, school) = 1
order by school, pupil
