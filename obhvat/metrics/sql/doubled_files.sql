-- One row is an institution's month whose absences looked doubled and were recorded all the same: who confirmed them,
-- and when. A file that replaces it and does not look so takes the mark away.
select
    sent.school,
    sent.period as month,
    batches.committed_by as confirmed_by,
    batches.committed_at::date as confirmed_on
from live_slices('absences', $known_at) as sent
join slices on slices.slice_id = sent.slice_id
join batches on batches.batch_id = slices.batch_id
where list_contains(batches.doubt_codes, 'doubled')
