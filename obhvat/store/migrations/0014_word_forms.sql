-- Word forms that people changed: one row a change, the newest of a form is in force. No content: the form that the
-- program brings is in force again.
create table word_forms (
    entry_id integer not null,
    form varchar not null,
    content blob
);
