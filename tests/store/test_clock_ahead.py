"""What was recorded while the computer's clock was ahead."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from examples import absences, put, register
from program import command
from viewers import expert

from obhvat.indicators import default_rules
from obhvat.indicators.thresholds import rules_of, set_rules
from obhvat.periods import Period
from obhvat.scope import Scope, institutions
from obhvat.store import Store

TERM = Period(2023, "term", 1)


@pytest.fixture
def ahead(store: Store) -> Store:
    """A store with a register and a month that were recorded in a year's time."""
    put(store, register(), absences(), at=datetime.now() + timedelta(days=365))
    return store


def test_a_clock_that_is_right_is_not_spoken_of(store: Store) -> None:
    put(store, register())
    assert store.recorded_ahead() is None
    assert abs(store.now() - datetime.now()) < timedelta(seconds=5)


def test_what_was_recorded_in_the_future_is_known_now(ahead: Store) -> None:
    assert ahead.now() == ahead.recorded_ahead()
    assert len(institutions(ahead, TERM, Scope(known_at=ahead.now()))) == 2


def test_thresholds_are_set_after_a_clock_was_ahead(store: Store) -> None:
    [first, *_] = default_rules()
    set_rules(store, {first.id: replace(first, on=not first.on)}, expert("Мария"), datetime.now() + timedelta(days=9))
    set_rules(store, {first.id: first}, expert("Мария"))
    assert rules_of(store).version == 2


@pytest.mark.parametrize("arguments", ["figure cases_in_work --period 2023-10", "check-store"])
def test_commands_say_that_the_clock_was_ahead(ahead: Store, tmp_path: Path, arguments: str) -> None:
    ahead.close()
    done = command(*arguments.split(), "--store", ahead.path, folder=tmp_path)
    assert (done.returncode, "часовникът на компютъра е бил напред" in done.stderr) == (0, True)
