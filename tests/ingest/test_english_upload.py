"""An upload of who reads English: what is said of a file is English, what is stored and sent back of it Bulgarian."""

from __future__ import annotations

import re

import pytest
from drops import ABSENCES_HEAD, absence, put, register, school_month, table
from viewers import expert

from obhvat.ingest import Source, commit
from obhvat.language import ENGLISH, speaking
from obhvat.store import Store

CYRILLIC = re.compile("[А-Яа-я]")
QUOTED = re.compile("“[^”]*”|„[^“]*“")
BAD = (
    absence("дете-1", "-1"),
    absence("дете-2", month="13"),
    "9000101;2023/2024;10;дете-3;17;7а;0;1",
    "9009999;2023/2024;10;дете-4;7;7а;0;1",
    absence("дете-5", "500"),
)


def bulgarian_beside_quotations(sentence: str) -> bool:
    return bool(CYRILLIC.search(QUOTED.sub("", sentence)))


def test_what_is_doubtful_is_asked_in_english_and_kept_in_bulgarian(read, store: Store):
    put(store, register(), school_month(20))
    with speaking(ENGLISH):
        upload = read(school_month(10), store=store)
        asked = [doubt.text for doubt in upload.files[0].doubts]
        commit(upload, store, expert("Guest"))
    assert any("fewer by more than a tenth" in sentence for sentence in asked)
    assert not any(map(bulgarian_beside_quotations, asked))
    [(kept,)] = store.rows("select doubts from batches order by batch_id desc limit 1")
    assert len(kept) == len(asked)
    assert all(map(bulgarian_beside_quotations, kept))


def test_why_a_row_is_returned_is_read_in_english_and_sent_back_in_bulgarian(read, store: Store):
    put(store, register())
    with speaking(ENGLISH):
        upload = read(table(ABSENCES_HEAD, absence("дете-0"), *BAD), store=store)
        reasons = list(upload.rejected(0)["reason"])
        sent_back = upload.rejected_rows(0).iloc[:, -1].tolist()
        title = upload.title_of_rejected(0)
        commit(upload, store, expert("Guest"))
    assert len(reasons) == len(BAD)
    assert not any(map(bulgarian_beside_quotations, reasons))
    assert all(map(bulgarian_beside_quotations, [*sent_back, title]))
    limits = [fault["limit"] for (faults,) in store.rows("select faults from rejected_rows") for fault in faults]
    assert [limit for limit in limits if re.search("[a-z]{2}", limit or "")] == []
    assert any(limits)


@pytest.mark.parametrize("content", [b"%PDF-1.4", b"PK\x03\x04 nothing"])
def test_what_is_no_table_is_refused_in_english(read, store: Store, content: bytes):
    with speaking(ENGLISH):
        refused = read(Source("файл.csv", content), store=store).files[0].refused
    assert refused
    assert not bulgarian_beside_quotations(refused)
