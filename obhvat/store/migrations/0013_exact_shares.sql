-- A percent cell of 28.125 % is not 28.13.
alter table subject_absences alter column share type double;
