-- Macros as an older program's migrations made them, shortened: one that is no longer there, and some that answer
-- otherwise than those of today and name one another.

create macro undone_batches(known_at) as table
    select batch_id
    from batches;

create macro live_slices(wanted, known_at) as table
    select
        slices.school,
        slices.slice_id
    from slices
    where slices.batch_id not in (select batch_id from undone_batches(known_at));

create macro said_of_status(status, status_on) as concat_ws('|', status, status_on::varchar);

create macro cases_ever(known_at, on_day) as table
    select
        'old' as number,
        said_of_status(cases.status, cases.status_on) as status_said
    from cases
    union all
    select 'old', null;

create macro case_rows(known_at, on_day) as table
    select number
    from cases_ever(known_at, on_day);

create macro no_longer_here(known_at) as table
    select number
    from case_rows(known_at, known_at::date);
