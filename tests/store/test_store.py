"""Opening a store, and writing to it in one transaction at a time."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from examples import OTHER_SCHOOL, TABLES, absences, contents, everything, put, register, unfinished_parts
from viewers import expert

from obhvat.errors import ObhvatError, StoreBusy, StoreUnusable
from obhvat.ingest import commit, read_files
from obhvat.store import Store

HOLDER = """
import sys
from obhvat.store import Store
with Store(sys.argv[1]):
    print("open", flush=True)
    sys.stdin.read()
"""


def held_elsewhere(path: Path) -> subprocess.Popen[str]:
    """Another process that has the store open until its input ends."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "open\n"
    return holder


def test_a_store_held_by_another_process_is_refused_with_its_pid(tmp_path: Path) -> None:
    path = tmp_path / "obhvat.duckdb"
    with held_elsewhere(path) as holder:
        with pytest.raises(StoreBusy) as refused:
            Store(path)
        holder.communicate()
    assert str(refused.value) == (
        f"Базата „obhvat.duckdb“ е отворена от друга програма (процес {holder.pid}). "
        "Затворете другото копие на обхват и опитайте отново."
    )


def test_a_store_opens_when_the_other_process_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "obhvat.duckdb"
    with held_elsewhere(path) as holder:
        holder.communicate()
    with Store(path) as opened:
        assert opened.rows("select count(*) from batches") == [(0,)]


def test_a_store_makes_the_folders_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "нова папка" / "още" / "база.duckdb"
    with Store(path):
        assert path.is_file()


def test_a_store_that_must_exist_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none.duckdb"
    with pytest.raises(StoreUnusable, match="Няма база"):
        Store(path, create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "obhvat.duckdb"
    with Store(path) as made:
        made.remember("schema", "9999")
    with pytest.raises(StoreUnusable, match=r"по-нова версия на обхват \(схема 9999.*Обновете"):
        Store(path)


def test_a_newer_store_is_not_changed_by_refusing_it(tmp_path: Path) -> None:
    path = tmp_path / "obhvat.duckdb"
    with Store(path) as made:
        made.remember("schema", "9999")
    before = path.read_bytes()
    with pytest.raises(StoreUnusable):
        Store(path)
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.duckdb"
    with duckdb.connect(path) as other:
        other.execute("create table invoices (n integer)").fetchall()
    with pytest.raises(StoreUnusable, match="база на друга програма"):
        Store(path)


def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.duckdb"
    with duckdb.connect(path) as other:
        other.execute("create table invoices (n integer)").fetchall()
    with pytest.raises(StoreUnusable):
        Store(path)
    with duckdb.connect(path) as other:
        assert other.execute("select table_name from duckdb_tables()").fetchall() == [("invoices",)]


@pytest.mark.parametrize("content", [b"\x00" * 20_000, "не е база".encode() * 900, b"PAR1" + b"x" * 9000, b"short"])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "garbage.duckdb"
    path.write_bytes(content)
    with pytest.raises(StoreUnusable, match="повреден"):
        Store(path)


@pytest.mark.parametrize("kept", [100, 4096, 5000, 100_000, 0.5])
def test_a_store_cut_short_is_refused(demo_path: Path, tmp_path: Path, kept: float) -> None:
    data = demo_path.read_bytes()
    path = tmp_path / demo_path.name
    path.write_bytes(data[: int(kept * len(data)) if kept < 1 else int(kept)])
    shutil.copy2(demo_path.with_suffix(".key"), tmp_path)
    with pytest.raises(StoreUnusable, match="obhvat restore"):
        Store(path)


@pytest.mark.parametrize("places", [(10,), (4100, 8200)], ids=["head", "both lists of blocks"])
def test_a_store_with_a_damaged_head_is_refused(demo_path: Path, tmp_path: Path, places: tuple[int, ...]) -> None:
    data = bytearray(demo_path.read_bytes())
    for place in places:
        data[place : place + 64] = b"damaged!" * 8
    path = tmp_path / demo_path.name
    path.write_bytes(data)
    shutil.copy2(demo_path.with_suffix(".key"), tmp_path)
    with pytest.raises(StoreUnusable, match="obhvat restore"):
        Store(path)


def test_damage_that_is_met_while_reading_is_named(demo_path: Path, tmp_path: Path) -> None:
    data = bytearray(demo_path.read_bytes())
    # Every block of rows after the first ones, which hold the catalogue.
    for place in range(300_000, len(data) - 600_000, 50_000):
        data[place : place + 64] = b"damaged!" * 8
    path = tmp_path / demo_path.name
    path.write_bytes(data)
    shutil.copy2(demo_path.with_suffix(".key"), tmp_path)
    with pytest.raises(StoreUnusable, match="obhvat restore"), Store(path) as opened:
        everything(opened)


def write_and(store: Store, then: str) -> None:
    """Begin to change the store, and fail at a second statement."""
    with store.transaction() as cursor:
        cursor.execute("insert into meta values ('half', 'written')").fetchall()
        cursor.execute("delete from schools").fetchall()
        cursor.execute(then).fetchall()


@pytest.mark.parametrize(
    "then", ["insert into meta values ('half', 'again')", "select error('по средата')", "nonsense"]
)
def test_a_failing_statement_leaves_nothing(store: Store, then: str) -> None:
    put(store, register())
    before = everything(store)
    with pytest.raises(duckdb.Error):
        write_and(store, then)
    assert everything(store) == before


def interrupt_at_the_end(done: int, of: int) -> None:
    if done == of:
        raise KeyboardInterrupt


def test_an_upload_of_several_files_is_one_transaction(store: Store) -> None:
    before = everything(store)
    upload = read_files([register(), absences(10), absences(11), absences(10, school=OTHER_SCHOOL)], store)
    with pytest.raises(KeyboardInterrupt):
        commit(upload, store, expert(), progress=interrupt_at_the_end)
    upload.close()
    assert everything(store) == before


def test_an_upload_that_was_interrupted_can_be_committed_again(store: Store) -> None:
    put(store, register())
    upload = read_files([absences(10), absences(11)], store)
    with pytest.raises(KeyboardInterrupt):
        commit(upload, store, expert(), progress=interrupt_at_the_end)
    committed = commit(upload, store, expert())
    upload.close()
    assert (committed.rows, store.rows("select count(*) from absences")) == (6, [(6,)])


def test_a_commit_of_nothing_is_refused(store: Store) -> None:
    upload = read_files([], store)
    with pytest.raises(ObhvatError, match="Няма файл"):
        commit(upload, store, expert())
    upload.close()


def test_a_commit_changes_no_row_that_was_there(own_demo: Store) -> None:
    before = {table: contents(own_demo, table) for table in TABLES}
    school = own_demo.rows("select min(school) from absences")[0][0]
    put(own_demo, absences(11, school=school))
    [(slice_id,)] = own_demo.rows("select max(slice_id) from slices")
    after = {
        table: own_demo.rows(f"select * from {table} where slice_id < $new order by all", {"new": slice_id})
        for table in TABLES
    }
    assert after == before


def test_a_commit_adds_rows_only_to_its_dataset_and_its_marts(own_demo: Store) -> None:
    sizes = {table: own_demo.rows(f"select count(*) from {table}")[0][0] for table in TABLES}
    school = own_demo.rows("select min(school) from absences")[0][0]
    put(own_demo, absences(11, (5, 0.5, 7), school=school))
    added = {table: own_demo.rows(f"select count(*) from {table}")[0][0] - sizes[table] for table in TABLES}
    expected = dict.fromkeys(TABLES, 0) | {"absences": 3, "absence_levels": 3, "absence_classes": 1}
    assert added == expected


def test_a_commit_changes_no_older_batch(own_demo: Store) -> None:
    before = contents(own_demo, "batches")
    school = own_demo.rows("select min(school) from absences")[0][0]
    [new] = put(own_demo, absences(11, school=school))
    assert own_demo.rows("select * from batches where batch_id < $new order by all", {"new": new}) == before


def test_the_demonstration_is_complete(demo_store: Store) -> None:
    assert unfinished_parts(demo_store) == []


def test_every_row_names_the_line_it_came_from(store: Store) -> None:
    put(store, register(), absences(10, (1, 2, 3)))
    assert store.rows("select line, unexcused::double from absences order by line") == [(2, 1.0), (3, 2.0), (4, 3.0)]


def test_writers_wait_for_one_another(store: Store) -> None:
    put(store, register())
    failed: list[BaseException] = []

    def write(month: int) -> None:
        try:
            put(store, absences(month))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(month,)) for month in (9, 10, 11, 12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failed, store.rows("select count(*) from absences"), unfinished_parts(store)) == ([], [(12,)], [])


def test_a_reader_sees_a_commit_whole_or_not_at_all(store: Store) -> None:
    put(store, register())
    upload = read_files([absences(month, (1,) * 200) for month in (9, 10, 11, 12)], store)
    done, seen = threading.Event(), set()

    def watch() -> None:
        while not done.is_set():
            seen.add(store.rows("select count(*), (select count(*) from slices) from absences")[0])

    reader = threading.Thread(target=watch)
    reader.start()
    try:
        commit(upload, store, expert())
    finally:
        done.set()
        reader.join()
    upload.close()
    assert seen <= {(0, 1), (800, 5)}


def test_a_store_that_is_in_use_is_not_closed(store: Store) -> None:
    with store.cursor(), pytest.raises(StoreBusy, match="се ползва в момента"), store.closed(seconds=0.05):
        pass


def test_a_store_is_open_again_after_being_closed(store: Store) -> None:
    put(store, register())
    with store.closed():
        assert not list(store.path.parent.glob("*.wal"))
    assert store.rows("select count(*) from schools") == [(2,)]


def test_a_setting_is_remembered(tmp_path: Path) -> None:
    with Store(tmp_path / "a.duckdb") as first:
        first.remember("праг", "5")
        first.remember("праг", "6")
    with Store(tmp_path / "a.duckdb") as again:
        assert (again.remembered("праг"), again.remembered("друг")) == ("6", None)


def test_the_network_is_never_asked_for_an_extension(store: Store) -> None:
    names = ["autoinstall_known_extensions", "autoload_known_extensions"]
    found = store.rows(
        "select name, value from duckdb_settings() where name = any($names) order by 1", {"names": names}
    )
    assert found == [(name, "false") for name in names]


def test_a_batch_records_who_when_and_what(store: Store) -> None:
    put(store, register())
    at, source = datetime(2023, 11, 2, 9, 30), absences(10, (1, "лошо", 3), name="от училището.csv")
    [batch] = put(store, source, at=at)
    columns = "dataset, file_name, rows_read, rows_good, rows_rejected, committed_at"
    row = store.rows(f"select {columns} from batches where batch_id = $id", {"id": batch})
    assert row == [("absences", "от училището.csv", 3, 2, 1, at)]


def test_the_message_of_a_damaged_file_is_one_bulgarian_line(tmp_path: Path) -> None:
    path = tmp_path / "garbage.duckdb"
    path.write_bytes(b"garbage")
    with pytest.raises(StoreUnusable) as refused:
        Store(path)
    assert re.fullmatch(r"Файлът „garbage.duckdb“ [^\n]+\.", str(refused.value))
