-- One row is a case that is open at the same time as another of its child, and of which nobody has said that it is one
-- of its own. Pseudonyms are compared here and stay here.
with of_children as materialized (
    select
        number,
        municipality,
        school,
        opened_on,
        status,
        status_on,
        pupil,
        if(status_group = 'in_work', date '9999-12-31', coalesce(status_on, date '9999-12-31')) as ended_on
    from cases_ever
    where is_current and not is_dropped and pupil is not null
),
at_once as (
    select cases.*
    from of_children as cases
    where exists (
        select 1
        from of_children as other
        where
            other.pupil = cases.pupil
            and (other.number, other.municipality) <> (cases.number, cases.municipality)
            and other.ended_on > cases.opened_on
            and cases.ended_on > other.opened_on
    )
),
told as (
    select
        at_once.*,
        exists (
            select 1
            from child_words($known_at) as words
            where
                words.word = 'apart'
                and words.case_number = at_once.number
                and words.municipality = at_once.municipality
                and words.pupil = at_once.pupil
        ) as is_apart
    from at_once
),
asked as (
    select *, min(opened_on) over (partition by pupil) as first_on
    from told
    qualify not bool_and(is_apart) over (partition by pupil)
)
select
    dense_rank() over (order by first_on, pupil) as child,
    number,
    municipality,
    school,
    opened_on,
    status,
    status_on
from asked
order by child, opened_on, number
