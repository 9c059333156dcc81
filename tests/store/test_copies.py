"""Copies made when somebody asks and once a day: one each time, for their owner alone, and how many stay."""

from __future__ import annotations

import stat
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from examples import absences, everything, put, register

from obhvat.errors import StoreUnusable
from obhvat.store import Store, copies
from obhvat.store.backup import restore
from obhvat.store.copies import Copy, to_stay
from obhvat.store.exchange import refuse_to_begin_anew

DAY = timedelta(days=1)


@pytest.fixture
def known(store: Store) -> Store:
    """A store with a register."""
    put(store, register())
    return store


def dated(store: Store, at: datetime) -> Path:
    """What a daily copy of a moment is called."""
    return copies.usual_folder(store) / f"{store.path.stem}-{at:%Y-%m-%d-%H%M%S}-дневно.duckdb"


def test_a_copy_is_a_file_that_can_be_restored(known: Store) -> None:
    copy = copies.make(known, datetime.now())
    before = everything(known)
    put(known, absences(10))
    restore(known, copy.path)
    assert everything(known) == before
    assert copies.copies(known) == [copy]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows няма такива права")
def test_a_copy_and_its_folder_are_their_owners_alone(known: Store) -> None:
    copy = copies.make(known, datetime.now())
    assert [stat.S_IMODE(path.stat().st_mode) for path in (copy.path, copy.path.parent)] == [0o600, 0o700]


def test_many_who_ask_at_once_get_one_copy(known: Store) -> None:
    asked_at, made = datetime.now(), []
    askers = [threading.Thread(target=lambda: made.append(copies.make(known, asked_at))) for _ in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    assert len(list(copies.folder_of(known).iterdir())) == 1


def test_a_daily_copy_is_made_once_a_day_and_only_of_something_new(known: Store) -> None:
    now = datetime.now()
    assert copies.make_if_due(known, now) is None
    copies.choose_daily(known, True)
    first = copies.make_if_due(known, now)
    assert first is not None
    assert first.is_daily
    assert copies.make_if_due(known, first.made_at) is None
    # The day after nothing new was recorded. A name has no parts of a second, so a copy made in the second of the last
    # record is not believed to have it.
    after = first.made_at + timedelta(seconds=1)
    first.path.rename(dated(known, after))
    assert copies.make_if_due(known, now + DAY) is None
    put(known, absences(10))
    assert copies.make_if_due(known, after) is None
    earlier = dated(known, now - DAY)
    dated(known, after).rename(earlier)
    second = copies.make_if_due(known, now)
    assert second is not None
    assert [copy.path for copy in copies.copies(known)] == [second.path, earlier]


def test_a_copy_made_while_the_clock_ran_ahead_is_not_taken_for_one_of_now(known: Store) -> None:
    copies.choose_daily(known, True)
    now = datetime.now()
    daily = copies.make_if_due(known, now)
    assert daily is not None
    ahead = dated(known, now + 365 * DAY)
    daily.path.rename(ahead)
    put(known, absences(10))
    made = [copies.make(known, now), copies.make_if_due(known, now + DAY)]
    assert ahead not in [copy and copy.path for copy in made]
    assert {copy.path for copy in copies.copies(known)} == {ahead, *(copy.path for copy in made if copy)}


def test_of_daily_copies_a_week_of_days_a_month_of_weeks_and_a_year_of_months_stay() -> None:
    newest = datetime(2026, 11, 26, 9)
    made = [Copy(Path(f"{n}"), newest - n * DAY, is_daily=n != 100, size=1) for n in range(800)]
    stay = [copy.made_at.date() for copy in to_stay(made)]
    days = [(newest - n * DAY).date() for n in range(7)]
    # The newest of a week is its Sunday, of a month its last day.
    weeks = [datetime(2026, 11, n).date() for n in (22, 15, 8)]
    months = [(datetime(2026 - (n > 10), (10 - n) % 12 + 1, 1) - timedelta(days=1)).date() for n in range(11)]
    by_hand = (newest - 100 * DAY).date()
    assert stay == sorted({*days, *weeks, *months, by_hand}, reverse=True)


def test_nothing_else_in_the_folder_is_taken_for_a_copy_or_removed(known: Store) -> None:
    copies.choose_daily(known, True)
    folder = copies.usual_folder(known)
    folder.mkdir()
    others = ["друга-2020-01-01-000000-дневно.duckdb", "бележки.txt", f"{known.path.stem}-2020.duckdb"]
    for name in others:
        (folder / name).write_text("важно", "utf-8")
    copies.make_if_due(known, datetime.now())
    assert len(copies.copies(known)) == 1
    assert {file.name for file in folder.iterdir()} >= {*others}


def test_the_folder_can_be_another(known: Store, tmp_path: Path) -> None:
    copies.choose_folder(known, f" {tmp_path / 'флашка' / 'копия'} ")
    assert copies.make(known, datetime.now()).path.parent == tmp_path / "флашка" / "копия"
    copies.choose_folder(known, "")
    assert copies.folder_of(known) == copies.usual_folder(known)


def test_a_folder_that_cannot_be_is_refused_and_the_old_one_stays(known: Store, tmp_path: Path) -> None:
    (tmp_path / "файл").write_text("", "utf-8")
    for folder in ("копия", str(tmp_path / "файл"), str(tmp_path / "файл" / "копия")):
        with pytest.raises(StoreUnusable, match="папка"):
            copies.choose_folder(known, folder)
    assert copies.folder_of(known) == copies.usual_folder(known)


def test_a_store_that_is_lost_beside_its_copies_is_not_made_anew(known: Store) -> None:
    copy = copies.make(known, datetime.now())
    known.close()
    known.path.unlink()
    with pytest.raises(StoreUnusable, match=copy.path.name):
        refuse_to_begin_anew(known.path)
