-- One row is a case of a child: its number and municipality, from which day to before which day what is told of the
-- number there is about it (a number may be given again), and whether other municipalities have the number, too.
with told as (
    select number, municipality, opened_on, pupil
    from cases
    union all
    select number, municipality, opened_on, pupil
    from entered_cases
),
mine as (
    select distinct number, opened_on
    from told
    where pupil = $child
),
-- What does not say whose it is, is of the child that has the number and the signal.
turns as (
    select
        told.number,
        told.municipality,
        told.opened_on,
        bool_or(mine.number is not null and coalesce(told.pupil = $child, true)) as is_mine
    from told
    left join mine on mine.number = told.number and mine.opened_on = told.opened_on
    where told.number in (select number from mine)
    group by told.number, told.municipality, told.opened_on
),
spans as (
    select
        number,
        municipality,
        is_mine,
        if(row_number() over of_number = 1, date '0001-01-01', opened_on) as since,
        coalesce(lead(opened_on) over of_number, date '9999-12-31') as until
    from turns
    window of_number as (partition by number, municipality order by opened_on)
)
select
    number,
    municipality,
    since,
    until,
    number in (select number from told group by number having count(distinct municipality) > 1) as is_shared
from spans
where is_mine
