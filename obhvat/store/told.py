"""What is told of cases and of the steps in them: asked once for all the questions that read it, as tables beside the
store's (`Store.read`). The views behind them are long, and one page asks ten such questions about a day.
"""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa

from obhvat.store.store import Store

# After the last day that anything of cases is told of they stand as on any later one: all those days are asked about
# once. What was undone counts here too, and only makes the last day later.
_LAST_DAY = """
    select greatest(
        (select max(period) from live_slices('cases', $known_at)),
        (select max(greatest(as_of, opened_on, status_on)) from cases),
        (select max(opened_on) from entered_cases),
        (select max(status_on) from entered_statuses)
    )
"""
_CASES = "select * from cases_ever($known_at, $day)"
_STEPS = "select * from action_rows($known_at, date '9999-12-31')"
READ_OF_CASES = (_CASES, _LAST_DAY)
"""What `cases_ever` reads, for answers that are kept by it."""
READ_OF_STEPS = (_STEPS,)


def cases_ever(store: Store, day: date, known_at: datetime) -> pa.Table:
    """The view `cases_ever` (views/cases.sql): one row a case that was ever said, as it stood on a day. Pseudonyms stay
    in the store: pages never need one."""
    [(last,)] = store.kept_of_data(
        _LAST_DAY, known_at, lambda: store.rows(_LAST_DAY, {"known_at": known_at}), daily=False, reads=(_LAST_DAY,)
    )
    asked = {"known_at": known_at, "day": day if last and day < last else date.max}
    question = ("cases ever", asked["day"])
    return store.kept_of_data(question, known_at, lambda: store.arrow(_CASES, asked), daily=False, reads=READ_OF_CASES)


def steps_ever(store: Store, known_at: datetime) -> pa.Table:
    """The view `action_rows` (views/actions.sql) of all days: one row a step. A later one changes nothing of those
    before it."""
    asked = {"known_at": known_at}
    return store.kept_of_data(
        "steps ever", known_at, lambda: store.arrow(_STEPS, asked), daily=False, reads=READ_OF_STEPS
    )
