-- One row is an institution's month and a rule: how many of its children are over the rule's threshold of what they
-- missed, of how many on the lists it is known, and of how many it is where no list was sent. Reads amounts.sql.
-- Rules of the same measure and unit, of which there is seldom more than one, are counted in another turn.
with rules as (
    select
        *,
        list_position(['month_unexcused', 'term_unexcused', 'year_unexcused', 'rise', 'jump'], measure) as place,
        row_number() over (partition by measure, unit order by rule) as turn
    from (
        select unnest($rules, recursive := true)
    )
),
-- The least amount that a rule flags.
least_of as (
    select
        unit,
        turn,
        max(least) filter (place = 1) as month_unexcused,
        max(least) filter (place = 2) as term_unexcused,
        max(least) filter (place = 3) as year_unexcused,
        max(least) filter (place = 4) as rise,
        max(least) filter (place = 5) as jump
    from rules
    group by unit, turn
),
counts as (
    select
        amounts.month,
        amounts.school,
        amounts.unit,
        least_of.turn,
        [
            count(*) filter (amounts.month_unexcused >= least_of.month_unexcused),
            count(*) filter (amounts.term_unexcused >= least_of.term_unexcused),
            count(*) filter (amounts.year_unexcused >= least_of.year_unexcused),
            count(*) filter (amounts.rise >= least_of.rise),
            count(*) filter (amounts.jump >= least_of.jump)
        ] as n,
        [
            count(amounts.month_unexcused) filter (amounts.is_listed),
            count(amounts.term_unexcused) filter (amounts.is_listed),
            count(amounts.year_unexcused) filter (amounts.is_listed),
            count(amounts.rise) filter (amounts.is_listed),
            count(amounts.jump) filter (amounts.is_listed)
        ] as d,
        [
            count(amounts.month_unexcused) filter (not amounts.has_list),
            count(amounts.term_unexcused) filter (not amounts.has_list),
            count(amounts.year_unexcused) filter (not amounts.has_list),
            count(amounts.rise) filter (not amounts.has_list),
            count(amounts.jump) filter (not amounts.has_list)
        ] as unlisted
    from amounts
    join least_of on least_of.unit = amounts.unit
    group by amounts.month, amounts.school, amounts.unit, least_of.turn
)
select
    rules.rule,
    counts.month,
    counts.school,
    counts.n[rules.place] as n,
    counts.d[rules.place] as d,
    counts.unlisted[rules.place] as unlisted
from counts
join rules on rules.unit = counts.unit and rules.turn = counts.turn
