-- Under which item of the agenda a decision was taken: the key of its slide, or the title of one that a person wrote.
alter table decisions add column item varchar;
