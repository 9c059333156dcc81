-- One row is a child with a case: the cases it had before, the one in work, and the last step.
-- What a child was before is as of the month; what is done about it is as of the newest registers.
with case_states as (
    select
        latest.number,
        latest.pupil,
        earlier.status_group as status_then,
        coalesce(earlier.repeat, false) as repeat,
        latest.status_group as status_now
    from cases_latest as latest
    left join cases_then as earlier
        on earlier.number = latest.number and earlier.pupil = latest.pupil
    where latest.pupil is not null and not latest.is_dropped
),
steps as (
    select actions.case_number, max(actions.date) as last_action
    from steps_ever as actions
    where actions.date <= $until
    group by actions.case_number
)
select
    case_states.pupil,
    case
        when count(case_states.status_then) > 0
            then count(*) filter (case_states.status_then = 'returned' or case_states.repeat)
    end::double as earlier_cases,
    max(case_states.number) filter (case_states.status_now = 'in_work') as case_number,
    max(steps.last_action) as last_action
from case_states
left join steps on steps.case_number = case_states.number
group by case_states.pupil
