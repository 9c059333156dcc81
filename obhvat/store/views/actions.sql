-- What a step says as one text, to be compared with another that should say the same.
create macro said_of_action(hour_said, team, institutions, contact, result, next_step, next_due) as
    concat_ws(
        '|',
        coalesce(hour_said, ''),
        coalesce(team, ''),
        coalesce(array_to_string(list_sort(list_distinct(institutions)), ','), ''),
        coalesce(contact, ''),
        coalesce(result, ''),
        coalesce(next_step, ''),
        coalesce(next_due::varchar, '')
    );

-- One row is a step up to a day that a register tells of, whatever the day it is as of: once by its key, as the newest
-- says it. Where two municipalities have given one number to cases of their own (`is_shared`), the municipality is a part
-- of the key. A register that leaves out steps does not unsay them, unless whoever sent it said that those of its cases
-- were withdrawn (obhvat/ingest/judging/registers.py).
create macro uploaded_steps(known_at, on_day) as table
    with files as materialized (
        select
            live.municipality,
            live.period,
            live.slice_id,
            list_contains(batches.doubt_codes, 'withdrawn_steps') as withdraws
        from live_slices('actions', known_at) as live
        join slices on slices.slice_id = live.slice_id
        join batches on batches.batch_id = slices.batch_id
    ),
    shared_numbers as materialized (
        select cases.number
        from cases
        join live_registers('cases', known_at, date '9999-12-31') as live on live.slice_id = cases.slice_id
        group by cases.number
        having count(distinct cases.municipality) > 1
    ),
    newest as (
        select
            actions.*,
            files.period,
            actions.case_number in (select number from shared_numbers) as is_shared
        from actions
        join files on files.slice_id = actions.slice_id
        where actions.date <= on_day
        qualify
            row_number() over (
                partition by
                    actions.case_number, actions.date, actions.kind, actions.n, if(is_shared, actions.municipality, null)
                order by files.period desc, actions.slice_id desc
            ) = 1
    ),
    withdrawing as (
        select distinct
            files.municipality,
            files.period,
            actions.case_number
        from files
        join actions on actions.slice_id = files.slice_id
        where files.withdraws
    )
    select newest.*
    from newest
    where
        not exists (
            select 1
            from withdrawing
            where
                withdrawing.case_number = newest.case_number
                and withdrawing.municipality = coalesce(newest.municipality, '')
                and withdrawing.period > newest.period
        );

-- One row is a step entered here, beside what the registers say of it, by key: `is_conflict` where they say it
-- otherwise, `settled` how that was settled, and `uploaded` what about.
create macro entered_steps(known_at, on_day) as table
    with registers as (
        select
            case_number,
            municipality,
            is_shared,
            date,
            kind,
            n,
            slice_id,
            line,
            said_of_action(time, team, institutions, contact, result, next_step, next_due) as uploaded
        from uploaded_steps(known_at, on_day)
    )
    select
        entered_actions.*,
        live.about,
        registers.slice_id,
        registers.line,
        registers.uploaded,
        coalesce(
            registers.uploaded <> said_of_action(
                entered_actions.time, entered_actions.team, entered_actions.institutions, entered_actions.contact,
                -- A note that is kept to one institution is in no register.
                if(entered_actions.note_of is null, entered_actions.result, null), entered_actions.next_step, entered_actions.next_due
            ),
            false
        ) as is_conflict,
        case
            when is_conflict and live.about = registers.uploaded then live.mark
            when entered_actions.note_of is not null and registers.slice_id is not null and not is_conflict
                then 'entered'
        end as settled
    from entered_actions
    join live_entries(known_at) as live on live.entry_id = entered_actions.entry_id
    left join registers
        on registers.case_number = entered_actions.case_number
        and registers.date = entered_actions.date
        and registers.kind = entered_actions.kind
        and registers.n = entered_actions.n
        and (not registers.is_shared or registers.municipality = entered_actions.municipality)
    where entered_actions.date <= on_day;

-- One row is a step up to a day: of the registers and entered here. A step that both have, by key, counts once, as the
-- register says it, unless it was settled otherwise.
create macro action_rows(known_at, on_day) as table
    with entered as materialized (
        select *
        from entered_steps(known_at, on_day)
    )
    select
        steps.case_number, steps.municipality, steps.date, steps.time, steps.kind, steps.n, steps.team,
        steps.institutions, steps.contact, steps.result, steps.next_step, steps.next_due, steps.slice_id,
        steps.line, null::integer as entry_id, null::varchar as note_of
    from uploaded_steps(known_at, on_day) as steps
    where
        not exists (
            select 1
            from entered
            where
                entered.settled = 'entered'
                and entered.case_number = steps.case_number
                and entered.date = steps.date
                and entered.kind = steps.kind
                and entered.n = steps.n
                and (not steps.is_shared or entered.municipality = steps.municipality)
        )
    union all
    select
        case_number, municipality, date, time, kind, n, team, institutions, contact, result, next_step, next_due,
        null, null, entry_id, note_of
    from entered
    where slice_id is null or settled in ('entered', 'both');

-- One row is a municipality whose steps somebody told of, and the days between which something is known of them, as of
-- `case_senders`.
create macro step_senders(known_at) as table
    with told as (
        select municipality, school_year_first(period) as since, period as until
        from live_slices('actions', known_at)
        union all
        select coalesce(actions.municipality, ''), actions.date, actions.date
        from actions
        join live_slices('actions', known_at) as live on live.slice_id = actions.slice_id
        union all
        select coalesce(entered_actions.municipality, ''), entered_actions.date, entered_actions.date
        from entered_actions
        join live_entries(known_at) as live on live.entry_id = entered_actions.entry_id
    )
    select municipality, min(since) as since, max(until) as until
    from told
    group by municipality;
