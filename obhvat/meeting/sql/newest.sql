-- One row is a dataset: the newest day or month of which anything was sent.
select slices.dataset, max(slices.period) as newest
from slices
join batches on batches.batch_id = slices.batch_id
where
    batches.committed_at <= $known_at
    and slices.batch_id not in (select batch_id from undone_batches($known_at))
group by slices.dataset
