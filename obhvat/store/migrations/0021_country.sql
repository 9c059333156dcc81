-- Of a store of the country, which holds figures and no row of a child. By which key the files of an oblast are known:
-- a row a change, nothing is overwritten.
create table country_keys (
    oblast varchar not null,
    public_key varchar not null,
    set_at timestamp not null,
    set_by varchar not null
);

-- What a file of an oblast says of itself, a row a slice: a month of an oblast.
create table country_files (
    slice_id integer not null,
    oblast varchar not null,
    month date not null,
    made_at timestamp not null,
    program varchar not null,
    sha256 varchar not null
);

-- One row is a figure of an oblast as it was told in a file. `why` says why it is hidden; without it and without a value
-- nobody has sent data.
create table country_figures (
    slice_id integer not null,
    line integer not null,
    metric varchar not null,
    name varchar not null,
    unit varchar not null,
    kind varchar not null,
    period varchar not null,
    day date,
    definition varchar not null,
    threshold varchar not null,
    text varchar not null,
    value double,
    n double,
    d double,
    why varchar not null,
    reporting integer not null,
    places integer not null
);
