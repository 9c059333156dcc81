-- In how many cells of stored texts a name was replaced when the program learnt to know names.
create table replaced_names (
    replaced_at timestamp not null,
    what varchar not null,
    cells integer not null
);
