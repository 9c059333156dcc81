-- One row is a municipality and a kind of measure it told of in the months of a period: how many.
with sanctions_told as (
    select
        coalesce(sanctions.municipality, '') as municipality,
        sanctions.reports,
        sanctions.acts,
        sanctions.penalties
    from sanctions
    join live_slices('sanctions', $known_at) as live on live.slice_id = sanctions.slice_id
    where sanctions.month between $first_month and $last_month
),

told as (
    unpivot sanctions_told on reports, acts, penalties into name kind value n
    union all by name
    select
        coalesce(benefits.municipality, '') as municipality,
        'stopped' as kind,
        benefits.families as n
    from benefits
    join live_slices('benefits', $known_at) as live on live.slice_id = benefits.slice_id
    where benefits.month between $first_month and $last_month
)

select municipality, kind, sum(n)::bigint as n
from told
group by municipality, kind
order by municipality, kind
