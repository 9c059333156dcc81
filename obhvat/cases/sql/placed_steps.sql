-- One row is a step with the case it was taken in: of those that had its number, the newest opened by then (the first, if
-- it was taken before the signal), with that case's school and municipality. A number may be given again in another
-- school year.
with turns as materialized (
    select
        number,
        municipality,
        school,
        opened_on,
        min(opened_on) over (partition by number, school_year_first(opened_on)) as turn_on,
        min(opened_on) over (partition by number) as first_on
    from cases_ever
)
select
    steps.*,
    turns.school,
    turns.municipality as case_place,
    turns.turn_on
from steps_ever as steps
left join turns
    on turns.number = steps.case_number
    and (turns.turn_on <= steps.date or turns.turn_on = turns.first_on)
qualify
    row_number() over (
        partition by
            steps.case_number, steps.municipality, steps.date, steps.kind, steps.n, steps.slice_id, steps.entry_id
        order by turns.turn_on desc, turns.municipality = steps.municipality desc, turns.opened_on desc
    ) = 1
order by steps.case_number, steps.date, steps.time, steps.kind, steps.n
