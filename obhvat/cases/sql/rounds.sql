-- One row is a round of the period.
select
    rounds.number,
    rounds.date,
    coalesce(rounds.municipality, '') as municipality,
    rounds.institutions,
    rounds.addresses,
    rounds.found,
    rounds.returned
from rounds
join live_slices('rounds', $known_at) as live on live.slice_id = rounds.slice_id
where rounds.date between $first and $last
order by rounds.date, rounds.number
