-- One row is a municipality's figure of a metric (the oblast's without a municipality) as frozen with a day's meeting.
select
    frozen_figures.municipality,
    frozen_figures.period,
    frozen_figures.value,
    frozen_figures.n,
    frozen_figures.reporting,
    frozen_stamps.known_at
from frozen_figures
join live_entries($known_at) as live on live.entry_id = frozen_figures.entry_id
join frozen_stamps on frozen_stamps.entry_id = frozen_figures.entry_id
where
    frozen_figures.metric = $metric
    and frozen_figures.meeting_id in (select meeting_id from meetings where held_on = $day)
