-- A file is known again by a keyed hash: by an unkeyed one an identifier in a small file could be found by trying all.
update batches set sha256 = keyed_hash('file', sha256);
alter table batches rename column sha256 to file_hash;
