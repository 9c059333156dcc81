-- One row is a line that the registers of cases, the newest of each municipality on a day, did not accept.
with newest as (
    select distinct slices.batch_id
    from live_registers('cases', $known_at, $day) as live
    join slices on slices.slice_id = live.slice_id
),
places as (
    select
        slices.batch_id,
        list(distinct slices.municipality order by slices.municipality) as of_file,
        list(distinct slices.municipality order by slices.municipality) filter (
            slices.slice_id in (select slice_id from live_registers('cases', $known_at, $day))
        ) as in_force
    from slices
    join newest on newest.batch_id = slices.batch_id
    group by slices.batch_id
)
select
    batches.file_name,
    rejected_rows.line,
    batches.columns,
    rejected_rows.cells,
    rejected_rows.faults,
    places.of_file,
    places.in_force
from rejected_rows
join places on places.batch_id = rejected_rows.batch_id
join batches on batches.batch_id = rejected_rows.batch_id
order by rejected_rows.batch_id, rejected_rows.line
