-- Whose the result of a step is when it is kept to one institution (a role and what it is given: „institution:ДСП“).
alter table entered_actions add column note_of varchar;
