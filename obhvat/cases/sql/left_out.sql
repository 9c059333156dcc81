-- One row is a line that the registers of cases in force on a day, one of each municipality, did not accept.
with in_force as materialized (
    select
        municipality,
        slice_id
    from registers_in_force('cases', $known_at, $day)
),
places as (
    select
        slices.batch_id,
        list(distinct slices.municipality order by slices.municipality) as of_file,
        coalesce(
            list(distinct slices.municipality order by slices.municipality) filter (in_force.slice_id is not null),
            []
        ) as in_force
    from slices
    left join in_force on in_force.slice_id = slices.slice_id
    group by slices.batch_id
    having count(in_force.slice_id) > 0
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
