-- One row is a case that is not in work: its number, from which day to before which day what is told of the number is
-- about it (a number may be given again), the last day that anybody told of it, and how many rows tell.
with told as (
    select
        number,
        coalesce(opened_on, as_of) as first_day,
        -- What a register says of days after its own is a mistake.
        least(greatest(opened_on, dropped_on, status_on), as_of) as day
    from cases
    union all
    select number, opened_on, greatest(opened_on, dropped_on)
    from entered_cases
),
events as (
    select case_number as number, least(date, as_of) as day
    from actions
    union all
    select case_number, date
    from entered_actions
    union all
    select case_number, status_on
    from entered_statuses
),
opened as (
    select number, first_day, max(day) as day, count(*) as n_rows
    from told
    group by number, first_day
    union all
    -- Of a case that no register has any more.
    select number, min(day), null, 0
    from events
    where not exists (select 1 from told where told.number = events.number)
    group by number
),
spans as (
    select
        number,
        day,
        n_rows,
        if(row_number() over of_number = 1, date '-infinity', first_day) as since,
        coalesce(lead(first_day) over of_number, date 'infinity') as until
    from opened
    window of_number as (partition by number order by first_day)
),
ends as (
    select
        spans.number,
        spans.since,
        spans.until,
        greatest(spans.day, max(events.day)) as ended_on,
        spans.n_rows + count(events.day) as n_rows
    from spans
    left join events
        on events.number = spans.number and events.day >= spans.since and events.day < spans.until
    group by spans.number, spans.since, spans.until, spans.day, spans.n_rows
)
select
    number,
    since,
    until,
    ended_on,
    year(ended_on - interval 8 month - interval 14 day)::integer as school_year,
    n_rows
from ends
where
    ended_on is not null
    and not exists (
        select 1
        from cases_ever($known_at, $on_day) as ever
        where
            ever.number = ends.number
            and ever.is_current
            and ever.status_group = 'in_work'
            and coalesce(ever.opened_on, ever.as_of) >= ends.since
            and coalesce(ever.opened_on, ever.as_of) < ends.until
    )
