-- One row is a line that the registers of cases did not accept, of those that no register up to a day has followed, with
-- the municipalities they are of: all, those still told by it, and those whose register it was on the day.
with registers as (
    select
        municipality,
        slice_id,
        lead(period) over (partition by municipality order by period) as next_on
    from live_slices('cases', $known_at)
),
told as materialized (
    select registers.slice_id, in_force.slice_id is not null as is_in_force
    from registers
    left join registers_in_force('cases', $known_at, $day) as in_force on in_force.slice_id = registers.slice_id
    where coalesce($day < registers.next_on, true)
),
places as (
    select
        slices.batch_id,
        list(slices.municipality order by slices.municipality) as of_file,
        list(slices.municipality) filter (told.slice_id is not null) as told,
        coalesce(list(slices.municipality) filter (told.is_in_force), []) as in_force
    from slices
    left join told on told.slice_id = slices.slice_id
    group by slices.batch_id
    having count(told.slice_id) > 0
)
select
    batches.file_name,
    rejected_rows.line,
    batches.columns,
    rejected_rows.cells,
    rejected_rows.faults,
    places.of_file,
    places.told,
    places.in_force
from rejected_rows
join places on places.batch_id = rejected_rows.batch_id
join batches on batches.batch_id = rejected_rows.batch_id
order by rejected_rows.batch_id, rejected_rows.line
