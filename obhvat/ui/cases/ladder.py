"""Where each case in work stands, how long, and who owes what by when."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from obhvat.cases.children import visits_without_study
from obhvat.cases.ladder import checks_without_round, never_contacted, owed, quiet
from obhvat.cases.terms import rungs
from obhvat.charts import ladder_bars, open_cases_timeline
from obhvat.language import _
from obhvat.scope import inside
from obhvat.texts import counted, number, out_of
from obhvat.ui.cases.tables import Looked, date_words, each, origin, words
from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import tag
from obhvat.ui.widgets.picture import drawing, picture

_DAYS, _KEPT = 14, "quiet-days"


def asked_days() -> int:
    """After how many days without an action a case is quiet, as the session asked last."""
    return st.session_state.get("days", st.session_state.get(_KEPT, _DAYS))


def show(looked: Looked) -> None:
    """The ladder, who owes what, and the cases nobody moves."""
    if looked.is_closed:
        html.quiet(looked.why_closed)
        return
    if not looked.figure("cases_in_work").n:
        html.notice("good", _("Няма случай в работа."))
        return
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        _bars(looked)
    with right:
        _owners(looked)
    if looked.is_inside:
        looked.saw(looked.steps["number"])
        _calendar(looked, looked.steps)
    _still(looked)
    _promised(looked)


def _bars(looked: Looked) -> None:
    of_rungs = [
        (name, *(looked.figure(f"{of}_{rung}").n or 0 for of in ("cases_on_rung", "cases_overdue_on_rung")))
        for rung, name in rungs().items()
    ]
    html.part(_("Етапи"), _("случаи в работа по последната извършена стъпка"))
    says = _("Случаи по стъпки: ") + ", ".join(
        _("{name} – {n}, с изтекъл срок {late}").format(name=name, n=n, late=late) for name, n, late in of_rungs
    )
    table = pd.DataFrame(of_rungs, columns=[_("Стъпка"), _("Случаи"), _("С изтекъл срок")])
    picture(drawing(ladder_bars, table.set_axis(["step", "n", "overdue"], axis=1)), "ladder", says, table)


def _owners(looked: Looked) -> None:
    html.part(_("Отговорници за следващата стъпка"), _("за прочитане на глас; с най-голямо закъснение – отгоре"))
    owners = owed(looked.store, looked.day, looked.known_at, looked.view.scope)
    if owners.empty:
        html.notice("good", _("Няма случай, който чака следваща стъпка."))
        return
    if looked.is_inside:
        html.show(
            tag("ol", *(tag("li", r.sentence, css="late" if r.overdue else "") for r in each(owners)), css="aloud")
        )
    rows = [
        (
            r.name,
            *(number(looked.figure(f"{of}_{r.owner}").n) for of in ("steps_owed", "steps_overdue")),
            _worst(r.worst),
        )
        for r in each(owners)
    ]
    late = looked.figure("cases_overdue")
    total = (_("Всички"), number(late.d), number(late.n), _worst(owners["worst"].max()))
    captions = [_("Отговорник"), _("Следващи стъпки"), _("С изтекъл срок"), _("Най-голямо закъснение")]
    html.show(html.table(captions, rows, numbers=[1, 2, 3], total=total))


def _worst(days: float) -> str:
    return counted(int(days), "раб. ден") if days else "–"


def _calendar(looked: Looked, steps: pd.DataFrame) -> None:
    # All cases in one pass: a frame a case is most of what the page would cost.
    events: dict[str, list[tuple[Any, str]]] = {n: [] for n in steps["number"]}
    of_these = looked.actions[looked.actions["case_number"].isin(steps["number"])]
    for case, day, kind in of_these[["case_number", "date", "kind"]].itertuples(index=False, name=None):
        events[case].append((day, words("actions", "kind", kind)))
    rows = pd.DataFrame(
        {
            "name": steps["number"] + " " + steps["municipality"],
            "opened": steps["opened_on"],
            "events": [events[n] for n in steps["number"]],
            "due": steps["due"],
            "late_words": [counted(int(n), "раб. ден") if n else "" for n in steps["late"]],
        }
    )
    html.part(_("Случаите във времето"), _("от сигнала досега: какво е направено и чий срок е минал"))
    table = rows.assign(
        opened=rows["opened"].map(date_words), due=rows["due"].map(date_words), events=rows["events"].map(len)
    )
    table.columns = [_("Случай"), _("Сигнал"), _("Действия"), _("Срок"), _("Закъснява")]
    says = _("Случаите в работа по дата на сигнала: ") + ", ".join(
        _("{name} от {opened:%d.%m.%Y}").format(name=r.name, opened=r.opened) for r in each(rows)
    )
    picture(drawing(open_cases_timeline, rows, looked.day), "calendar", says, table)


def _still(looked: Looked) -> None:
    # Kept apart from the box: Streamlit forgets what a box that is not drawn says.
    st.session_state[_KEPT] = st.number_input(
        _("Без действие от толкова или повече дни"), 1, 365, looked.quiet_days, key="days", width=300
    )
    left, right = st.columns(2, gap="large")
    for column, still, of_steps in (
        (left, looked.figure("cases_quiet", days=looked.quiet_days), partial(quiet, days=looked.quiet_days)),
        (right, looked.figure("cases_never_contacted"), never_contacted),
    ):
        with column:
            html.part(still.metric.name, _("{n} в работа").format(n=out_of(still.n, still.d, "случай")))
            if not looked.is_inside or not still.n:
                continue
            rows = [
                (r.number, r.municipality, date_words(r.opened_on), date_words(r.last_action), number(r.quiet_days))
                for r in each(of_steps(looked.steps))
            ]
            captions = ["№", _("Община"), _("Сигнал"), _("Последно действие"), _("Дни без действие")]
            html.show(html.table(captions, rows, numbers=[4]))


def _promised(looked: Looked) -> None:
    """What the centre said it would do, measured: a study before each visit, a round with each check of a director."""
    view = looked.view
    left, right = st.columns(2, gap="large")
    with left:
        kept = looked.figure("visits_after_study")
        html.part(
            _("Посещение след проучване"),
            _kept(kept.n, kept.d, "посещение", (_("е след проучване на случая"), _("са след проучване на случая"))),
        )
        if looked.is_inside and len(rows := _unstudied(looked)):
            looked.saw(rows["number"])
            none = pd.DataFrame(columns=["entry_id"])
            listed = [
                (r.number, r.municipality, date_words(r.date), origin(looked, r.slice_id, r.line, r.entry_id, none))
                for r in each(rows)
            ]
            html.show(html.table(["№", _("Община"), _("Посещение без проучване"), _("Откъде е")], listed))
    with right:
        kept = looked.figure("director_checks_with_round")
        html.part(
            _("Проверка с обход"),
            _kept(
                kept.n,
                kept.d,
                "проверка",
                (_("на директора е съпроводена с обход"), _("на директора са съпроводени с обход")),
            ),
        )
        rows = inside(checks_without_round(looked.store, view.period, looked.known_at, view.day), view.scope)
        if looked.is_inside and len(rows):
            listed = [
                (
                    r.number,
                    view.name_of(r.school),
                    date_words(r.date),
                    _("казано е „не“") if not pd.isna(r.said) else _("не е казано"),
                )
                for r in each(rows)
            ]
            html.show(html.table([_("Проверка №"), _("Училище"), _("Дата"), _("Обход")], listed))


def _unstudied(looked: Looked) -> pd.DataFrame:
    view = looked.view
    rows = visits_without_study(looked.store, looked.viewer, view.period, looked.known_at, view.day)
    return inside(rows, view.scope)


def _kept(n: float | None, d: float | None, what: str, words_: tuple[str, str]) -> str:
    if n is None or not d:
        return _("няма данни за периода")
    return f"{out_of(n, d, what)} {words_[n != 1]}"
