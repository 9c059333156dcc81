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
