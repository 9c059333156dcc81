"""Which institutions were open when, as Python tells it of one answer for all days, and as SQL of each window."""

from __future__ import annotations

from datetime import datetime

import pytest

from obhvat.periods import parse_period
from obhvat.resources import read_sql
from obhvat.scope import INSTITUTIONS, Window, institution_months, open_institutions
from obhvat.store import Store

_MONTHS = f"""
with institutions as ({INSTITUTIONS})
select municipality, school, month
from ({read_sql("scope/sql/institution_months.sql")})
where level = $level
"""


@pytest.fixture(scope="module")
def windows(awkward_store: Store) -> list[Window]:
    """Of two school years in which institutions open and close, and of some days in them."""
    now = datetime.now()
    periods = [parse_period(f"{year}{part}") for year in (2022, 2023) for part in ("", "-I", "-II")]
    return [Window(period, now, day) for period in periods for day in (None, period.months[1])]


def test_open_institutions_are_those_of_the_query(awkward_store: Store, windows: list[Window]) -> None:
    of_each = []
    for window in windows:
        bound = {"known_at": window.known_at, "first": window.first, "last": window.last}
        queried = {code for code, *_ in awkward_store.rows(INSTITUTIONS, bound)}
        assert {*open_institutions(awkward_store, window)["code"]} == queried, window
        of_each.append(len(queried))
    assert len({*of_each}) > 1


def test_their_months_are_those_of_the_query(awkward_store: Store, windows: list[Window]) -> None:
    partly = 0
    for window in windows:
        bound = {"known_at": window.known_at, "first": window.first, "last": window.last, "months": [*window.months]}
        queried = awkward_store.rows(_MONTHS, {**bound, "level": "school"})
        told = [*institution_months(awkward_store, window, "school")]
        assert sorted(told) == sorted(queried), window
        partly += len(told) < len({school for _, school, _ in told}) * len(window.months)
    assert partly
