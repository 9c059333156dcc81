-- One row is a municipality: its rounds in the period, or the addresses visited in them.
with walked as (
    select
        coalesce(rounds.municipality, '') as municipality,
        case when $addresses then rounds.addresses else 1 end as counted
    from rounds
    join live_slices('rounds', $known_at) as live on live.slice_id = rounds.slice_id
    where rounds.date between $first and $last
)
select
    places.municipality,
    '' as school,
    coalesce(sum(walked.counted), 0)::bigint as n,
    null::bigint as d,
    (
        select count(*) > 0
        from live_slices('rounds', $known_at)
        where period between date_trunc('month', $first::date) and $last
    ) as reports
from (
    select distinct municipality from institutions
    union
    select municipality from walked
) as places
left join walked on walked.municipality = places.municipality
group by places.municipality
