-- One row is what happened to the data after a moment: a file came, was undone or taken up again; steps and outcomes of
-- cases were entered, by day.
select committed_at as at, 'качен е файл' as what, file_name as name, committed_by as who
from batches
where committed_at > $since and committed_at <= $known_at
union all
select
    batch_marks.marked_at,
    case when batch_marks.mark = 'undo' then 'върнато е качването на' else 'отново важи качването на' end,
    batches.file_name,
    batch_marks.marked_by
from batch_marks
join batches on batches.batch_id = batch_marks.batch_id
where batch_marks.marked_at > $since and batch_marks.marked_at <= $known_at
union all
select
    max(entered_at),
    'въведени тук по случаи: ' || count(*),
    '',
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
