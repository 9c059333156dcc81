-- One row is a case that was ever said up to a day: its signal, when something was first done, when the family was first
-- reached, when it ended, and how long it was watched.
with ever as materialized (
    select *
    from cases_ever
    where not is_dropped
),
-- A number may be given again in another year: a step is of the case that was the newest then.
turns as (
    select
        number,
        opened_on,
        lead(opened_on) over (partition by number order by opened_on) as next_on,
        row_number() over (partition by number order by opened_on) = 1 as is_first
    from (select distinct number, opened_on from ever)
),
steps as (
    select case_number, date, contact
    from steps_ever
    where date <= $day
),
firsts as (
    select
        turns.number,
        turns.opened_on,
        min(steps.date) as acted_on,
        min(steps.date) filter (steps.contact = any($reached::varchar[])) as reached_on
    from turns
    join steps
        on steps.case_number = turns.number
        and (steps.date >= turns.opened_on or turns.is_first)
        and coalesce(steps.date < turns.next_on, true)
    group by turns.number, turns.opened_on
),
-- A municipality that sent no register of steps says nothing of them.
covered as (
    select municipality
    from step_senders($known_at)
    where since <= $day
)
select
    ever.number,
    ever.municipality,
    ever.school,
    ever.opened_on,
    firsts.acted_on,
    firsts.reached_on,
    ever.status_group <> 'in_work' as is_over,
    case when ever.status_group <> 'in_work' then ever.status_on end as ended_on,
    case
        when ever.status_group <> 'in_work' then coalesce(ever.status_on, ever.as_of)
        when ever.is_current then $day
        -- No longer on any register: nobody has said what became of it since.
        else least(ever.as_of, $day)
    end as watched_until,
    ever.municipality in (select municipality from covered) as has_steps
from ever
left join firsts on firsts.number = ever.number and firsts.opened_on = ever.opened_on
order by ever.opened_on, ever.number
