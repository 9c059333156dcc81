-- One row is an institution's month: how many of its children are over a threshold of what they missed, of how many on
-- the lists it is known, and of how many it is where no list was sent. Reads missed.sql.
with of_rule as (
    select
        month,
        school,
        is_listed,
        has_list,
        case $measure
            when 'month_unexcused' then month_unexcused
            when 'term_unexcused' then term_unexcused
            when 'year_unexcused' then year_unexcused
            when 'rise' then rise
            when 'jump' then jump
        end as amount
    from amounts
    where unit = $unit
)
select
    month,
    school,
    count(*) filter (amount > $threshold or ($inclusive and amount = $threshold)) as n,
    count(amount) filter (is_listed) as d,
    count(amount) filter (not has_list) as unlisted
from of_rule
group by month, school
