-- What people enter in the application itself: steps and outcomes of cases, plans of visits, meetings and decisions.
-- Rows are only ever added. Every one of them is an entry: who, when.

create table entries (
    entry_id integer primary key,
    what varchar not null,
    entered_at timestamp not null,
    entered_by varchar not null
);

-- A later word about an entry: `withdrawn`, or how its conflict with an uploaded register was settled: `entered`,
-- `uploaded` or `both`. A settlement is `about` what the register said; when that changes, it settles nothing.
create table entry_marks (
    entry_id integer not null,
    marked_entry integer not null,
    mark varchar not null,
    about varchar
);

-- A case opened here: from a proposal of the rules (then with the rule and its month) or from a signal.
create table entered_cases (
    entry_id integer not null,
    number varchar not null,
    pupil ubigint,
    category varchar not null,
    municipality varchar not null,
    school_municipality varchar,
    school varchar,
    grade tinyint,
    opened_on date not null,
    dropped_on date,
    reason varchar,
    source varchar,
    repeat boolean,
    rule varchar,
    rule_month date
);

-- A proposal of the rules that an expert did not make a case.
create table declined_proposals (
    entry_id integer not null,
    pupil ubigint not null,
    rule varchar not null,
    rule_month date not null,
    why varchar not null
);

create table entered_statuses (
    entry_id integer not null,
    case_number varchar not null,
    municipality varchar not null,
    status varchar not null,
    status_group varchar not null,
    status_on date not null,
    confidence varchar
);

create table entered_actions (
    entry_id integer not null,
    case_number varchar not null,
    municipality varchar,
    date date not null,
    time varchar,
    kind varchar not null,
    n integer not null,
    team varchar,
    institutions varchar[],
    contact varchar,
    result varchar,
    next_step varchar,
    next_due date
);

-- Whose a step of the ladder is and in how many working days it is due, as people set it. A step an entry does not
-- name is as before, or as declared.
create table step_terms (
    entry_id integer not null,
    step varchar not null,
    owner varchar not null,
    working_days integer not null
);

-- A plan of checks for a week. One row is a school of it, in the order of the visits.
create table planned_visits (
    entry_id integer not null,
    week date not null,
    place integer not null,
    school varchar not null,
    reason varchar not null,
    added_by_hand boolean not null
);

-- A meeting of the coordination centre; its newest row is current. One with a frozen stamp is closed.
create table meetings (
    entry_id integer not null,
    meeting_id integer not null,
    held_on date not null,
    period varchar not null,
    chair varchar not null,
    agenda varchar not null
);

-- The newest row of an institution is current.
create table attendance (
    entry_id integer not null,
    meeting_id integer not null,
    institution varchar not null,
    present boolean not null,
    represented_by varchar
);

-- One row is a proposal, good practice or decision as it stood after an entry. It is known by its meeting's day and its
-- number, as in the uploaded proposals; of the rows of one here and in a file the newest is current.
create table decisions (
    entry_id integer not null,
    meeting date not null,
    n integer not null,
    kind varchar not null,
    text varchar not null,
    proposed_by varchar,
    addressed_to varchar,
    due date,
    state varchar not null,
    outcome varchar
);

-- What a meeting's figures were when it was closed, and what they were counted from. The oblast has no municipality.
create table frozen_figures (
    entry_id integer not null,
    meeting_id integer not null,
    metric varchar not null,
    period varchar not null,
    municipality varchar not null,
    value double,
    n double,
    d double,
    reporting integer not null,
    places integer not null
);

create table frozen_slides (
    entry_id integer not null,
    meeting_id integer not null,
    audience varchar not null,
    place integer not null,
    slide varchar not null
);

create table frozen_stamps (
    entry_id integer not null,
    meeting_id integer not null,
    known_at timestamp not null,
    thresholds_version integer not null,
    batches integer[] not null
);

-- The last word about each entry, as known at a moment.
create macro entry_words(known_at) as table
    select
        entry_marks.marked_entry,
        arg_max(entry_marks.mark, entry_marks.entry_id) as mark,
        arg_max(coalesce(entry_marks.about, ''), entry_marks.entry_id) as about
    from entry_marks
    join entries on entries.entry_id = entry_marks.entry_id
    where entries.entered_at <= known_at
    group by entry_marks.marked_entry;

-- Entries that were not withdrawn, as known at a moment.
create macro live_entries(known_at) as table
    select
        entries.entry_id,
        entries.entered_at,
        entries.entered_by,
        coalesce(words.mark, '') as mark,
        coalesce(words.about, '') as about
    from entries
    left join entry_words(known_at) as words on words.marked_entry = entries.entry_id
    where entries.entered_at <= known_at and coalesce(words.mark, '') <> 'withdrawn';

-- What a row says, to be compared with another that should say the same.
create macro said_of_case(category, municipality, school, grade, opened_on, dropped_on, reason, source, is_repeat) as
    concat_ws(
        '|',
        category,
        municipality,
        coalesce(school, ''),
        coalesce(grade::varchar, ''),
        opened_on::varchar,
        coalesce(dropped_on::varchar, ''),
        coalesce(reason, ''),
        coalesce(source, ''),
        coalesce(is_repeat, false)::varchar
    );

create macro said_of_status(status, status_on, confidence) as
    concat_ws('|', status, coalesce(status_on::varchar, ''), coalesce(confidence, ''));

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

-- One row is a municipality's register of cases on a day: the newest file, or what was entered here.
create macro case_registers(known_at, on_day) as table
    select municipality
    from live_registers('cases', known_at, on_day)
    union
    select entered_cases.municipality
    from entered_cases
    join live_entries(known_at) as live on live.entry_id = entered_cases.entry_id
    where entered_cases.opened_on <= on_day;

-- One row is a case that was ever said up to a day: on a register, or opened here. `is_current` are those of the newest
-- registers and those opened here; the others are no longer on any register.
--
-- A case opened here that comes back on a register is the register's; `case_conflict` is `case` where that says it
-- otherwise, and `missing_case` where a later register of the municipality does not have it. Of a status on the
-- register and one entered here the later one counts; of the same day, the one that was said last. `status_conflict`:
-- a register sent after the entry, of its day or later, still says another status. What a register says (`case_said`,
-- `status_said`) is kept with a settlement, which holds as long as it says the same.
create macro cases_ever(known_at, on_day) as table
    with live as materialized (
        select *
        from live_entries(known_at)
    ),
    files as materialized (
        select
            live_files.municipality,
            live_files.period,
            live_files.slice_id,
            batches.committed_at,
            live_files.period = max(live_files.period) over (
                partition by live_files.school, live_files.municipality
            ) as is_current
        from live_slices('cases', known_at) as live_files
        join slices on slices.slice_id = live_files.slice_id
        join batches on batches.batch_id = slices.batch_id
        where live_files.period <= on_day
    ),
    entered as (
        select
            entered_cases.*,
            live.entered_at,
            live.mark,
            live.about
        from entered_cases
        join live on live.entry_id = entered_cases.entry_id
        where entered_cases.opened_on <= on_day
    ),
    -- A later register without the identifiers does not unsay whose a case is.
    told as (
        select
            cases.* replace (
                coalesce(
                    cases.pupil,
                    arg_max(cases.pupil, cases.as_of) over (partition by cases.number, cases.opened_on)
                ) as pupil
            ),
            files.committed_at,
            files.is_current
        from cases
        join files on files.slice_id = cases.slice_id
    ),
    uploaded as materialized (
        select *
        from told
        qualify
            is_current
            -- A number may be given again to another child in another year.
            or row_number() over (
                partition by number, coalesce(pupil::varchar, opened_on::varchar)
                order by is_current desc, as_of desc, slice_id desc
            ) = 1
    ),
    newest as (
        select *
        from uploaded
        qualify row_number() over (partition by number order by is_current desc, as_of desc, slice_id desc) = 1
    ),
    joined as (
        select
            entered.*,
            newest.as_of,
            newest.pupil as uploaded_pupil,
            newest.reason_note,
            newest.status,
            newest.status_on,
            newest.confidence,
            newest.status_group,
            newest.committed_at,
            newest.slice_id as status_slice,
            newest.line as status_line,
            coalesce(newest.is_current, false) as is_listed,
            case when newest.is_current then newest.slice_id else files.slice_id end as case_slice,
            case when newest.is_current then newest.line end as case_line,
            case
                when newest.is_current
                    then said_of_case(
                        newest.category, newest.municipality, newest.school, newest.grade, newest.opened_on,
                        newest.dropped_on, newest.reason, newest.source, newest.repeat
                    )
                else 'missing'
            end as case_said,
            case
                when newest.is_current
                    then case_said <> said_of_case(
                        entered.category, entered.municipality, entered.school, entered.grade, entered.opened_on,
                        entered.dropped_on, entered.reason, entered.source, entered.repeat
                    )
                -- Who ended on a register is left out of the next school year's.
                else
                    files.committed_at > entered.entered_at
                    and files.period >= entered.opened_on
                    and coalesce(newest.status_group, 'in_work') = 'in_work'
            end as differs
        from entered
        left join newest on newest.number = entered.number
        left join files on files.municipality = entered.municipality and files.is_current
    ),
    opened as materialized (
        select
            *,
            case when differs then if(is_listed, 'case', 'missing_case') end as case_conflict,
            case when differs and about = case_said then mark end as case_settled
        from joined
    ),
    listed as (
        select
            uploaded.number, uploaded.as_of,
            coalesce(uploaded.pupil, if(opened.opened_on = uploaded.opened_on, opened.pupil, null)) as pupil,
            uploaded.category, uploaded.municipality, uploaded.school_municipality, uploaded.school, uploaded.grade,
            uploaded.opened_on, uploaded.dropped_on, uploaded.reason, uploaded.reason_note, uploaded.source,
            uploaded.repeat, uploaded.status, uploaded.status_on, uploaded.confidence, uploaded.status_group,
            coalesce(uploaded.status_on, uploaded.as_of) as said_on, uploaded.committed_at as said_at,
            uploaded.slice_id, uploaded.line, null::integer as opened_entry, uploaded.is_current,
            uploaded.slice_id as status_slice, uploaded.line as status_line,
            opened.entry_id as case_entry, opened.case_conflict, opened.case_said, opened.case_settled,
            opened.case_slice, opened.case_line
        from uploaded
        left join opened on opened.number = uploaded.number
        where opened.number is null or (opened.is_listed and opened.case_settled is distinct from 'entered')
        union all
        select
            number, coalesce(as_of, opened_on), coalesce(pupil, uploaded_pupil),
            category, municipality, school_municipality, school, grade,
            opened_on, dropped_on, reason, reason_note, source,
            repeat, coalesce(status, 'in_work'), if(status is null, opened_on, status_on), confidence,
            coalesce(status_group, 'in_work'),
            coalesce(status_on, as_of, opened_on), coalesce(committed_at, entered_at),
            null, null, entry_id, true,
            status_slice, status_line,
            entry_id, case_conflict, case_said, case_settled,
            case_slice, case_line
        from opened
        where case when is_listed then case_settled = 'entered' else case_settled is distinct from 'uploaded' end
    ),
    said as (
        select
            entered_statuses.*,
            live.entered_at,
            live.mark,
            live.about
        from entered_statuses
        join live on live.entry_id = entered_statuses.entry_id
        where entered_statuses.status_on <= on_day
        qualify
            row_number() over (
                partition by entered_statuses.case_number
                order by entered_statuses.status_on desc, entered_statuses.entry_id desc
            ) = 1
    ),
    compared as (
        select
            listed.*,
            said.entry_id as said_entry,
            said.status as entered_status,
            said.status_group as entered_group,
            said.status_on as entered_on,
            said.confidence as entered_confidence,
            said_of_status(listed.status, listed.status_on, listed.confidence) as status_said,
            coalesce(
                listed.is_current
                and listed.said_at > said.entered_at
                and listed.as_of >= said.status_on
                -- A later status on the register is what happened next, not a contradiction.
                and coalesce(listed.status_on <= said.status_on, true)
                and (
                    listed.status <> said.status
                    or coalesce(listed.confidence <> said.confidence, false)
                ),
                false
            ) as status_conflict,
            case when status_conflict and said.about = status_said then said.mark end as status_settled,
            coalesce(
                status_settled = 'entered'
                or (
                    status_settled is distinct from 'uploaded'
                    and (
                        said.status_on > listed.said_on
                        or (said.status_on = listed.said_on and said.entered_at > listed.said_at)
                    )
                ),
                false
            ) as is_entered
        from listed
        left join said on said.case_number = listed.number
    )
    select
        number, as_of, pupil, category, municipality, school_municipality, school, grade, opened_on, dropped_on, reason,
        reason_note, source, repeat,
        if(is_entered, entered_status, status) as status,
        if(is_entered, entered_on, status_on) as status_on,
        if(is_entered, entered_confidence, confidence) as confidence,
        if(is_entered, entered_group, status_group) as status_group,
        slice_id, line, opened_entry,
        if(is_entered, said_entry, null) as status_entry,
        is_current,
        compared.status_group as uploaded_group,
        case_entry, case_conflict, case_said, case_settled, case_slice, case_line,
        said_entry, status_conflict, status_said, status_settled, status_slice, status_line
    from compared;

-- One row is a case on a day: the newest registers, with the cases and the statuses entered here.
create macro case_rows(known_at, on_day) as table
    select
        number, as_of, pupil, category, municipality, school_municipality, school, grade, opened_on, dropped_on, reason,
        reason_note, source, repeat, status, status_on, confidence, status_group, slice_id, line, opened_entry,
        status_entry
    from cases_ever(known_at, on_day)
    where is_current;

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
