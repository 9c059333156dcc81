-- One row is the next number of our own form in a year, so that no municipality gives the same one.
with numbers as (
    select number
    from cases
    union all
    select number
    from entered_cases
),
ours as (
    select 'ОКЦ-' || $year || '-' as prefix
)
select ours.prefix || printf('%03d', coalesce(max(try_cast(substr(numbers.number, length(ours.prefix) + 1) as integer)), 0) + 1)
from ours
left join numbers on starts_with(numbers.number, ours.prefix)
group by ours.prefix
