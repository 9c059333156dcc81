-- One row is what was said of a proposal, good practice or decision: an entry here, or a line of a file. Of those of a
-- meeting's number the newest (nth = 1) is current. A file says neither kind, outcome nor item: they stay as entered.
with entered as (
    select
        decisions.meeting,
        decisions.n,
        decisions.kind,
        decisions.text,
        decisions.proposed_by,
        decisions.addressed_to,
        decisions.due,
        decisions.state,
        decisions.outcome,
        decisions.item,
        decisions.entry_id as place,
        live.entered_at as said_at,
        live.entered_by as said_by,
        null::varchar as file_name
    from decisions
    join live_entries($known_at) as live on live.entry_id = decisions.entry_id
),
last_entered as (
    select
        meeting,
        n,
        arg_max(kind, place) as kind,
        arg_max(outcome, place) as outcome,
        arg_max(item, place) as item
    from entered
    group by meeting, n
),
uploaded as (
    select
        proposals.meeting,
        proposals.n,
        coalesce(
            last_entered.kind,
            case when proposals.state = 'proposed' then 'proposal' else 'decision' end
        ) as kind,
        proposals.text,
        proposals.proposed_by,
        proposals.addressed_to,
        proposals.due,
        proposals.state,
        last_entered.outcome,
        last_entered.item,
        proposals.slice_id as place,
        batches.committed_at as said_at,
        batches.committed_by as said_by,
        batches.file_name
    from proposals
    join live_slices('proposals', $known_at) as live on live.slice_id = proposals.slice_id
    join slices on slices.slice_id = proposals.slice_id
    join batches on batches.batch_id = slices.batch_id
    left join last_entered on last_entered.meeting = proposals.meeting and last_entered.n = proposals.n
),
said as (
    from entered
    union all
    from uploaded
)
select
    strftime(meeting, '%Y-%m-%d') || '-' || n as decision_id,
    meeting,
    n,
    kind,
    text,
    coalesce(proposed_by, '') as proposed_by,
    coalesce(addressed_to, '') as addressed_to,
    due,
    state,
    coalesce(outcome, '') as outcome,
    coalesce(item, '') as item,
    said_at,
    said_by,
    file_name is not null as from_file,
    coalesce(file_name, '') as file_name,
    row_number() over (partition by meeting, n order by said_at desc, file_name is not null, place desc) as nth
from said
order by meeting, n, nth
