-- One row is a file in force, of a school year, some of whose rows were handed back, and the institution it is of where it is of one.
with in_force as (
    select slices.batch_id
    from slices
    join (
        select max(slices.slice_id) as slice_id
        from slices
        join batches on batches.batch_id = slices.batch_id
        where
            batches.committed_at <= $known_at
            and slices.batch_id not in (select batch_id from undone_batches($known_at))
        group by slices.dataset, slices.school, slices.municipality, slices.period, slices.label
    ) as newest on newest.slice_id = slices.slice_id
    group by slices.batch_id
)
select
    batches.batch_id,
    batches.dataset,
    batches.file_name,
    batches.rows_read,
    batches.rows_rejected,
    if(count(distinct slices.school) = 1, any_value(slices.school), '') as school
from batches
join in_force on in_force.batch_id = batches.batch_id
join slices on slices.batch_id = batches.batch_id
-- A register without a day stands in the year 1900.
where batches.rows_rejected > 0 and (slices.period >= $first or slices.period < date '1901-01-01')
group by all
order by batches.batch_id
