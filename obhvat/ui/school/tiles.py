"""The school's numbers, a tile each."""

from __future__ import annotations

from datetime import date

import pandas as pd

from obhvat.datasets import dataset
from obhvat.metrics import Figure, doubled_note, figure
from obhvat.store import Store
from obhvat.texts import NO_DATA, counted, number
from obhvat.texts import day as words_of_day
from obhvat.ui.filters import View
from obhvat.ui.widgets.html import Safe
from obhvat.ui.widgets.tile import tile


def size(listed: pd.DataFrame, about: pd.Series, view: View) -> Safe:
    """How many children are on its list. `listed`: a row a child; `about`: the school's row of the register."""
    under = f"{dataset('schools')['kind'].caption_of(about['kind'])}, община {about['municipality']}"
    if listed.empty:
        return tile("По списък", NO_DATA, "няма качен списък", under=under)
    classes = int(listed["class_name"].nunique())
    one_class, many = ("група", "групи") if about["level"] == "kindergarten" else ("паралелка", "паралелки")
    in_classes = f"в {number(classes)} {one_class if classes == 1 else many}"
    return tile("По списък", view.disclosure.count(len(listed)), in_classes, under=under)


def absences(of_school: Figure, of_oblast: Figure, view: View) -> Safe:
    """Unexcused absences a child, beside the oblast's."""
    when = of_school.period_words if of_school.value is not None else f"за {of_school.period_words}"
    usual = "" if of_school.value is None or of_oblast.value is None else f"в областта {number(of_oblast.value, 2)}"
    return tile(
        of_school.metric.name, view.disclosure.figure(of_school), usual, under=when, note=doubled_note(of_school)
    )


def over_threshold(over: Figure, view: View) -> Safe:
    """How many are over the monthly threshold."""
    title, shown = f"С {over.metric.unexcused_words}", view.disclosure.figure(over)
    if over.n is None:
        return tile(title, shown, under=over.period_words)
    return tile(title, shown, over.period_words, note=doubled_note(over))


def checks(store: Store, made: pd.DataFrame, day: date, view: View) -> list[Safe]:
    """Its checks in the period, and what all of them found and is not done. `made`: a row a check, the oldest first."""
    last = made["date"].max()
    when = f"последна на {last:%d.%m.%Y} г." if len(made) else "няма нито една"
    since = f"преди {counted((day - last.date()).days, 'ден')}" if len(made) else ""
    in_period, undone, late = (
        figure(store, of, view.period, view.scope, view.day)
        for of in ("inspections", "findings_owed", "findings_owed_late")
    )
    owed = f"{number(late.n)} с изтекъл срок" if late.n else "без изтекъл срок" if undone.n else ""
    return [
        tile("Проверки през периода", view.disclosure.figure(in_period), when, under=since),
        tile(
            "Неизпълнени препоръки",
            number(undone.n),
            owed,
            under=f"от всичките, към {words_of_day(day)}",
            act=bool(late.n),
        ),
    ]
