-- A file is known again by a keyed hash: by an unkeyed one an identifier in a small file could be found by trying all.
-- By its mark the rows that were handed back to the sender are known when they return: a file and those that corrected it
-- have one; batches from before have none. A table that was written to cannot be altered twice in one transaction, so it
-- is altered first.
alter table batches rename column sha256 to file_hash;
alter table batches add column mark varchar;
update batches set file_hash = keyed_hash('file', file_hash);
