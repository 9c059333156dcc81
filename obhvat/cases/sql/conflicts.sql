-- One row is an entry that the registers of a day contradict and nobody has settled. `about` is what they say.
with live as materialized (
    select *
    from live_entries($known_at)
),
ever as materialized (
    select
        number,
        municipality,
        uploaded_group,
        is_current,
        case_entry,
        case_conflict,
        case_said,
        case_settled,
        case_slice,
        case_line,
        said_entry,
        status_conflict,
        status_said,
        status_settled,
        status_slice,
        status_line
    from cases_ever
),
known as (
    select number
    from ever
    -- Who ended on a register is left out of the next school year's.
    where is_current or uploaded_group <> 'in_work'
),
steps as (
    select
        entry_id,
        if(is_conflict, 'action', 'missing_case') as what,
        case_number,
        municipality,
        if(is_conflict, slice_id, null) as slice_id,
        if(is_conflict, line, null) as line,
        if(is_conflict, uploaded, 'missing') as about
    from entered_steps($known_at, $day)
    where
        case
            when is_conflict then settled is null
            else about <> 'missing' and case_number not in (select number from known)
        end
),
opened as (
    select
        case_entry as entry_id,
        case_conflict as what,
        number as case_number,
        municipality,
        case_slice as slice_id,
        case_line as line,
        case_said as about
    from ever
    where is_current and case_conflict is not null and case_settled is null
),
statuses as (
    select
        said_entry as entry_id,
        'status' as what,
        number as case_number,
        municipality,
        status_slice as slice_id,
        status_line as line,
        status_said as about
    from ever
    where status_conflict and status_settled is null
),
lost_statuses as (
    select
        entered_statuses.entry_id,
        'missing_case' as what,
        entered_statuses.case_number,
        entered_statuses.municipality,
        null::integer as slice_id,
        null::integer as line,
        'missing' as about
    from entered_statuses
    join live on live.entry_id = entered_statuses.entry_id
    where
        entered_statuses.status_on <= $day
        and live.about <> 'missing'
        and entered_statuses.case_number not in (select number from known)
),
found as (
    from steps
    union all
    from opened
    union all
    from statuses
    union all
    from lost_statuses
)
select
    found.entry_id,
    found.what,
    found.case_number,
    found.municipality,
    live.entered_at,
    live.entered_by,
    found.slice_id,
    found.line,
    found.about,
    slices.period as register_on,
    coalesce(batches.file_name, '') as file
from found
join live on live.entry_id = found.entry_id
left join slices on slices.slice_id = found.slice_id
left join batches on batches.batch_id = slices.batch_id
order by found.municipality, found.case_number, found.entry_id
