-- One row is a meeting as it was last said, and when it was closed.
select
    meeting_id,
    held_on,
    period,
    chair,
    agenda,
    closed_at
from held_meetings($known_at)
order by held_on desc
