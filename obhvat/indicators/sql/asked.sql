-- Steps that begin the queries of what a child missed by each of some months of a school year, `$months`: what
-- institutions sent, and which of their lists is the newest.
-- `nth` counts the months of the school year from September, which is 1, and a month is the bit 1 << nth of a number.
asked as (
    select
        month,
        date_diff('month', $year_first::date, month) + 1 as nth,
        (month - interval 1 month)::date as month_1,
        (month - interval 2 month)::date as month_2,
        last_day(month) as last,
        if(nth between 6 and 12, 6, 1) as term_nth,
        $year_first::date + to_months(term_nth::integer - 1) as term_first
    from (
        select unnest($months::date[]) as month
    )
),
sent as (
    select school, period as month, date_diff('month', $year_first::date, period) + 1 as nth, slice_id
    from live_slices('absences', $known_at)
    where period between $year_first and (select max(month) from asked)
),
sent_by_school as (
    select
        asked.month,
        sent.school,
        bool_or(sent.month = asked.month) as has_month,
        bool_or(sent.month = asked.month_1) as has_month_1,
        bool_or(sent.month = asked.month_2) as has_month_2,
        count(*) filter (sent.month < asked.month) as months_before,
        string_agg(strftime(sent.month, '%Y-%m'), ' ' order by sent.month) as months_sent
    from sent
    join asked on asked.month >= sent.month
    group by asked.month, sent.school
),
newest_lists as (
    select
        asked.month,
        asked.nth,
        asked.last,
        live.school,
        max(live.period) as period,
        arg_max(live.slice_id, live.period) as slice_id
    from live_slices('pupils', $known_at) as live
    join asked on asked.last >= live.period
    group by asked.month, asked.nth, asked.last, live.school, live.municipality
    having max(live.period) >= $year_first
),
-- `place` is that of a list in force, which tells the newer of two.
lists as (
    select
        newest_lists.month, newest_lists.nth, newest_lists.school, newest_lists.period, newest_lists.slice_id, in_force.place
    from newest_lists
    left join lists_in_force($known_at, (select list(last) from asked)) as in_force
        on in_force.slice_id = newest_lists.slice_id and in_force.day = newest_lists.last
),
listed_units as (
    select distinct lists.month, lists.school, list_sizes.unit
    from lists
    join list_sizes on list_sizes.slice_id = lists.slice_id
)
