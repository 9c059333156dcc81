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
