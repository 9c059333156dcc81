"""Answers are worked out once while the data and the day are the same, and no more of them are kept than fit."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from examples import absences, put, register
from store_files import copy_store
from viewers import expert

from obhvat.demo import clear_demo
from obhvat.indicators import rule
from obhvat.indicators.thresholds import set_rules
from obhvat.store import Store
from obhvat.store.backup import backup, restore
from obhvat.store.entries import add_entry, mark_entry
from obhvat.store.history import mark
from obhvat.store.kept import Kept, size_of

NOON = datetime(2024, 3, 13, 12)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Counted:
    """A question about a store that counts how often it was worked out."""

    def __init__(self, store: Store) -> None:
        self.store, self.n = store, 0

    def at(self, known_at: datetime, *, of_data: bool = False) -> int:
        kept = self.store.kept_of_data if of_data else self.store.kept
        return kept(("how often", of_data), known_at, self._worked_out)

    def _worked_out(self) -> int:
        self.n += 1
        return self.n


@pytest.fixture(scope="module")
def registered_path(blank_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a register, closed."""
    with Store(copy_store(blank_path, tmp_path_factory.mktemp("registered"))) as store:
        put(store, register(), at=NOON - DAY)
    return store.path


@pytest.fixture
def counted(registered_path: Path, tmp_path: Path) -> Iterator[Counted]:
    """A question about a store that stays open: what it keeps is not lost to a quicker way of filling it."""
    with Store(copy_store(registered_path, tmp_path)) as store:
        yield Counted(store)


def test_a_question_is_worked_out_once_a_day(counted: Counted) -> None:
    assert [counted.at(NOON), counted.at(NOON + HOUR), counted.at(NOON + DAY), counted.at(NOON)] == [1, 1, 2, 1]


def test_other_questions_have_other_answers(store: Store) -> None:
    assert [store.kept(("a", n), NOON, lambda n=n: n) for n in (1, 2, 1)] == [1, 2, 1]


def a_batch(store: Store) -> None:
    put(store, absences(), at=NOON)


def an_undoing(store: Store) -> None:
    mark(store, [1], "undo", "РУО", NOON)


def an_entry(store: Store) -> None:
    with store.transaction() as cursor:
        add_entry(cursor, "status", "РУО", NOON)


def a_word_about_an_entry(store: Store) -> None:
    mark_entry(store, 1, "withdrawn", "РУО", NOON)


def a_threshold(store: Store) -> None:
    changed = replace(rule("monthly_unexcused_hours"), value=7)
    set_rules(store, {changed.id: changed}, expert("РУО"), NOON)


CHANGES = [a_batch, an_undoing, an_entry, a_word_about_an_entry, a_threshold]


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_known_before_a_change_is_not_asked_again(counted: Counted, change: Callable[[Store], None]) -> None:
    counted.at(NOON)
    change(counted.store)
    assert [counted.at(NOON), counted.at(NOON - HOUR), counted.at(NOON + HOUR)] == [2, 1, 2]


@pytest.mark.parametrize("change", CHANGES)
def test_figures_are_worked_out_anew_when_their_data_changes(counted: Counted, change: Callable[[Store], None]) -> None:
    counted.at(NOON, of_data=True)
    change(counted.store)
    assert counted.at(NOON, of_data=True) == 2


@pytest.mark.parametrize("what", ["meeting", "attendance", "decision", "closing"])
def test_what_is_said_at_a_meeting_leaves_figures_as_they_are(counted: Counted, what: str) -> None:
    counted.at(NOON, of_data=True)
    with counted.store.transaction() as cursor:
        add_entry(cursor, what, "РУО", NOON)
    assert counted.at(NOON, of_data=True) == 1
    assert counted.at(NOON) == 2


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_a_clock_that_is_ahead_is_known_when_its_moment_comes(
    counted: Counted, change: Callable[[Store], None]
) -> None:
    change(counted.store)
    assert [counted.at(NOON - 2 * HOUR), counted.at(NOON - HOUR), counted.at(NOON)] == [1, 1, 2]


def test_moments_that_came_in_another_order_are_not_taken_for_one_another(counted: Counted) -> None:
    put(counted.store, absences(10), at=NOON + HOUR)
    counted.at(NOON + HOUR)
    put(counted.store, absences(11), at=NOON - HOUR)
    # Two things are known by noon, as by an hour past noon before: not the same two.
    assert counted.at(NOON) == 2


def test_a_transaction_that_was_given_up_changes_nothing(counted: Counted) -> None:
    def give_up() -> None:
        with counted.store.transaction() as cursor:
            add_entry(cursor, "status", "РУО", NOON)
            raise KeyboardInterrupt

    counted.at(NOON)
    with pytest.raises(KeyboardInterrupt):
        give_up()
    assert counted.at(NOON) == 1


def test_an_answer_worked_out_while_something_was_committed_is_not_kept(counted: Counted) -> None:
    def answer() -> str:
        an_entry(counted.store)
        return "of which data?"

    assert counted.store.kept(("how often", False), NOON - HOUR, answer) == "of which data?"
    assert counted.at(NOON - HOUR) == 1


def test_an_error_is_not_kept(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        store.kept("share", NOON, lambda: 1 / 0)
    assert store.kept("share", NOON, lambda: 0.5) == 0.5


def test_what_several_ask_at_once_is_worked_out_once(counted: Counted) -> None:
    begun, go_on, answers = threading.Event(), threading.Event(), []

    def answer() -> int:
        begun.set()
        assert go_on.wait(30)
        return counted.at(NOON)

    def ask() -> None:
        answers.append(counted.store.kept("slow", NOON, answer))

    askers = [threading.Thread(target=ask, daemon=True) for _ in range(5)]
    for asker in askers:
        asker.start()
    assert begun.wait(30)
    go_on.set()
    for asker in askers:
        asker.join(30)
    assert (answers, counted.n) == ([1] * 5, 1)


def test_a_restored_store_is_asked_anew(counted: Counted, tmp_path: Path) -> None:
    copy = backup(counted.store, tmp_path / "a.duckdb")
    counted.at(NOON)
    restore(counted.store, copy)
    assert counted.at(NOON) == 2


def test_what_was_asked_of_the_demonstration_is_asked_anew_when_it_is_gone(counted: Counted) -> None:
    counted.at(NOON)
    clear_demo(counted.store, expert())
    assert counted.at(NOON) == 2


@dataclass(frozen=True)
class Worked:
    rows: pd.DataFrame


def test_a_closed_store_keeps_nothing(store: Store) -> None:
    def ask() -> weakref.ref:
        return weakref.ref(store.kept("rows", NOON, lambda: Worked(pd.DataFrame({"n": [1]}))))

    answer = ask()
    assert answer() is not None
    store.close()
    assert answer() is None


def kept_of(keep: Kept, *questions: str, size: int = 0) -> list[str]:
    """Which of the questions were kept."""
    new: list[str] = []
    for question in questions:
        keep.get(question, lambda question=question: new.append(question) or "x" * size, lambda: False)
    return [question for question in questions if question not in new]


def filled(keep: Kept, *questions: str, size: int) -> Kept:
    for question in questions:
        keep.get(question, lambda: "x" * size, lambda: True)
    return keep


def test_the_answers_that_were_not_asked_for_longest_make_room() -> None:
    keep = filled(Kept(most_answers=3), "a", "b", "c", "a", "d", size=1)
    assert kept_of(keep, "a", "b", "c", "d") == ["a", "c", "d"]


def test_answers_make_room_for_the_bytes_of_new_ones() -> None:
    keep = filled(Kept(most_bytes=1000), "a", "b", "c", size=300)
    assert kept_of(keep, "a", "b", "c") == ["b", "c"]


def test_an_answer_larger_than_everything_is_kept_alone() -> None:
    keep = filled(filled(Kept(most_bytes=1000), "a", "b", size=300), "large", size=5000)
    assert kept_of(keep, "a", "b", "large") == ["large"]
    assert kept_of(filled(keep, "a", size=300), "a", "large") == ["a"]


def test_an_answer_is_measured_with_all_its_parts() -> None:
    rows = pd.DataFrame({"n": range(1000), "text": ["а" * 100] * 1000})
    least = 1000 * (8 + 200)
    for answer in (rows, Worked(rows), [Worked(rows)], {"rows": rows}, (rows, None)):
        assert size_of(answer) >= least
