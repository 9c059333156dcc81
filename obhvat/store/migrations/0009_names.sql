-- What in the texts of an entry looked like a person's name; who entered it confirmed that it is none.
create table confirmed_names (
    entry_id integer not null,
    name varchar not null
);
