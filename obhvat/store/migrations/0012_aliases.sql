-- What is meant by what a file says otherwise: the code of an institution, or of a word of a list; a person said it once.
alter table school_aliases rename to aliases;
alter table aliases rename column school to means;
