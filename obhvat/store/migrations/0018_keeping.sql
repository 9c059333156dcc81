-- How long each kind of data is kept, as people set it: in years, one row a kind and setting.
create table keeping_terms (
    entry_id integer not null,
    kind varchar not null,
    years integer not null
);

-- What was forgotten: how many rows of which kind and school year, on what ground, which copies still held them. No row
-- of it tells of a child.
create table forgotten (
    entry_id integer not null,
    kind varchar not null,
    school_year smallint,
    until date not null,
    n_rows integer not null,
    ground varchar not null,
    copies varchar[] not null
);

-- The figures of school years before their rows were forgotten. The oblast has no municipality.
create table kept_figures (
    entry_id integer not null,
    metric varchar not null,
    period varchar not null,
    municipality varchar not null,
    value double,
    n double,
    d double,
    reporting integer not null,
    places integer not null
);
