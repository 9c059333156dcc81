"""Two people at once: what was compared with the store is compared again when it is recorded."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from drops import absence, absences, case, cases, put, register, school_month, table
from viewers import expert

from obhvat.errors import StoreChanged
from obhvat.ingest import Committed, commit
from obhvat.store.backup import backup, restore
from obhvat.store.history import mark

MONTH = (
    "select count(*) from absences where slice_id in (select slice_id from live_slices('absences', now()::timestamp))"
)


def test_a_month_that_another_recorded_meanwhile_stops(read, store):
    put(store, register())
    first, second = read(school_month(100), store=store), read(school_month(40, name="друг.csv"), store=store)
    commit(first, store, expert("Иванова"))
    with pytest.raises(StoreChanged, match=r"Докато „друг.csv“ чакаше, Иванова записа „отсъствия.csv“ \("):
        commit(second, store, expert("Петров"))
    assert store.rows(MONTH) == [(100,)]
    again = read(school_month(40, name="друг.csv"), store=store)
    assert "shrinks" in [d.code for d in again.files[0].doubts]
    commit(again, store, expert("Петров"))
    assert store.rows(MONTH) == [(40,)]


def test_other_parts_are_recorded_side_by_side(read, store):
    put(store, register())
    waiting = [
        read(school_month(2, school=school, month=month, name=f"{school}-{month}.csv"), store=store)
        for school, month in (("9000101", "10"), ("9000102", "10"), ("9000101", "11"))
    ]
    assert [len(commit(upload, store, expert()).batch_ids) for upload in waiting] == [1, 1, 1]


def test_an_undone_file_stops_too(read, store):
    put(store, register())
    [batch_id] = put(store, school_month(10))
    upload = read(school_month(10, name="друг.csv"), store=store)
    mark(store, [batch_id], "undo", "Иванова")
    with pytest.raises(StoreChanged, match="Иванова отмени"):
        commit(upload, store, expert())


def test_a_register_that_rows_were_checked_against_stops(read, store):
    put(store, register())
    upload = read(school_month(2), store=store)
    put(store, register("Примерна;9000103;ОУ „Ново“;основно;Ведрово;гр. Ведрово"))
    with pytest.raises(StoreChanged):
        commit(upload, store, expert())


def test_steps_wait_for_a_register_of_their_cases(read, store):
    put(store, register(), cases(case("КГ-1")))
    head = "№ на случая;Към дата;Община;Дата;Вид действие"
    upload = read(table(head, "КГ-1;05.02.2024;Каменград;20.10.2023;телефонен разговор"), store=store)
    put(store, cases(case("КГ-1"), case("КГ-2"), name="нов.csv"))
    with pytest.raises(StoreChanged):
        commit(upload, store, expert())


def test_the_same_bytes_at_once_make_one_batch(read, store):
    put(store, register())
    uploads = [read(school_month(5), store=store) for _ in range(2)]
    done: list[Committed] = []
    threads = [threading.Thread(target=lambda u=u: done.append(commit(u, store, expert()))) for u in uploads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((len(each.batch_ids), each.already) for each in done) == [(0, 1), (1, 0)]
    assert store.rows("select count(*) from batches where dataset = 'absences'") == [(1,)]


def test_two_different_files_at_once_are_one_file_and_one_refusal(read, store):
    put(store, register())
    uploads = [read(school_month(n, name=f"{n}.csv"), store=store) for n in (3, 4)]
    ended: list[str] = []

    def record(upload):
        try:
            commit(upload, store, expert())
            ended.append("recorded")
        except StoreChanged:
            ended.append("stopped")

    threads = [threading.Thread(target=record, args=[upload]) for upload in uploads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["recorded", "stopped"]


def test_the_same_bytes_later_are_not_recorded_again(read, store):
    put(store, register(), school_month(5))
    upload = read(school_month(5, name="друго име.csv"), store=store)
    assert commit(upload, store, expert()) == Committed([], 0, 0, already=1)


def test_the_same_bytes_are_recorded_again_after_others_took_their_place(read, store):
    put(store, register(), school_month(5))
    put(store, absences(absence("дете-9"), name="друг.csv"))
    assert len(put(store, school_month(5))) == 1
    assert store.rows(MONTH) == [(5,)]


def test_the_same_bytes_after_an_undo_are_recorded(read, store):
    put(store, register())
    mark(store, put(store, school_month(5)), "undo", "Иванова")
    assert len(put(store, school_month(5))) == 1


def test_the_same_bytes_after_an_undo_by_a_clock_that_was_ahead_are_recorded(read, store):
    put(store, register())
    mark(store, put(store, school_month(5)), "undo", "Иванова", at=datetime.now() + timedelta(days=1))
    assert len(put(store, school_month(5))) == 1


def test_a_store_in_whose_place_a_copy_was_put_stops(read, store, tmp_path):
    put(store, register(), school_month(2))
    copy = backup(store, tmp_path / "копие.duckdb")
    put(store, school_month(40, name="втори.csv"))
    waiting = read(school_month(40, name="трети.csv"), store=store)
    assert waiting.files[0].changes.same == 40
    restore(store, copy)
    with pytest.raises(StoreChanged, match="върнато копие"):
        commit(waiting, store, expert())
    put(store, school_month(3, name="четвърти.csv"))
    with pytest.raises(StoreChanged, match="върнато копие"):
        commit(waiting, store, expert())
    assert store.rows(MONTH) == [(3,)]
