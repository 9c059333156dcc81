"""The school's numbers, a tile each."""

from __future__ import annotations

from datetime import date

import pandas as pd

from obhvat.datasets import dataset
from obhvat.indicators.tables import Listed
from obhvat.language import _
from obhvat.metrics import Figure, doubled_note, figure
from obhvat.store import Store
from obhvat.texts import NO_DATA, counted, number
from obhvat.texts import day as words_of_day
from obhvat.ui.filters import View
from obhvat.ui.widgets.html import Safe
from obhvat.ui.widgets.tile import tile


def size(listed: Listed | None, about: pd.Series, view: View) -> Safe:
    """How many children are on its list. `about`: the school's row of the register."""
    under = _("{caption_of}, община {municipality}").format(
        caption_of=_(dataset("schools")["kind"].caption_of(about["kind"])), municipality=about["municipality"]
    )
    if listed is None or not listed.n:
        return tile(_("По списък"), _(NO_DATA), _("няма качен списък"), under=under)
    classes = len(listed.classes)
    one_class, many = (_("група"), _("групи")) if about["level"] == "kindergarten" else (_("паралелка"), _("паралелки"))
    in_classes = _("в {classes} {part}").format(classes=number(classes), part=one_class if classes == 1 else many)
    return tile(_("По списък"), view.disclosure.count(listed.n), in_classes, under=under)


def absences(of_school: Figure, of_oblast: Figure, view: View) -> Safe:
    """Unexcused absences a child, beside the oblast's."""
    when = (
        of_school.period_words
        if of_school.value is not None
        else _("за {period_words}").format(period_words=of_school.period_words)
    )
    usual = (
        ""
        if of_school.value is None or of_oblast.value is None
        else _("в областта {value}").format(value=number(of_oblast.value, 2))
    )
    return tile(
        of_school.metric.name, view.disclosure.figure(of_school), usual, under=when, note=doubled_note(of_school)
    )


def over_threshold(over: Figure, view: View) -> Safe:
    """How many are over the monthly threshold."""
    title, shown = (
        _("С {unexcused_words}").format(unexcused_words=over.metric.unexcused_words),
        view.disclosure.figure(over),
    )
    if over.n is None:
        return tile(title, shown, under=over.period_words)
    return tile(title, shown, over.period_words, note=doubled_note(over))


def checks(store: Store, made: pd.DataFrame, day: date, view: View) -> list[Safe]:
    """Its checks in the period, and what all of them found and is not done. `made`: a row a check, the oldest first."""
    last = made["date"].max()
    when = _("последна на {last:%d.%m.%Y} г.").format(last=last) if len(made) else _("няма нито една")
    since = _("преди {days}").format(days=counted((day - last.date()).days, "ден")) if len(made) else ""
    in_period, undone, late = (
        figure(store, of, view.period, view.scope, view.day)
        for of in ("inspections", "findings_owed", "findings_owed_late")
    )
    owed = _("{n} с изтекъл срок").format(n=number(late.n)) if late.n else _("без изтекъл срок") if undone.n else ""
    return [
        tile(_("Проверки през периода"), view.disclosure.figure(in_period), when, under=since),
        tile(
            _("Неизпълнени препоръки"),
            number(undone.n),
            owed,
            under=_("от всичките, към {words_of_day}").format(words_of_day=words_of_day(day)),
            act=bool(late.n),
        ),
    ]
