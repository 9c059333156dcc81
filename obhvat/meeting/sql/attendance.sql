-- One row is an institution of which it was said whether it came to a meeting, as it was last said.
select
    attendance.institution,
    arg_max(attendance.present, attendance.entry_id) as present,
    arg_max(coalesce(attendance.represented_by, ''), attendance.entry_id) as represented_by
from attendance
join live_entries($known_at) as live on live.entry_id = attendance.entry_id
where attendance.meeting_id = $meeting_id
group by attendance.institution
