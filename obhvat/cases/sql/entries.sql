-- One row is what was entered about a case: a step, a status, or the case itself. Pseudonyms stay here.
select
    'action' as what,
    entry_id,
    case_number,
    municipality,
    date,
    time,
    kind,
    team,
    institutions,
    contact,
    if($sees_all or note_of is null or note_of = $institution, result, null) as result,
    note_of,
    next_step,
    next_due
from entered_actions
where entry_id in (select unnest($entries::integer[])) or case_number = $case_number
union all by name
select
    'status' as what,
    entry_id,
    case_number,
    municipality,
    status,
    status_on,
    confidence
from entered_statuses
where entry_id in (select unnest($entries::integer[])) or case_number = $case_number
union all by name
select
    'case' as what,
    entry_id,
    number as case_number,
    municipality,
    category,
    school,
    grade,
    opened_on,
    dropped_on,
    reason,
    source,
    repeat
from entered_cases
where entry_id in (select unnest($entries::integer[])) or number = $case_number
order by entry_id
