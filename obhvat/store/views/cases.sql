-- What a row says as one text, to be compared with another that should say the same.
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

-- One row is a case on a day: the newest registers, with the cases and the statuses entered here, without those that
-- only tell of another case of their child again.
create macro case_rows(known_at, on_day) as table
    select
        number, as_of, pupil, category, municipality, school_municipality, school, grade, opened_on, dropped_on, reason,
        reason_note, source, repeat, status, status_on, confidence, status_group, slice_id, line, opened_entry,
        status_entry
    from cases_ever(known_at, on_day) as ever
    where
        is_current
        and not exists (
            select 1
            from child_words(known_at) as words
            where
                words.word = 'dropped'
                and words.case_number = ever.number
                and words.municipality = ever.municipality
                and words.opened_on = ever.opened_on
        );
