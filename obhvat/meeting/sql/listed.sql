-- One row is an institution that sent a list of its pupils between two days.
select distinct school
from live_slices('pupils', $known_at)
where period between $first and $last
