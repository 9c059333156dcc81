-- One row is a batch that was undone, as known at a moment.
create macro undone_batches(known_at) as table
    select batch_id
    from batch_marks
    where marked_at <= known_at
    group by batch_id
    having arg_max(mark, mark_id) = 'undo';

-- One row is a slice of a dataset whose rows were current at a moment: of each slice the latest batch not undone.
create macro live_slices(wanted, known_at) as table
    select
        slices.school,
        slices.municipality,
        slices.period,
        slices.label,
        max(slices.slice_id) as slice_id
    from slices
    join batches on batches.batch_id = slices.batch_id
    where
        slices.dataset = wanted
        and batches.committed_at <= known_at
        and slices.batch_id not in (select batch_id from undone_batches(known_at))
    group by slices.school, slices.municipality, slices.period, slices.label;

-- One row is the newest of a municipality's and school's registers or lists, which are complete as of a date.
create macro live_registers(wanted, known_at, on_day) as table
    select
        school,
        municipality,
        max(period) as period,
        arg_max(slice_id, period) as slice_id
    from live_slices(wanted, known_at)
    where period <= on_day
    group by school, municipality;
