-- One row is a batch some of whose rows were current at a moment.
select distinct arg_max(slices.batch_id, slices.slice_id) as batch_id
from slices
join batches on batches.batch_id = slices.batch_id
where
    batches.committed_at <= $known_at
    and slices.batch_id not in (select batch_id from undone_batches($known_at))
group by
    slices.dataset,
    slices.school,
    slices.municipality,
    slices.period,
    slices.label
order by batch_id
