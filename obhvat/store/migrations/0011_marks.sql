-- By what the rows that were handed back to the sender are known when they return. A file and those that corrected it have
-- one mark; batches from before have none.
alter table batches add column mark varchar;
