-- One row is a slide as it was frozen with a meeting, in their order.
select frozen_slides.slide
from frozen_slides
join live_entries($known_at) as live on live.entry_id = frozen_slides.entry_id
where
    frozen_slides.meeting_id = $meeting_id
    and frozen_slides.audience = $audience
order by frozen_slides.place
