-- One row is an entry that the registers of a day contradict and nobody has settled. `about` is what they say.
with ever as materialized (
    select
        number,
        municipality,
        uploaded_group,
        is_current,
        said_entry,
        entered_at,
        entered_by,
        status_slice,
        status_line,
        uploaded,
        is_conflict,
        settled
    from cases_ever($known_at, $day)
),
steps as (
    select
        entry_id,
        conflict as what,
        case_number,
        municipality,
        entered_at,
        entered_by,
        case when conflict = 'action' then slice_id end as slice_id,
        case when conflict = 'action' then line end as line,
        uploaded as about
    from entered_steps($known_at, $day)
    where conflict is not null and settled is null
),
opened as (
    select
        entry_id,
        conflict as what,
        number as case_number,
        municipality,
        entered_at,
        entered_by,
        slice_id,
        case when conflict = 'case' then line end as line,
        uploaded as about
    from opened_cases($known_at, $day)
    where conflict is not null and settled is null
),
statuses as (
    select
        said_entry as entry_id,
        'status' as what,
        number as case_number,
        municipality,
        entered_at,
        entered_by,
        status_slice as slice_id,
        status_line as line,
        uploaded as about
    from ever
    where is_conflict and settled is null
),
lost_statuses as (
    select
        entered_statuses.entry_id,
        'missing_case' as what,
        entered_statuses.case_number,
        entered_statuses.municipality,
        live.entered_at,
        live.entered_by,
        null::integer as slice_id,
        null::integer as line,
        'missing' as about
    from entered_statuses
    join live_entries($known_at) as live on live.entry_id = entered_statuses.entry_id
    where
        entered_statuses.status_on <= $day
        and live.about <> 'missing'
        and entered_statuses.case_number not in (
            select number from ever where is_current or uploaded_group <> 'in_work'
        )
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
    found.entered_at,
    found.entered_by,
    found.slice_id,
    found.line,
    found.about,
    slices.period as register_on,
    coalesce(batches.file_name, '') as file
from found
left join slices on slices.slice_id = found.slice_id
left join batches on batches.batch_id = slices.batch_id
order by found.municipality, found.case_number, found.entry_id
