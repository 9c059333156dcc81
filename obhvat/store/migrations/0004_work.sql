-- What people enter in the application itself: steps and outcomes of cases, plans of visits, meetings and decisions.
-- Rows are only ever added. Every one of them is an entry: who, when.

create table entries (
    entry_id integer primary key,
    what varchar not null,
    entered_at timestamp not null,
    entered_by varchar not null
);

-- A later word about an entry: `withdrawn`, or how its conflict with an uploaded register was settled: `entered`,
-- `uploaded` or `both`.
create table entry_marks (
    entry_id integer not null,
    marked_entry integer not null,
    mark varchar not null
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

-- A meeting of the coordination centre. What is said of one later (`closed`) is an entry mark.
create table meetings (
    entry_id integer not null,
    meeting_id integer not null,
    held_on date not null,
    period varchar not null,
    chair varchar not null,
    agenda varchar not null
);

create table attendance (
    entry_id integer not null,
    meeting_id integer not null,
    institution varchar not null,
    present boolean not null,
    represented_by varchar
);

-- One row is a proposal, good practice or decision as it stood after an entry: the newest row of a decision is current.
create table decisions (
    entry_id integer not null,
    decision_id integer not null,
    meeting_id integer not null,
    kind varchar not null,
    text varchar not null,
    proposed_by varchar,
    addressed_to varchar,
    due date,
    state varchar not null,
    outcome varchar
);

-- What a meeting's figures were when it was closed, and what they were counted from.
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

-- Entries that count at a moment: not withdrawn, and not set aside for what a register says.
create macro entry_words(known_at) as table
    select entry_marks.marked_entry, arg_max(entry_marks.mark, entry_marks.entry_id) as mark
    from entry_marks
    join entries on entries.entry_id = entry_marks.entry_id
    where entries.entered_at <= known_at
    group by entry_marks.marked_entry;

create macro live_entries(known_at) as table
    select
        entries.entry_id,
        entries.entered_at,
        entries.entered_by,
        coalesce(words.mark, '') as mark
    from entries
    left join entry_words(known_at) as words on words.marked_entry = entries.entry_id
    where entries.entered_at <= known_at and coalesce(words.mark, '') not in ('withdrawn', 'uploaded');

-- One row is a municipality's register of cases on a day: the newest file, or what was entered here.
create macro case_registers(known_at, on_day) as table
    select municipality
    from live_registers('cases', known_at, on_day)
    union
    select entered_cases.municipality
    from entered_cases
    join live_entries(known_at) as live on live.entry_id = entered_cases.entry_id
    where entered_cases.opened_on <= on_day;

-- One row is a case on a day: the newest registers, with the cases and the statuses entered here. Of a status in the
-- register and one entered here the later one counts; of the same day, the one that was said last.
create macro case_rows(known_at, on_day) as table
    with uploaded as (
        select cases.*, batches.committed_at
        from cases
        join live_registers('cases', known_at, on_day) as live on live.slice_id = cases.slice_id
        join slices on slices.slice_id = cases.slice_id
        join batches on batches.batch_id = slices.batch_id
        where cases.opened_on <= on_day
    ),
    opened as (
        select entered_cases.*, live.entered_at
        from entered_cases
        join live_entries(known_at) as live on live.entry_id = entered_cases.entry_id
        where
            entered_cases.opened_on <= on_day
            and entered_cases.number not in (select number from uploaded)
    ),
    statuses as (
        select
            entered_statuses.case_number,
            arg_max(entered_statuses.entry_id, (entered_statuses.status_on, entered_statuses.entry_id)) as entry_id
        from entered_statuses
        join live_entries(known_at) as live on live.entry_id = entered_statuses.entry_id
        where entered_statuses.status_on <= on_day
        group by entered_statuses.case_number
    ),
    said as (
        select entered_statuses.*, live.entered_at, live.mark
        from statuses
        join entered_statuses on entered_statuses.entry_id = statuses.entry_id
        join live_entries(known_at) as live on live.entry_id = statuses.entry_id
    ),
    listed as (
        select
            number, as_of, pupil, category, municipality, school_municipality, school, grade, opened_on, dropped_on,
            reason, reason_note, source, repeat, status, status_on, confidence, status_group,
            coalesce(status_on, as_of) as said_on, committed_at as said_at, slice_id, line, null::integer as opened_entry
        from uploaded
        union all
        select
            number, opened_on, pupil, category, municipality, school_municipality, school, grade, opened_on, dropped_on,
            reason, null, source, repeat, 'in_work', opened_on, null, 'in_work',
            opened_on, entered_at, null, null, entry_id
        from opened
    ),
    compared as (
        select
            listed.*,
            said.entry_id as status_entry,
            said.status as entered_status,
            said.status_group as entered_group,
            said.status_on as entered_on,
            said.confidence as entered_confidence,
            coalesce(
                said.mark = 'entered'
                or said.status_on > listed.said_on
                or (said.status_on = listed.said_on and said.entered_at > listed.said_at),
                false
            ) as is_entered
        from listed
        left join said on said.case_number = listed.number
    )
    select
        number, as_of, pupil, category, municipality, school_municipality, school, grade, opened_on, dropped_on, reason,
        reason_note, source, repeat,
        case when is_entered then entered_status else status end as status,
        case when is_entered then entered_on else status_on end as status_on,
        case when is_entered then entered_confidence else confidence end as confidence,
        case when is_entered then entered_group else status_group end as status_group,
        slice_id, line, opened_entry,
        case when is_entered then status_entry end as status_entry
    from compared;

-- One row is a step on a day: the newest registers and the steps entered here. A step that both have, by key, counts
-- once, as the register says it, unless it was settled otherwise.
create macro action_rows(known_at, on_day) as table
    with uploaded as (
        select actions.*
        from actions
        join live_registers('actions', known_at, on_day) as live on live.slice_id = actions.slice_id
        where actions.date <= on_day
    ),
    entered as (
        select
            entered_actions.*,
            live.mark,
            exists (
                select 1
                from uploaded
                where
                    uploaded.case_number = entered_actions.case_number
                    and uploaded.date = entered_actions.date
                    and uploaded.kind = entered_actions.kind
                    and uploaded.n = entered_actions.n
            ) as is_uploaded
        from entered_actions
        join live_entries(known_at) as live on live.entry_id = entered_actions.entry_id
        where entered_actions.date <= on_day
    )
    select
        case_number, municipality, date, time, kind, n, team, institutions, contact, result, next_step, next_due,
        slice_id, line, null::integer as entry_id
    from uploaded
    where not exists (
        select 1
        from entered
        where
            entered.mark = 'entered'
            and entered.case_number = uploaded.case_number
            and entered.date = uploaded.date
            and entered.kind = uploaded.kind
            and entered.n = uploaded.n
    )
    union all
    select
        case_number, municipality, date, time, kind, n, team, institutions, contact, result, next_step, next_due,
        null, null, entry_id
    from entered
    where not is_uploaded or mark in ('entered', 'both');

-- One row is what was ever said of a case: all registers, and what was entered here.
create macro case_history(known_at) as table
    select cases.number, cases.pupil, cases.school, cases.as_of, cases.status_group, cases.status_on, cases.repeat
    from cases
    join live_slices('cases', known_at) as live on live.slice_id = cases.slice_id
    union all
    select number, pupil, school, opened_on, 'in_work', opened_on, repeat
    from entered_cases
    join live_entries(known_at) as live on live.entry_id = entered_cases.entry_id
    union all
    select
        entered_statuses.case_number,
        children.pupil,
        children.school,
        entered_statuses.status_on,
        entered_statuses.status_group,
        entered_statuses.status_on,
        null
    from entered_statuses
    join live_entries(known_at) as live on live.entry_id = entered_statuses.entry_id
    left join (
        select number, any_value(pupil) as pupil, any_value(school) as school
        from (
            select number, pupil, school from cases
            union all
            select number, pupil, school from entered_cases
        )
        group by number
    ) as children on children.number = entered_statuses.case_number;

-- One row is a step that was ever said: all registers, and what was entered here.
create macro action_history(known_at) as table
    select actions.case_number, actions.date
    from actions
    join live_slices('actions', known_at) as live on live.slice_id = actions.slice_id
    union all
    select entered_actions.case_number, entered_actions.date
    from entered_actions
    join live_entries(known_at) as live on live.entry_id = entered_actions.entry_id;
