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

-- The 15 September on which the school year of a day begins.
create macro school_year_first(on_day) as
    make_date((year(on_day) - if(month(on_day) * 100 + day(on_day) < 915, 1, 0))::integer, 9, 15);

-- One row is a municipality whose cases somebody told of, and the days between which something is known of them: from
-- the school year of its first register, or what happened before it, to its last register, or what happened after it.
create macro case_senders(known_at) as table
    with told as (
        select municipality, school_year_first(period) as since, period as until
        from live_slices('cases', known_at)
        union all
        select cases.municipality, cases.opened_on, cases.opened_on
        from cases
        join live_slices('cases', known_at) as live on live.slice_id = cases.slice_id
        union all
        select entered_cases.municipality, entered_cases.opened_on, entered_cases.opened_on
        from entered_cases
        join live_entries(known_at) as live on live.entry_id = entered_cases.entry_id
        union all
        select entered_statuses.municipality, entered_statuses.status_on, entered_statuses.status_on
        from entered_statuses
        join live_entries(known_at) as live on live.entry_id = entered_statuses.entry_id
    )
    select municipality, min(since) as since, max(until) as until
    from told
    group by municipality;

-- One row is the register that stands for a municipality on a day where what a register says cannot be followed from one
-- to the next: the newest of that day, or else the first after it of the same school year.
create macro registers_in_force(wanted, known_at, on_day) as table
    select
        municipality,
        coalesce(
            arg_max(slice_id, period) filter (period <= on_day),
            arg_min(slice_id, period) filter (school_year_first(period) = school_year_first(on_day))
        ) as slice_id
    from live_slices(wanted, known_at)
    group by municipality
    having slice_id is not null;

-- One row is a case that was ever said, in its newest wording, as it stood on a day: it was open by then, whichever
-- register tells of it. `is_current` are those that no register of their municipality up to the day left out, and those
-- opened here. `status_since` is the day from which the status holds: its own, or of the first register that says it.
--
-- The status on a day is what the newest register says, if from that day or before; else what an older one does; a case
-- of which none says anything yet is in work. So a register corrects those before it, and one dated after the day does
-- not hide what stood on it.
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
    registers as materialized (
        select municipality, period, slice_id
        from live_slices('cases', known_at)
    ),
    -- `next_on` is the day of the municipality's next register.
    files as materialized (
        select
            registers.municipality,
            registers.period,
            registers.slice_id,
            batches.committed_at,
            min(later.period) as next_on
        from registers
        join slices on slices.slice_id = registers.slice_id
        join batches on batches.batch_id = slices.batch_id
        left join registers as later
            on later.municipality = registers.municipality
            and later.period > registers.period
        group by registers.municipality, registers.period, registers.slice_id, batches.committed_at
    ),
    entered as (
        select
            entered_cases.*,
            said_of_case(category, municipality, school, grade, opened_on, dropped_on, reason, source, repeat) as said,
            live.entered_at,
            live.mark,
            live.about
        from entered_cases
        join live on live.entry_id = entered_cases.entry_id
        where entered_cases.opened_on <= on_day
    ),
    -- What decides which line is the newest and which status holds; the rest of a case is joined to what is chosen.
    lines as materialized (
        select
            cases.slice_id,
            cases.line,
            cases.number,
            cases.municipality,
            cases.as_of,
            cases.opened_on,
            cases.pupil,
            cases.status,
            cases.status_on,
            cases.confidence,
            cases.status_group,
            files.committed_at,
            files.next_on
        from cases
        join files on files.slice_id = cases.slice_id
    ),
    -- A later register without the identifiers does not unsay whose a case is; of two of one day always the same does.
    identified as (
        select number, opened_on, arg_max(pupil, row(as_of, municipality)) as pupil
        from lines
        group by number, opened_on
    ),
    -- A number may be given again to another child in another year.
    of_children as (
        select
            lines.* replace (coalesce(lines.pupil, identified.pupil) as pupil),
            coalesce(lines.pupil::varchar, identified.pupil::varchar, lines.opened_on::varchar) as child
        from lines
        left join identified on identified.number = lines.number and identified.opened_on = lines.opened_on
    ),
    runs as (
        select
            *,
            bool_or(next_on is null) over (
                case_lines rows between unbounded preceding and unbounded following
            ) as is_held,
            if(status is distinct from lag(status) over case_lines, as_of, null) as changed_on
        from of_children
        window case_lines as (partition by number, child, municipality order by as_of)
    ),
    told as materialized (
        select
            *,
            coalesce(
                status_on,
                max(changed_on) over (partition by number, child, municipality order by as_of)
            ) as status_since
        from runs
    ),
    newest_words as (
        select distinct on (number, child) slice_id, line
        from told
        order by number, child, next_on is null desc, as_of desc, municipality
    ),
    worded as materialized (
        select told.*
        from told
        left join newest_words on newest_words.slice_id = told.slice_id and newest_words.line = told.line
        where told.next_on is null or newest_words.slice_id is not null
    ),
    statuses as (
        select distinct on (worded.slice_id, worded.line)
            worded.slice_id as case_slice,
            worded.line as case_line,
            told.as_of,
            told.status,
            told.status_on,
            told.status_since,
            told.confidence,
            told.status_group,
            told.committed_at,
            told.slice_id,
            told.line
        from worded
        -- What a municipality says of its own case is not unsaid by another that has the same one.
        join told
            on told.number = worded.number
            and told.child = worded.child
            and (told.municipality = worded.municipality or not told.is_held)
        where coalesce(told.status_on, told.as_of) <= on_day
        order by
            worded.slice_id, worded.line,
            told.as_of desc, told.municipality = worded.municipality desc, told.municipality
    ),
    uploaded as materialized (
        select
            cases.* replace (
                worded.pupil as pupil,
                coalesce(statuses.as_of, worded.as_of) as as_of,
                coalesce(statuses.status, 'in_work') as status,
                if(statuses.status is null, worded.opened_on, statuses.status_on) as status_on,
                statuses.confidence as confidence,
                coalesce(statuses.status_group, 'in_work') as status_group
            ),
            coalesce(statuses.status_since, worded.opened_on) as status_since,
            statuses.committed_at,
            worded.next_on,
            statuses.slice_id as status_slice,
            statuses.line as status_line,
            coalesce(statuses.status_on, statuses.as_of, worded.opened_on) as said_on,
            coalesce(on_day < worded.next_on, true) as is_current
        from worded
        join cases on cases.slice_id = worded.slice_id and cases.line = worded.line
        left join statuses on statuses.case_slice = worded.slice_id and statuses.case_line = worded.line
        where worded.opened_on <= on_day
    ),
    newest_lines as (
        select distinct on (number) slice_id, line
        from uploaded
        order by number, is_current desc, next_on is null desc, as_of desc, opened_on desc, municipality
    ),
    newest as (
        select
            uploaded.*,
            said_of_case(category, municipality, school, grade, opened_on, dropped_on, reason, source, repeat) as said
        from uploaded
        join newest_lines on newest_lines.slice_id = uploaded.slice_id and newest_lines.line = uploaded.line
    ),
    newest_files as (
        select *
        from files
        where next_on is null
    ),
    joined as (
        select
            entered.*,
            newest.as_of,
            newest.pupil as uploaded_pupil,
            newest.reason_note,
            newest.status,
            newest.status_on,
            newest.status_since,
            newest.said_on,
            newest.confidence,
            newest.status_group,
            newest.committed_at,
            newest.status_slice,
            newest.status_line,
            coalesce(newest.is_current, false) as is_listed,
            case when newest.is_current then newest.slice_id else newest_files.slice_id end as case_slice,
            case when newest.is_current then newest.line end as case_line,
            if(newest.is_current, newest.said, 'missing') as case_said,
            case
                when newest.is_current
                    then newest.said <> entered.said
                -- Who ended on a register is left out of the next school year's.
                else
                    newest_files.committed_at > entered.entered_at
                    and newest_files.period >= entered.opened_on
                    and coalesce(newest.status_group, 'in_work') = 'in_work'
            end as differs
        from entered
        left join newest on newest.number = entered.number
        left join newest_files on newest_files.municipality = entered.municipality
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
            uploaded.repeat, uploaded.status, uploaded.status_on, uploaded.status_since, uploaded.confidence,
            uploaded.status_group, uploaded.said_on, uploaded.committed_at as said_at,
            uploaded.slice_id, uploaded.line, null::integer as opened_entry, uploaded.is_current,
            uploaded.status_slice, uploaded.status_line,
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
            repeat, coalesce(status, 'in_work'), if(status is null, opened_on, status_on),
            coalesce(status_since, opened_on), confidence,
            coalesce(status_group, 'in_work'), coalesce(said_on, opened_on), coalesce(committed_at, entered_at),
            null, null, entry_id, true,
            status_slice, status_line,
            entry_id, case_conflict, case_said, case_settled,
            case_slice, case_line
        from opened
        where case when is_listed then case_settled = 'entered' else case_settled is distinct from 'uploaded' end
    ),
    said as (
        select distinct on (entered_statuses.case_number)
            entered_statuses.*,
            live.entered_at,
            live.mark,
            live.about
        from entered_statuses
        join live on live.entry_id = entered_statuses.entry_id
        where entered_statuses.status_on <= on_day
        order by entered_statuses.case_number, entered_statuses.status_on desc, entered_statuses.entry_id desc
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
                        or (said.status_on = listed.said_on and coalesce(said.entered_at > listed.said_at, true))
                    )
                ),
                false
            ) as is_entered
        from listed
        left join said on said.case_number = listed.number
    ),
    dropped as (
        select distinct child_cases.case_number, child_cases.municipality, child_cases.pupil
        from child_cases
        join live on live.entry_id = child_cases.entry_id
        where child_cases.word = 'dropped'
    ),
    repeated as materialized (
        select compared.*, dropped.case_number is not null as tells_again
        from compared
        left join dropped
            on dropped.case_number = compared.number
            and dropped.municipality = compared.municipality
            and dropped.pupil = compared.pupil
    )
    select
        number, as_of, pupil, category, municipality, school_municipality, school, grade, opened_on, dropped_on, reason,
        reason_note, source, repeat,
        if(is_entered, entered_status, status) as status,
        if(is_entered, entered_on, status_on) as status_on,
        if(is_entered, entered_on, status_since) as status_since,
        if(is_entered, entered_confidence, confidence) as confidence,
        if(is_entered, entered_group, status_group) as status_group,
        slice_id, line, opened_entry,
        if(is_entered, said_entry, null) as status_entry,
        is_current,
        repeated.status_group as uploaded_group,
        case_entry, case_conflict, case_said, case_settled, case_slice, case_line,
        said_entry, status_conflict, status_said, status_settled, status_slice, status_line,
        -- Only while another case of the child stands: no child is lost with the case that told of it again.
        tells_again
        and pupil in (
            select pupil
            from repeated
            where is_current and not tells_again and pupil is not null
        ) as is_dropped
    from repeated;

-- One row is a case on a day: those that registers had not left out by then, and those opened here, without those that
-- only tell of another case of their child again.
create macro case_rows(known_at, on_day) as table
    select
        number, as_of, pupil, category, municipality, school_municipality, school, grade, opened_on, dropped_on, reason,
        reason_note, source, repeat, status, status_on, status_since, confidence, status_group, slice_id, line,
        opened_entry, status_entry
    from cases_ever(known_at, on_day)
    where is_current and not is_dropped;
