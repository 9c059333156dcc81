"""Who looked at which child: what is written, what is not, and what is noticed of a log that was changed."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from pathlib import Path

import pytest

from obhvat.errors import DiskFull
from obhvat.people import ALONE, ROLES, Viewer
from obhvat.people import log as log_module
from obhvat.people.log import WHAT, Log, anchor, log_of, looked, verify
from obhvat.store import Store
from obhvat.store.backup import backup, restore, restore_closed
from obhvat.store.files import looks_of

KEY = "ключ-за-проба"
ANNA = Viewer("Анна", ROLES["expert"])
BORIS = Viewer("Борис", ROLES["coordinator"], "Горун")


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "obhvat.duckdb", KEY)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the monotonic clock says; change its only item to let time pass."""
    now = [1000.0]
    monkeypatch.setattr(log_module.time, "monotonic", lambda: now[0])
    return now


def lines(log: Log) -> list[str]:
    return log.path.read_text("utf-8").splitlines()


def name(of: str, value: object) -> str:
    """What a case or a child is called in the log, counted without it."""
    return hmac.digest(KEY.encode(), f"looked at {of} {value}".encode(), hashlib.sha256).hex()[:16]


def test_a_line_says_who_in_which_role_saw_what_where_and_how_many(log: Log) -> None:
    log.write(BORIS, "children", children=[7, 8], cases=["ГР-1"], place="община Горун")
    [look] = log.looks()
    assert (look.person, look.role, look.what, look.place, look.n) == (
        "Борис",
        "coordinator",
        "children",
        "община Горун",
        2,
    )
    assert abs((datetime.now() - look.at).total_seconds()) < 60


def test_a_line_names_cases_and_children_by_keyed_hashes_only(log: Log) -> None:
    log.write(ANNA, "children", children=[123456789012], cases=["ГР-2023-001"])
    [line] = lines(log)
    assert "ГР-2023-001" not in line
    assert "123456789012" not in line
    assert json.loads(line[65:])["of"] == sorted([name("case", "ГР-2023-001"), name("child", 123456789012)])


def test_who_works_alone_is_called_by_the_account(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "account", lambda: "petrova")
    log.write(ALONE, "case", cases=["ГР-1"])
    assert log.looks()[0].person == "petrova"


def test_a_page_that_is_drawn_again_writes_one_line_in_a_quarter_of_an_hour(log: Log, clock: list[float]) -> None:
    for _ in range(5):
        log.write(ANNA, "cases", cases=["ГР-1", "ГР-2"], place="областта")
    assert len(lines(log)) == 1
    clock[0] += 15 * 60
    log.write(ANNA, "cases", cases=["ГР-1", "ГР-2"], place="областта")
    assert len(lines(log)) == 2


@pytest.mark.parametrize(
    "other",
    [
        (BORIS, "cases", ["ГР-1"], "областта"),
        (ANNA, "case", ["ГР-1"], "областта"),
        (ANNA, "cases", ["ГР-1", "ГР-2"], "областта"),
        (ANNA, "cases", ["ГР-1"], "община Горун"),
        (Viewer("Анна", ROLES["coordinator"], "Горун"), "cases", ["ГР-1"], "областта"),
    ],
    ids=["person", "kind", "cases", "place", "role"],
)
def test_another_look_has_its_own_line_at_once(log: Log, other) -> None:
    viewer, what, cases, place = other
    log.write(ANNA, "cases", cases=["ГР-1"], place="областта")
    log.write(viewer, what, cases=cases, place=place)
    assert len(lines(log)) == 2


def test_what_is_done_has_a_line_each_time(log: Log) -> None:
    for what in ("export_cases", "undo", "upload", "search", "refused"):
        log.write(ANNA, what)
        log.write(ANNA, what)
    assert len(lines(log)) == 10


def test_looks_at_a_case_are_those_at_it_and_at_the_lists_it_stood_in(log: Log, clock: list[float]) -> None:
    every = [f"ГР-{n}" for n in range(20)]
    log.write(ANNA, "cases", cases=every)
    log.write(BORIS, "case", cases=["ГР-7"])
    log.write(BORIS, "case", cases=["ГР-8"])
    clock[0] += 20 * 60
    log.write(BORIS, "cases", cases=every)
    log.write(BORIS, "cases", cases=every[:3])
    found = log.looks(cases=["ГР-7"])
    assert [(look.person, look.what) for look in found] == [("Борис", "cases"), ("Борис", "case"), ("Анна", "cases")]
    # The same long list is not written twice.
    assert "of" not in json.loads(lines(log)[3][65:])
    assert [look.what for look in log.looks(children=[1])] == []


def test_looks_are_chosen_by_person_kind_and_day(log: Log) -> None:
    log.write(ANNA, "case", cases=["ГР-1"])
    log.write(BORIS, "export_cases", place="регистър на случаите")
    today = datetime.now().date()
    assert [look.what for look in log.looks(person="анна")] == ["case"]
    assert [look.person for look in log.looks(what="export_cases")] == ["Борис"]
    assert len(log.looks(since=today, until=today)) == 2
    assert log.looks(until=today.replace(year=today.year - 1)) == []


def test_the_chain_goes_on_in_another_process(log: Log, tmp_path: Path) -> None:
    log.write(ANNA, "case", cases=["ГР-1"])
    again = Log(tmp_path / "obhvat.duckdb", KEY)
    again.write(ANNA, "case", cases=["ГР-1"])
    assert (again.verify().lines, again.verify().is_whole) == (2, True)


def some(log: Log, n: int = 6) -> None:
    for number in range(n):
        log.write(ANNA, "case", cases=[f"ГР-{number}"])


def test_a_changed_line_is_noticed(log: Log) -> None:
    some(log)
    log.path.write_text(log.path.read_text("utf-8").replace("Анна", "Вера", 3).replace("Вера", "Анна", 2), "utf-8")
    assert log.verify().broken == (3,)


def test_a_missing_line_is_noticed_wherever_it_was(log: Log) -> None:
    some(log)
    whole, remembered = lines(log), log.anchor()
    for gone in range(len(whole)):
        log.path.write_text("\n".join([*whole[:gone], *whole[gone + 1 :], ""]), "utf-8")
        found = log.verify(remembered)
        last = gone == len(whole) - 1
        assert (found.broken, found.missing, found.is_whole) == (() if last else (gone + 1,), 1, False)


def test_two_lines_that_changed_places_and_one_that_was_put_in_are_noticed(log: Log) -> None:
    some(log)
    whole = lines(log)
    log.path.write_text("\n".join([whole[1], whole[0], *whole[2:], ""]), "utf-8")
    assert not log.verify().is_whole
    log.path.write_text("\n".join([*whole, whole[2], ""]), "utf-8")
    assert log.verify().broken == (7,)


def test_a_log_written_with_another_key_is_noticed(log: Log) -> None:
    some(log)
    assert Log(log.path.with_suffix(".duckdb"), "друг").verify().broken == (1, 2, 3, 4, 5, 6)


def test_what_the_store_remembers_cannot_be_made_without_the_key(log: Log) -> None:
    some(log)
    n, chained, sealed = log.anchor().split(" ")
    assert log.verify(f"{n} {chained} {sealed}").is_whole
    earlier = lines(log)[2][:64]
    log.path.write_text("\n".join([*lines(log)[:3], ""]), "utf-8")
    assert log.verify(f"3 {earlier} {sealed}").exchanged


def test_lines_taken_away_while_the_program_runs_are_noticed_at_the_next(log: Log) -> None:
    some(log)
    with log.path.open("r+b") as file:
        file.truncate(len("\n".join([*lines(log)[:4], ""]).encode()))
    log.write(ANNA, "export_cases")
    assert log.verify().broken == (5,)


def test_a_line_that_a_power_cut_tore_is_no_line(log: Log, tmp_path: Path) -> None:
    some(log, 2)
    with log.path.open("ab") as file:
        file.write(b"0123 {")
    again = Log(tmp_path / "obhvat.duckdb", KEY)
    again.write(BORIS, "export_cases")
    assert (again.verify().lines, again.verify().is_whole) == (3, True)


def test_nothing_is_seen_where_nothing_can_be_written(log: Log) -> None:
    log.path.mkdir()
    with pytest.raises(DiskFull, match="Не може да се пише"):
        log.write(ANNA, "case", cases=["ГР-1"])


def test_a_look_invalidates_no_kept_answer_and_writes_nothing_to_the_store(store: Store) -> None:
    store.kept("question", datetime.now(), lambda: 1)
    commits = store._commits
    looked(store, ANNA, "case", cases=["ГР-1"])
    looked(store, ANNA, "export_cases", place="списък")
    assert store._commits == commits
    assert store.kept("question", datetime.now(), lambda: 2) == 1


def test_the_store_remembers_how_far_the_log_had_come_when_something_was_uploaded(store: Store) -> None:
    looked(store, ANNA, "case", cases=["ГР-1"])
    looked(store, ANNA, "upload", place="Отсъствия", n=3)
    looks_of(store.path).write_text("", "utf-8")
    assert verify(store).missing == 2
    # The program does not forget it by going on.
    looked(store, ANNA, "upload")
    anchor(store)
    assert not verify(store).is_whole


def test_a_copy_takes_the_log_along_and_putting_it_back_takes_no_look_away(store: Store, tmp_path: Path) -> None:
    looked(store, ANNA, "case", cases=["ГР-1"])
    copy = backup(store, tmp_path / "copies" / "a.duckdb")
    assert looks_of(copy).read_bytes() == looks_of(store.path).read_bytes()
    looked(store, BORIS, "case", cases=["ГР-1"])
    restore(store, copy)
    looked(store, BORIS, "export_cases")
    assert [look.what for look in log_of(store).looks()] == ["export_cases", "case", "case"]
    assert verify(store).is_whole


def test_a_new_machine_gets_the_log_of_the_copy(store: Store, tmp_path: Path) -> None:
    looked(store, ANNA, "copy")
    copy = backup(store, tmp_path / "copies" / "a.duckdb")
    there = tmp_path / "there" / "obhvat.duckdb"
    there.parent.mkdir()
    there.with_suffix(".key").write_bytes(store.path.with_suffix(".key").read_bytes())
    restore_closed(there, copy)
    with Store(there) as opened:
        assert [look.what for look in log_of(opened).looks()] == ["copy"]
        assert verify(opened).is_whole


def test_the_log_of_another_store_is_kept_where_a_copy_takes_its_place(store: Store, tmp_path: Path) -> None:
    looked(store, ANNA, "copy")
    copy = backup(store, tmp_path / "copies" / "a.duckdb")
    other = looks_of(store.path).read_bytes().replace("Анна".encode(), "Вера".encode())
    looks_of(store.path).write_bytes(other)
    restore(store, copy)
    assert [path.read_bytes() for path in store.path.parent.glob("*-преди-*.looks")] == [other]
    looked(store, ANNA, "export_cases")
    assert [look.what for look in log_of(store).looks()] == ["export_cases", "copy"]


def test_every_kind_of_line_has_its_words() -> None:
    assert set(WHAT) == {
        *log_module.get_args(log_module.Seen),
        *log_module.get_args(log_module.Export),
        *log_module.get_args(log_module.Done),
    }


def test_a_look_is_written_anew_where_the_log_is_another(log: Log, tmp_path: Path) -> None:
    cases = [str(number) for number in range(20)]
    log.write(ANNA, "cases", cases=cases, place="областта")
    other = Log(tmp_path / "other.duckdb", KEY)
    other.write(BORIS, "case", cases=["1"], place="областта")
    other.path.replace(log.path)
    for _again in range(2):
        log.write(ANNA, "cases", cases=cases, place="областта")
    assert [look.person for look in log.looks(cases=["7"])] == ["Анна"]
    log.path.unlink()
    log.write(ANNA, "cases", cases=cases, place="областта")
    assert [look.person for look in log.looks(cases=["7"])] == ["Анна"]
    assert log.verify().is_whole
