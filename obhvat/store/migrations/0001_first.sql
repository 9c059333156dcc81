-- The first schema. Rows are only ever added: nothing that was committed is overwritten or deleted.

create table meta (
    key varchar primary key,
    value varchar not null
);

-- One row is a committed file.
create table batches (
    batch_id integer primary key,
    upload_id integer not null,
    dataset varchar not null,
    layout varchar not null,
    file_name varchar not null,
    sha256 varchar not null,
    encoding varchar not null,
    columns varchar[] not null,
    rows_read integer not null,
    rows_good integer not null,
    rows_rejected integer not null,
    doubts varchar[] not null,
    doubt_codes varchar[] not null,
    committed_at timestamp not null,
    committed_by varchar not null
);

-- One row is a later word about a batch: it was undone, or the undoing was taken back.
create table batch_marks (
    mark_id integer primary key,
    batch_id integer not null,
    mark varchar not null,
    marked_at timestamp not null,
    marked_by varchar not null
);

-- One row is a part of the store that a batch replaces. Every data row names its slice.
create table slices (
    slice_id integer not null,
    batch_id integer not null,
    dataset varchar not null,
    school varchar not null,
    municipality varchar not null,
    period date not null,
    label varchar not null,
    n_rows integer not null
);

-- One row is a line that was not accepted: identifiers masked, names left out.
create table rejected_rows (
    batch_id integer not null,
    line integer not null,
    cells varchar[] not null,
    faults struct(field varchar, rule varchar, value varchar, "limit" varchar)[] not null
);

create table schools (
    code varchar,
    name varchar,
    kind varchar,
    oblast varchar,
    municipality varchar,
    settlement varchar,
    ekatte varchar,
    active boolean,
    opened_on date,
    closed_on date,
    level varchar,
    slice_id integer not null,
    line integer not null
);

create table pupils (
    school varchar,
    as_of date,
    pupil ubigint,
    grade tinyint,
    class_name varchar,
    form varchar,
    repeater boolean,
    travels boolean,
    enrolled_on date,
    left_on date,
    slice_id integer not null,
    line integer not null
);

create table absences (
    school varchar,
    month date,
    pupil ubigint,
    grade tinyint,
    class_code varchar,
    group_code varchar,
    class_name varchar,
    left_on date,
    excused decimal(9,1),
    unexcused decimal(9,1),
    unit varchar,
    slice_id integer not null,
    line integer not null
);

create table class_absences (
    school varchar,
    month date,
    class_name varchar,
    grade tinyint,
    pupils integer,
    excused decimal(9,1),
    unexcused decimal(9,1),
    unit varchar,
    slice_id integer not null,
    line integer not null
);

create table results (
    school varchar,
    school_year smallint,
    exam varchar,
    class_name varchar,
    pupil ubigint,
    subject varchar,
    pupils integer,
    examined integer,
    average decimal(12,2),
    marks_2 integer,
    marks_3 integer,
    marks_4 integer,
    marks_5 integer,
    marks_6 integer,
    slice_id integer not null,
    line integer not null
);

create table cases (
    number varchar,
    as_of date,
    category varchar,
    municipality varchar,
    school_municipality varchar,
    school varchar,
    grade tinyint,
    opened_on date,
    dropped_on date,
    reason varchar,
    reason_note varchar,
    source varchar,
    repeat boolean,
    status varchar,
    status_on date,
    confidence varchar,
    status_group varchar,
    slice_id integer not null,
    line integer not null
);

create table actions (
    case_number varchar,
    as_of date,
    municipality varchar,
    date date,
    time varchar,
    kind varchar,
    n integer,
    team varchar,
    institutions varchar[],
    contact varchar,
    result varchar,
    next_step varchar,
    next_due date,
    slice_id integer not null,
    line integer not null
);

create table rounds (
    number varchar,
    date date,
    municipality varchar,
    district varchar,
    team varchar,
    institutions varchar[],
    addresses integer,
    found integer,
    returned integer,
    inspection varchar,
    slice_id integer not null,
    line integer not null
);

create table inspections (
    number varchar,
    date date,
    school varchar,
    kind varchar,
    classes varchar,
    enrolled integer,
    present integer,
    absent_recorded integer,
    finding varchar,
    recommendation varchar,
    due date,
    closed_on date,
    repeat_of varchar,
    with_round boolean,
    round varchar,
    slice_id integer not null,
    line integer not null
);

create table submissions (
    school varchar,
    month date,
    submitted boolean,
    submitted_on date,
    signed boolean,
    signed_on date,
    no_absences boolean,
    slice_id integer not null,
    line integer not null
);

create table sanctions (
    municipality varchar,
    month date,
    reports integer,
    invitations integer,
    acts integer,
    penalties integer,
    amount decimal(12,2),
    not_found integer,
    slice_id integer not null,
    line integer not null
);

create table benefits (
    municipality varchar,
    month date,
    kind varchar,
    families integer,
    children integer,
    slice_id integer not null,
    line integer not null
);

create table proposals (
    meeting date,
    n integer,
    text varchar,
    proposed_by varchar,
    addressed_to varchar,
    due date,
    state varchar,
    slice_id integer not null,
    line integer not null
);

-- Marts: what pages read. One .sql file in obhvat/marts fills each for the slices of a commit.

-- One row: how many pupils of a school missed so much without a valid reason in a month.
create table absence_levels (
    slice_id integer not null,
    school varchar not null,
    month date not null,
    unit varchar not null,
    unexcused decimal(9,1) not null,
    pupils integer not null
);

-- One row is a class's month.
create table absence_classes (
    slice_id integer not null,
    school varchar not null,
    month date not null,
    unit varchar not null,
    class_name varchar not null,
    pupils integer not null,
    excused decimal(12,1) not null,
    unexcused decimal(12,1) not null
);

-- One row is the size of an institution's list at a date: pupils of classes, or children of preschool groups.
create table list_sizes (
    slice_id integer not null,
    school varchar not null,
    as_of date not null,
    unit varchar not null,
    pupils integer not null
);
