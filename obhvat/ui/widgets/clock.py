"""The statutory clock as a table: what is due, whose it is, and how it stands."""

from __future__ import annotations

from datetime import date

import pandas as pd

from obhvat.meeting.clock import duties, for_press
from obhvat.periods import Period
from obhvat.store import Store
from obhvat.texts import counted, day
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import tag


def show_clock(
    store: Store,
    on_day: date,
    period: Period,
    stands_on: date | None = None,
    *,
    most: int | None = None,
    is_press: bool = False,
) -> None:
    """What is due within 60 days of a day, and what is past and not done; the first `most` of them. Cases and findings
    are told as they stand on a day of their own, which their notes say; the press is told of neither."""
    due = duties(store, on_day, store.now(), period, stands_on, stands_on)
    if is_press:
        show_duties(for_press(due), on_day, most, "по закон")
    else:
        show_duties(due, on_day, most)


def show_duties(
    due: pd.DataFrame, on_day: date, most: int | None = None, by: str = "по закон, по решенията и по констатациите"
) -> None:
    """Rows of `duties` of a day; `by` what they are due."""
    html.part("Срокове", f"към {day(on_day)}: {by}")
    if due.empty:
        html.quiet("Няма срокове в следващите два месеца.")
        return
    rows = [
        (
            tag("b", f"{duty['due']:%d.%m.%Y}", css="late" if duty["state"] in ("past", "today") else ""),
            _left(int(duty["days_left"])),
            tag("span", duty["title"], tag("div", duty["note"], css="quiet") if duty["note"] else ""),
            duty["who"],
            duty["law"],
        )
        for _, duty in due.head(most or len(due)).iterrows()
    ]
    html.show(html.table(("Срок", "Остава", "Какво", "Кой", "Основание"), rows))


def _left(days: int) -> str:
    if days == 0:
        return "днес"
    return counted(days, "ден") if days > 0 else f"изтекъл преди {counted(-days, 'ден')}"
