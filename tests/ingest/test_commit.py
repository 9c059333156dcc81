"""The accepted rows of an upload go into the store together, each with its file and line."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from drops import absence, absences, case, cases, put, register, school_month, table
from viewers import expert

from obhvat.errors import ObhvatError
from obhvat.ingest import Source, commit

CURRENT = """
select absences.school, absences.line, absences.unexcused
from absences
join live_slices('absences', now()::timestamp) as live on live.slice_id = absences.slice_id
order by absences.school, absences.line
"""


def test_accepted_rows_keep_the_line_they_stood_on(store):
    put(store, register(), absences(absence("дете-1", "2"), absence("дете-2", "-1"), absence("дете-3", "3")))
    assert store.rows(CURRENT) == [("9000101", 2, 2), ("9000101", 4, 3)]


def test_what_was_committed_is_counted(read, store):
    upload = read(absences(absence("дете-1"), absence("дете-2", "-1")), store=store)
    committed = commit(upload, store, expert("Проба"))
    assert (len(committed.batch_ids), committed.rows, committed.rejected) == (1, 1, 1)


def test_a_batch_remembers_its_file(read, store):
    source = absences(absence("дете-1"), absence("дете-2", "-1"))
    commit(read(source, store=store), store, expert("Проба"))
    asked = "select dataset, file_name, file_hash, rows_read, rows_good, rows_rejected, committed_by from batches"
    assert store.rows(asked) == [("absences", "отсъствия.csv", source.hash_with(store.key), 2, 1, 1, "Проба")]


def test_a_batch_remembers_what_was_confirmed(read, store):
    commit(read(absences(absence("дете-1")), store=store), store, expert())
    assert store.rows("select doubt_codes from batches") == [(["no_register"],)]


def test_rejected_rows_are_kept_masked(store):
    put(store, register(), absences(absence("дете-1"), absence("7501010010", "-1")))
    [(line, cells, faults)] = store.rows("select line, cells, faults from rejected_rows")
    assert (line, cells[3], [f["rule"] for f in faults]) == (3, "75••••••••", ["negative"])


def test_only_the_chosen_files_are_committed(read, store):
    upload = read(school_month(2), school_month(3, school="9000102", name="друго.csv"), store=store)
    commit(upload, store, expert(), [1])
    assert store.rows("select distinct school from absences") == [("9000102",)]


def test_refused_files_stay_out(read, store):
    commit(read(Source("x.csv", b""), school_month(2), store=store), store, expert())
    assert store.rows("select file_name from batches") == [("отсъствия.csv",)]


@pytest.mark.parametrize("chosen", [None, [0], []])
def test_a_drop_without_a_usable_file_is_an_error_in_words(read, store, chosen):
    upload = read(Source("x.csv", b""), store=store)
    with pytest.raises(ObhvatError, match="Няма файл, който може да се запише"):
        commit(upload, store, expert(), chosen)


def test_a_new_file_replaces_the_month_of_its_school_only(store):
    put(store, register(), school_month(3), school_month(2, school="9000102", name="друго.csv"))
    put(store, school_month(1))
    assert [(school, line) for school, line, _ in store.rows(CURRENT)] == [
        ("9000101", 2),
        ("9000102", 2),
        ("9000102", 3),
    ]


def test_of_two_files_for_one_month_the_last_one_counts(store):
    first, last = absences(absence("дете-1", "1"), name="1.csv"), absences(absence("дете-1", "2"), name="2.csv")
    put(store, register(), first, last)
    assert store.rows(CURRENT) == [("9000101", 2, 2)]


def test_an_empty_month_replaces_the_one_before(store):
    put(store, register(), school_month(3))
    put(store, Source("9000101_2023_10_File.txt", b""))
    assert store.rows(CURRENT) == []
    assert store.rows("select school, period, n_rows from slices where n_rows = 0 and school <> ''") == [
        ("9000101", date(2023, 10, 1), 0)
    ]


def test_a_sheet_of_several_kinds_in_one_drop_is_one_upload(read, store):
    upload = read(register(), cases(case("КГ-1")), school_month(2), store=store)
    commit(upload, store, expert())
    assert store.rows("select count(distinct upload_id), count(*) from batches") == [(1, 3)]


def test_the_moment_of_a_commit_can_be_given(read, store):
    at = datetime(2024, 2, 5, 14, 5)
    commit(read(school_month(1), store=store), store, expert(), times={0: at})
    assert store.rows("select committed_at from batches") == [(at,)]


def test_progress_is_told_in_rows(read, store):
    told: list[tuple[int, int]] = []
    upload = read(register(), school_month(2), store=store)
    commit(upload, store, expert(), progress=lambda done, of: told.append((done, of)))
    assert told == [(3, 5), (5, 5)]


def test_rows_of_the_chosen_oblast_alone_are_stored(read, store):
    head = "Област;Код по НЕИСПУО;Наименование;Община;Населено място"
    rows = ("Перник;1400842;А;Брезник;Брезник", "София;2200145;Б;Столична;София", "София;12;В;Столична;София")
    upload = read(table(head, *rows), store=store, oblast="Перник")
    committed = commit(upload, store, expert())
    assert (committed.rows, committed.rejected) == (1, 0)
    assert store.rows("select count(*) from rejected_rows") == [(0,)]
