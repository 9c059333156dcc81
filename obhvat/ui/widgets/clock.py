"""The statutory clock, as a table and as a list: what is due, whose it is, and how it stands."""

from __future__ import annotations

from datetime import date

import pandas as pd

from obhvat.language import N_, _
from obhvat.meeting.clock import duties, for_press
from obhvat.periods import Period
from obhvat.store import Store
from obhvat.texts import counted, day
from obhvat.ui.filters import View
from obhvat.ui.shell import MEETING, pages_of
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import tag

_BY_LAW, _BY_ALL = N_("по закон"), N_("по закон, по решенията и по констатациите")
_NONE = N_("Няма срокове в следващите два месеца.")
_LATE = ("past", "today")
_FIRST = 6


def show_clock(store: Store, on_day: date, period: Period) -> None:
    """What is due within 60 days of a day, and what is past and not done. Cases and findings are told as they stand on
    a day of their own, which their notes say."""
    show_duties(duties(store, on_day, store.now(), period), on_day)


def show_first(store: Store, on_day: date, view: View) -> None:
    """The first of the same as a list beside the tiles; the press is told of no case and no finding."""
    due = duties(store, on_day, store.now(), view.period, view.day, view.day)
    if view.is_press:
        due = for_press(due)
    html.part(
        _("Срокове"),
        _("към {on_day}: {part}").format(on_day=day(on_day), part=_(_BY_LAW if view.is_press else _BY_ALL)),
    )
    if due.empty:
        html.quiet(_(_NONE))
        return
    lines = [
        tag(
            "li",
            tag("b", f"{duty['due']:%d.%m.%Y}"),
            f" – {_left(int(duty['days_left']))}",
            tag("div", f"{duty['title']} ", tag("span", f"({duty['who']})", css="quiet")),
            css="late" if duty["state"] in _LATE else "",
        )
        for _unused, duty in due.head(_FIRST).iterrows()
    ]
    html.show(tag("ul", *lines, css="due"))
    if len(due) > _FIRST:
        more = counted(len(due) - _FIRST, "срок")
        has_them = MEETING in pages_of(view.viewer.role)
        html.quiet((_("Още {due} – на страница „Заседание“.") if has_them else _("Още {due}.")).format(due=more))


def show_duties(due: pd.DataFrame, on_day: date) -> None:
    """Rows of `duties` of a day."""
    html.part(_("Срокове"), _("към {on_day}: {BY_ALL}").format(on_day=day(on_day), BY_ALL=_(_BY_ALL)))
    if due.empty:
        html.quiet(_(_NONE))
        return
    rows = [
        (
            tag("b", f"{duty['due']:%d.%m.%Y}", css="late" if duty["state"] in _LATE else ""),
            _left(int(duty["days_left"])),
            tag("span", duty["title"], tag("div", duty["note"], css="quiet") if duty["note"] else ""),
            duty["who"],
            duty["law"],
        )
        for _unused, duty in due.iterrows()
    ]
    html.show(html.table((_("Срок"), _("Остава"), _("Какво"), _("Кой"), _("Основание")), rows))


def _left(days: int) -> str:
    if days == 0:
        return _("днес")
    return counted(days, "ден") if days > 0 else _("изтекъл преди {days}").format(days=counted(-days, "ден"))
