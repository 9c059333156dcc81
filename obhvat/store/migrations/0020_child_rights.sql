-- How a request about one child's data was answered (GDPR, art. 15 to 18): by what, on what ground and why, how many rows
-- it was about, which copies hold them. No row of it tells of which child.
create table child_requests (
    entry_id integer not null,
    what varchar not null,
    ground varchar not null,
    reason varchar not null,
    n_rows integer not null,
    copies varchar[] not null
);

-- Children whose rows are kept and told to nobody while it is decided what they ask for. A state and no history: what
-- was asked stands in child_requests.
create table restricted_children (
    pupil ubigint primary key,
    entry_id integer not null
);

-- By what a file is known that would bring an erased child back: a keyed hash, from which nobody comes to the child.
create table erased_children (
    mark varchar primary key,
    entry_id integer not null
);
