-- One row is a line of a register of cases or of steps.
with wanted as (
    select unnest($slices::integer[]) as slice_id, unnest($lines::integer[]) as line
)
select
    actions.slice_id,
    actions.line,
    actions.date,
    actions.time,
    actions.kind,
    actions.team,
    actions.institutions,
    actions.contact,
    actions.result,
    actions.next_step,
    actions.next_due
from actions
join wanted on wanted.slice_id = actions.slice_id and wanted.line = actions.line
union all by name
select
    cases.slice_id,
    cases.line,
    cases.municipality,
    cases.status,
    cases.status_on,
    cases.confidence,
    cases.category,
    cases.school,
    cases.grade,
    cases.opened_on,
    cases.dropped_on,
    cases.reason,
    cases.source,
    cases.repeat
from cases
join wanted on wanted.slice_id = cases.slice_id and wanted.line = cases.line
