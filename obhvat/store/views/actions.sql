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

-- One row is a step entered here, beside what the newest registers say of it, by key: `is_conflict` where they say it
-- otherwise, `settled` how that was settled, and `uploaded` what about.
create macro entered_steps(known_at, on_day) as table
    with registers as (
        select
            actions.case_number,
            actions.date,
            actions.kind,
            actions.n,
            actions.slice_id,
            actions.line,
            said_of_action(
                actions.time, actions.team, actions.institutions, actions.contact, actions.result, actions.next_step,
                actions.next_due
            ) as uploaded
        from actions
        join live_registers('actions', known_at, on_day) as live on live.slice_id = actions.slice_id
        qualify row_number() over (partition by case_number, date, kind, n order by actions.slice_id desc) = 1
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
                entered_actions.result, entered_actions.next_step, entered_actions.next_due
            ),
            false
        ) as is_conflict,
        case when is_conflict and live.about = registers.uploaded then live.mark end as settled
    from entered_actions
    join live_entries(known_at) as live on live.entry_id = entered_actions.entry_id
    left join registers
        on registers.case_number = entered_actions.case_number
        and registers.date = entered_actions.date
        and registers.kind = entered_actions.kind
        and registers.n = entered_actions.n
    where entered_actions.date <= on_day;

-- One row is a step on a day: the newest registers and the steps entered here. A step that both have, by key, counts
-- once, as the register says it, unless it was settled otherwise.
create macro action_rows(known_at, on_day) as table
    with entered as materialized (
        select *
        from entered_steps(known_at, on_day)
    )
    select
        actions.case_number, actions.municipality, actions.date, actions.time, actions.kind, actions.n, actions.team,
        actions.institutions, actions.contact, actions.result, actions.next_step, actions.next_due, actions.slice_id,
        actions.line, null::integer as entry_id
    from actions
    join live_registers('actions', known_at, on_day) as live on live.slice_id = actions.slice_id
    where
        actions.date <= on_day
        and not exists (
            select 1
            from entered
            where
                entered.settled = 'entered'
                and entered.case_number = actions.case_number
                and entered.date = actions.date
                and entered.kind = actions.kind
                and entered.n = actions.n
        )
    union all
    select
        case_number, municipality, date, time, kind, n, team, institutions, contact, result, next_step, next_due,
        null, null, entry_id
    from entered
    where slice_id is null or settled in ('entered', 'both');

-- One row is a step that was ever said: all registers, and what was entered here.
create macro action_history(known_at) as table
    select actions.case_number, actions.date
    from actions
    join live_slices('actions', known_at) as live on live.slice_id = actions.slice_id
    union all
    select entered_actions.case_number, entered_actions.date
    from entered_actions
    join live_entries(known_at) as live on live.entry_id = entered_actions.entry_id;
