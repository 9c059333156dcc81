"""What is told of cases and of the steps in them: asked once for all the questions that read it, as tables beside the
store's (`Store.read`). The views behind them are long, and one page asks ten such questions about a day.
"""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa

from obhvat.store.store import Store


def cases_ever(store: Store, day: date, known_at: datetime) -> pa.Table:
    """The view `cases_ever` (views/cases.sql): one row a case that was ever said, as it stood on a day. Pseudonyms stay
    in the store: pages never need one."""
    sql = "select * from cases_ever($known_at, $day)"
    asked = {"known_at": known_at, "day": day}
    return store.kept_of_data(("cases ever", day), known_at, lambda: store.arrow(sql, asked), daily=False)


def steps_ever(store: Store, known_at: datetime) -> pa.Table:
    """The view `action_rows` (views/actions.sql) of all days: one row a step. A later one changes nothing of those
    before it."""
    sql = "select * from action_rows($known_at, date '9999-12-31')"
    return store.kept_of_data("steps ever", known_at, lambda: store.arrow(sql, {"known_at": known_at}), daily=False)
