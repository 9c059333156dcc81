-- One row is a case whose child was returned by a day: when, and when the child is known to be out of school again.
with ever as materialized (
    select *
    from cases_ever
    where not is_dropped
),
told as (
    select cases.number, cases.opened_on, cases.status_on
    from cases
    join live_slices('cases', $known_at) as live on live.slice_id = cases.slice_id
    where coalesce(cases.status_on, cases.as_of) <= $day and cases.status_group = 'returned'
    union all
    select ever.number, ever.opened_on, entered_statuses.status_on
    from entered_statuses
    join live_entries($known_at) as live on live.entry_id = entered_statuses.entry_id
    join ever on ever.number = entered_statuses.case_number
    where entered_statuses.status_on <= $day and entered_statuses.status_group = 'returned'
),
first_told as (
    select number, opened_on, max(status_on) as returned_on
    from told
    group by number, opened_on
),
ends as (
    select
        ever.number,
        ever.opened_on,
        ever.pupil,
        ever.municipality,
        ever.school,
        case when ever.status_group = 'returned' then ever.status_on else first_told.returned_on end as returned_on,
        -- A later register that says no day of it says it on its own.
        case
            when ever.status_group = 'returned' then null
            when ever.status_on > first_told.returned_on then ever.status_on
            else ever.as_of
        end as undone_on
    from ever
    left join first_told on first_told.number = ever.number and first_told.opened_on = ever.opened_on
    where ever.status_group = 'returned' or first_told.number is not null
),
-- A new case of the same child. Who is only at risk is still at school.
later as (
    select
        ends.number,
        ends.opened_on,
        min(case when ever.dropped_on > ends.returned_on then ever.dropped_on else ever.opened_on end) as dropped_on
    from ends
    join ever on ever.pupil = ends.pupil and ever.opened_on > ends.returned_on and ever.category <> 'at_risk'
    group by ends.number, ends.opened_on
)
select
    ends.number,
    ends.opened_on,
    ends.pupil,
    ends.municipality,
    ends.school,
    ends.returned_on,
    least(ends.undone_on, later.dropped_on) as again_on
from ends
left join later on later.number = ends.number and later.opened_on = ends.opened_on
