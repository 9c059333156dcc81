-- A person's word on cases of one child that were open at the same time: `apart` when each is a case of its own,
-- `dropped` for one that only tells of another again. A number may be given again to another child, so with the child.
create table child_cases (
    entry_id integer not null,
    case_number varchar not null,
    municipality varchar not null,
    pupil ubigint not null,
    word varchar not null
);
