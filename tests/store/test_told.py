"""What is told of cases is asked once for all days on which it is the same."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest
from small_oblast import put, register
from viewers import expert

from obhvat.cases.entries import add_action, change_status, open_case
from obhvat.store import Store
from obhvat.store.told import cases_ever, steps_ever

LATER = datetime(2030, 1, 1)


def rows(table: pa.Table) -> list[str]:
    return sorted(map(repr, table.to_pylist()))


def asked(store: Store, day: date, known_at: datetime = LATER) -> pa.Table:
    return store.arrow("select * from cases_ever($known_at, $day)", {"known_at": known_at, "day": day})


def last_day(store: Store) -> date:
    """By what a case, a register or a status says itself."""
    told = asked(store, date.max)
    [(register,)] = store.rows("select max(period) from slices where dataset = 'cases'")
    return max(
        day for name in ("opened_on", "status_on", "as_of") for day in [register, *told[name].to_pylist()] if day
    )


@pytest.mark.parametrize("oblast", ["demo_store", "awkward_store"])
@pytest.mark.parametrize("after", [-1, 0, 1, 400])
def test_a_day_after_all_that_is_told_is_as_the_last(request: pytest.FixtureRequest, oblast: str, after: int) -> None:
    store: Store = request.getfixturevalue(oblast)
    day = last_day(store) + timedelta(days=after)
    assert rows(cases_ever(store, day, LATER)) == rows(asked(store, day))


def test_a_day_in_the_middle_is_of_its_own(demo_store: Store) -> None:
    day = last_day(demo_store) - timedelta(days=100)
    found = rows(cases_ever(demo_store, day, LATER))
    assert found == rows(asked(demo_store, day))
    assert found != rows(cases_ever(demo_store, date.max, LATER))


def test_where_nothing_was_told_is_what_the_view_says_of_nothing(store: Store, demo_store: Store) -> None:
    for _ in range(2):
        assert cases_ever(store, date(2024, 3, 1), LATER).equals(asked(store, date(2024, 3, 1)))
        assert steps_ever(store, LATER).schema == steps_ever(demo_store, LATER).schema
        assert steps_ever(store, LATER).num_rows == 0


def test_what_is_entered_first_and_later_is_told_from_its_day(store: Store) -> None:
    assert cases_ever(store, date.max, LATER).num_rows == steps_ever(store, LATER).num_rows == 0
    put(store, register())
    opened, who = date(2024, 3, 4), expert()
    number = open_case(store, municipality="Ведрово", category="at_risk", opened_on=opened, viewer=who)
    add_action(store, number, opened, "call", viewer=who)
    change_status(store, number, "reintegrated", date(2024, 3, 8), viewer=who)
    told = {day: cases_ever(store, date(2024, 3, day), LATER)["status"].to_pylist() for day in (3, 4, 7, 8, 9)}
    assert told == {3: [], 4: ["in_work"], 7: ["in_work"], 8: ["reintegrated"], 9: ["reintegrated"]}
    assert steps_ever(store, LATER).num_rows == 1
