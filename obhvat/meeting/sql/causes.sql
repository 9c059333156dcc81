-- One row is what happened to the data after a moment: a file came, was undone or taken up again; steps and outcomes of
-- cases were entered, by day.
select committed_at as at, 'recorded' as what, file_name as name, null as n, committed_by as who
from batches
where committed_at > $since and committed_at <= $known_at
union all
select
    batch_marks.marked_at,
    batch_marks.mark,
    batches.file_name,
    null,
    batch_marks.marked_by
from batch_marks
join batches on batches.batch_id = batch_marks.batch_id
where batch_marks.marked_at > $since and batch_marks.marked_at <= $known_at
union all
select
    max(entered_at),
    'entered',
    '',
    count(*),
    string_agg(distinct entered_by, ', ' order by entered_by)
from entries
where
    entered_at > $since
    and entered_at <= $known_at
    and (
        entry_id in (select entry_id from entered_cases)
        or entry_id in (select entry_id from entered_statuses)
        or entry_id in (select entry_id from entered_actions)
        or entry_id in (select entry_id from entry_marks)
        or entry_id in (select entry_id from child_cases)
    )
group by entered_at::date
