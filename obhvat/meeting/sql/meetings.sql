-- One row is a meeting as it was last said, and when it was closed.
with said as (
    select
        meetings.meeting_id,
        meetings.held_on,
        meetings.period,
        meetings.chair,
        meetings.agenda,
        row_number() over (partition by meetings.meeting_id order by meetings.entry_id desc) as nth
    from meetings
    join live_entries($known_at) as live on live.entry_id = meetings.entry_id
),
closings as (
    select frozen_stamps.meeting_id, min(live.entered_at) as closed_at
    from frozen_stamps
    join live_entries($known_at) as live on live.entry_id = frozen_stamps.entry_id
    group by frozen_stamps.meeting_id
)
select
    said.meeting_id,
    said.held_on,
    said.period,
    said.chair,
    said.agenda,
    closings.closed_at
from said
left join closings on closings.meeting_id = said.meeting_id
where said.nth = 1
order by said.held_on desc
