-- One row is an institution's month and a rule: how many of its children are over the rule's threshold of what they
-- missed, of how many on the lists it is known, and of how many it is where no list was sent. Reads missed.sql.
with rules as (
    select unnest($rules, recursive := true)
),
of_rules as (
    select
        rules.rule,
        rules.threshold,
        rules.inclusive,
        amounts.month,
        amounts.school,
        amounts.is_listed,
        amounts.has_list,
        case rules.measure
            when 'month_unexcused' then amounts.month_unexcused
            when 'term_unexcused' then amounts.term_unexcused
            when 'year_unexcused' then amounts.year_unexcused
            when 'rise' then amounts.rise
            when 'jump' then amounts.jump
        end as amount
    from amounts
    join rules on rules.unit = amounts.unit
)
select
    rule,
    month,
    school,
    count(*) filter (amount > threshold or (inclusive and amount = threshold)) as n,
    count(amount) filter (is_listed) as d,
    count(amount) filter (not has_list) as unlisted
from of_rules
group by rule, month, school
