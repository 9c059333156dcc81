-- One row is a case on a day that says it is a repeated one, or that is in work though the child of it
-- was returned before.
select
    cases.number,
    cases.municipality,
    cases.school,
    cases.opened_on,
    cases.status_group,
    coalesce(cases.repeat, false) or cases.category = 'repeat_dropout' as flagged,
    max(returns.returned_on) as returned_before
from cases_ever as cases
left join returns
    on cases.status_group = 'in_work'
    and (
        (returns.number = cases.number and returns.opened_on = cases.opened_on)
        or (returns.pupil = cases.pupil and returns.returned_on <= cases.opened_on)
    )
where cases.is_current and not cases.is_dropped
group by all
having flagged or returned_before is not null
