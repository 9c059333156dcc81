"""The lines of the log have an end: the oldest go, the rest is still known to be whole, a protocol tells how many."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest
from store_files import copy_store, throw_away

from obhvat.metrics.forgetting import forget_due
from obhvat.people import ALONE
from obhvat.people import log as log_module
from obhvat.people.log import CUT, Log, looked, verify
from obhvat.store import Store
from obhvat.store.backup import backup, restore

UNTIL = date(2021, 3, 10)


class Clock(datetime):
    moment = datetime(2021, 3, 8, 9)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls.fromisoformat(cls.moment.isoformat())


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    """Six lines, one a day."""
    monkeypatch.setattr(log_module, "datetime", Clock)
    made = Log(tmp_path / "obhvat.duckdb", "ключ")
    for n in range(6):
        monkeypatch.setattr(Clock, "moment", datetime(2021, 3, 8, 9) + timedelta(days=n))
        made.write(ALONE, "case", cases=[f"ГР-{n}"])
    return made


def test_the_oldest_lines_go_and_the_chain_holds(log: Log) -> None:
    remembered = log.anchor()
    assert log.due(UNTIL) == 3
    assert log.cut(UNTIL) == 3
    found = log.verify(remembered)
    assert (found.is_whole, found.lines, found.cut) == (True, 3, 3)
    assert [len(log.looks(cases=[f"ГР-{n}"])) for n in range(6)] == [0, 0, 0, 1, 1, 1]
    log.write(ALONE, "case", cases=["ГР-9"])
    # The next process, and the next cut.
    again = Log(log.path.with_suffix(".duckdb"), "ключ")
    assert again.verify(remembered).is_whole
    assert again.cut(date(2021, 3, 12)) == 2
    found = again.verify(remembered)
    assert (found.is_whole, found.lines, found.cut) == (True, 2, 5)
    assert again.cut(date(2021, 3, 12)) == 0


def test_a_cut_cannot_be_made_or_moved_without_the_key(log: Log) -> None:
    whole = log.path.read_bytes().split(b"\n")
    log.cut(UNTIL)
    cut, *kept = log.path.read_bytes().split(b"\n")
    said = json.loads(cut[65:])
    for forged in (
        # One more line taken away, with its hash in its place; and the line of the cut itself.
        cut[:65]
        + json.dumps(said | {"cut": 4, "before": kept[0][:64].decode()}).encode()
        + b"\n"
        + b"\n".join(kept[1:]),
        b"\n".join(kept),
        # Lines taken away after the cut.
        b"\n".join([cut, *kept[1:]]),
        b"\n".join([cut, *whole]),
    ):
        log.path.write_bytes(forged)
        assert not log.verify().is_whole, forged[:100]


def test_a_log_that_is_not_whole_is_not_cut(log: Log) -> None:
    log.path.write_bytes(log.path.read_bytes().replace("отваря".encode(), b"").replace(b'"n":1', b'"n":2', 1))
    before = log.path.read_bytes()
    assert log.cut(UNTIL) == 0
    assert log.path.read_bytes() == before


def test_a_list_that_a_later_line_names_stays(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [f"ВД-{n}" for n in range(10)]
    for n in (10, 30):
        monkeypatch.setattr(Clock, "moment", datetime(2021, 3, 10) + timedelta(days=n))
        log.write(ALONE, "export_cases", cases=many)
    log.cut(date(2021, 3, 25))
    assert len(log.looks(cases=["ВД-3"])) == 2


@pytest.fixture
def kept(blank_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store whose log begins long ago."""
    monkeypatch.setattr(log_module, "datetime", Clock)
    opened = Store(copy_store(blank_path, tmp_path / "store"))
    for n in range(4):
        monkeypatch.setattr(Clock, "moment", datetime(2021, 3, 8, 9) + timedelta(days=300 * n))
        looked(opened, ALONE, "upload", place=f"файл {n}")
    yield opened
    throw_away(opened)


def test_a_forgetting_cuts_the_log_and_says_how_many_lines_went(kept: Store) -> None:
    protocol = forget_due(kept, ALONE, today=date(2028, 1, 15))
    assert protocol is not None
    assert [(of.kind, of.n_rows) for of in protocol.forgotten] == [("Запис кой какво е гледал", 3)]
    found = verify(kept)
    assert (found.is_whole, found.lines, found.cut) == (True, 2, 3)


def test_a_cut_that_was_stopped_is_made_at_the_next_opening(kept: Store) -> None:
    kept.remember(CUT, "2022-06-01")
    kept.close()
    with Store(kept.path) as again:
        found = verify(again)
        assert (found.is_whole, found.cut) == (True, 2)
        assert not again.remembered(CUT)


def test_a_copy_of_before_takes_no_newer_look_away(kept: Store, tmp_path: Path) -> None:
    copy = backup(kept, tmp_path / "copy.duckdb")
    looked(kept, ALONE, "upload", place="след копието")
    kept.remember(CUT, "2022-06-01")
    log_module.cut_as_said(kept)
    restore(kept, copy)
    assert [look.place for look in log_module.log_of(kept).looks(what="upload")][:2] == ["след копието", "файл 3"]
    assert verify(kept).is_whole
