-- One row is the last word about an entry, as known at a moment.
create macro entry_words(known_at) as table
    select
        entry_marks.marked_entry,
        arg_max(entry_marks.mark, entry_marks.entry_id) as mark,
        arg_max(coalesce(entry_marks.about, ''), entry_marks.entry_id) as about
    from entry_marks
    join entries on entries.entry_id = entry_marks.entry_id
    where entries.entered_at <= known_at
    group by entry_marks.marked_entry;

-- One row is an entry that was not withdrawn, as known at a moment.
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

-- One row is a case that somebody said something of, beside the other cases of its child: `apart` or `dropped`.
create macro child_words(known_at) as table
    select
        child_cases.case_number,
        child_cases.municipality,
        child_cases.pupil,
        child_cases.word,
        child_cases.entry_id,
        live.entered_at,
        live.entered_by
    from child_cases
    join live_entries(known_at) as live on live.entry_id = child_cases.entry_id;

-- One row is a meeting as it was last said, and when it was closed, as known at a moment.
create macro held_meetings(known_at) as table
    with said as (
        select
            meetings.meeting_id,
            meetings.held_on,
            meetings.period,
            meetings.chair,
            meetings.agenda,
            row_number() over (partition by meetings.meeting_id order by meetings.entry_id desc) as nth
        from meetings
        join live_entries(known_at) as live on live.entry_id = meetings.entry_id
    ),
    closings as (
        select frozen_stamps.meeting_id, min(live.entered_at) as closed_at
        from frozen_stamps
        join live_entries(known_at) as live on live.entry_id = frozen_stamps.entry_id
        group by frozen_stamps.meeting_id
    )
    select
        said.meeting_id,
        said.held_on,
        said.period,
        said.chair,
        said.agenda,
        closings.closed_at
    from said
    left join closings on closings.meeting_id = said.meeting_id
    where said.nth = 1;
