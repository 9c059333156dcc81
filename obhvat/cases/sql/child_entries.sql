-- One row is an entry about a child: in which table, and how many rows it has there. Reads child_turns.
select distinct 'entered_cases' as of_table, entered_cases.entry_id
from entered_cases
left join child_turns as turns
    on turns.number = entered_cases.number
    and turns.municipality = entered_cases.municipality
    and entered_cases.opened_on >= turns.since
    and entered_cases.opened_on < turns.until
where entered_cases.pupil = $child or (entered_cases.pupil is null and turns.number is not null)
union all
select distinct 'entered_statuses', entered_statuses.entry_id
from entered_statuses
join child_turns as turns
    on turns.number = entered_statuses.case_number
    and (not turns.is_shared or turns.municipality = entered_statuses.municipality)
    and entered_statuses.status_on >= turns.since
    and entered_statuses.status_on < turns.until
union all
select distinct 'entered_actions', entered_actions.entry_id
from entered_actions
join child_turns as turns
    on turns.number = entered_actions.case_number
    and (not turns.is_shared or turns.municipality = entered_actions.municipality)
    and entered_actions.date >= turns.since
    and entered_actions.date < turns.until
union all
select distinct 'declined_proposals', entry_id
from declined_proposals
where pupil = $child
union all
select distinct 'child_cases', entry_id
from child_cases
where pupil = $child
