-- One row is a figure as it was frozen with a meeting.
select
    frozen_figures.metric,
    frozen_figures.period,
    frozen_figures.municipality,
    frozen_figures.value,
    frozen_figures.n,
    frozen_figures.d,
    frozen_figures.reporting,
    frozen_figures.places
from frozen_figures
join live_entries($known_at) as live on live.entry_id = frozen_figures.entry_id
where frozen_figures.meeting_id = $meeting_id
