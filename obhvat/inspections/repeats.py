"""Whether a school was checked again for a reason: a finding, its risk, or neither."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd

from obhvat.indicators.suspicious import WHAT
from obhvat.inspections.checks import checks, kept, of_period, schools_of
from obhvat.inspections.risk import MonthRisk, month_risk
from obhvat.language import N_, _
from obhvat.periods import Period, month_label, month_of
from obhvat.scope import Scope
from obhvat.scope.days import last_day
from obhvat.store import Store
from obhvat.texts import day, listed

WHY = {
    "finding": N_("заради констатация"),
    "risk": N_("заради риск"),
    "neither": N_("без видимо основание"),
}
_ABOUT = ("school", "name", "municipality", "number", "date", "kind")


def repeats(store: Store, period: Period, scope: Scope, until: date | None = None) -> pd.DataFrame:
    """One row a repeated check of the period, oldest first: every check of a school after its first in the period, and
    a first one that says which check it repeats; with `until`, only checks up to that day.

    Columns school, name, municipality, number, date, kind; previous_number, previous_date (the check it says it repeats
    if that is known, else the school's check before it; missing when neither is known); why (a key of WHY), words (a
    sentence). The reason is a finding when the previous check found or recommended something that was not closed
    before this one. It is risk when in the month before this one the school's share of pupils over the monthly
    threshold was above the oblast's, or its records were suspicious (obhvat/indicators/suspicious.py). A school that
    sent nothing for that month has no such share. The frame is shared: do not change it.
    """
    return kept(store, scope, ("repeats", period, until), lambda: _found(store, period, scope, until))


def _found(store: Store, period: Period, scope: Scope, until: date | None) -> pd.DataFrame:
    schools, last = schools_of(store, period, scope), last_day(period, scope.moment, until)
    all_checks = checks(store, scope.moment)
    made = of_period(all_checks, schools, period.first, last)
    again = made[made.duplicated("school") | (made["repeat_of"] != "")]
    of_school: dict[str, list[dict[Hashable, Any]]] = {}
    for check in all_checks[all_checks["school"].isin(again["school"])].to_dict("records"):
        of_school.setdefault(check["school"], []).append(check)
    risk_of = cache(lambda month: month_risk(store, month, scope.moment))
    rows = []
    for check in again.to_dict("records"):
        previous = _previous(check, of_school[check["school"]])
        left = _undone(check, previous)
        if left:
            why, words = "finding", left
        else:
            before = month_of(month_of(check["date"].date()) - timedelta(days=1))
            why, words = _by_risk(check["school"], previous, risk_of(before))
        about = (*(check[column] for column in _ABOUT), previous.get("number", ""), previous.get("date", pd.NaT))
        rows.append((*about, why, words))
    frame = pd.DataFrame(rows, columns=[*_ABOUT, "previous_number", "previous_date", "why", "words"])
    return frame.astype(dict.fromkeys(("date", "previous_date"), "datetime64[us]"))


def _previous(check: Mapping[Hashable, Any], of_school: list[dict[Hashable, Any]]) -> Mapping[Hashable, Any]:
    """The check that a check repeats; empty when it is not known. `of_school` are all of the school's, oldest first."""
    key = (check["slice_id"], check["line"])
    place = next(n for n, other in enumerate(of_school) if (other["slice_id"], other["line"]) == key)
    before = of_school[:place]
    named = [other for other in before if other["number"] == check["repeat_of"]]
    return (named or before or [{}])[-1]


def _said(previous: Mapping[Hashable, Any]) -> str:
    return (
        _("Предишната проверка ({date})").format(date=day(previous["date"])) if previous else _("Предишната проверка")
    )


def _undone(check: Mapping[Hashable, Any], previous: Mapping[Hashable, Any]) -> str:
    """What the previous check left to be done, in a sentence; empty when nothing, or when it was closed before."""
    left = previous and (previous["finding"] or previous["recommendation"])
    if not left or previous["closed_on"] < check["date"]:
        return ""
    due = "" if pd.isna(previous["due"]) else _(" (срок {due})").format(due=day(previous["due"]))
    return _("{said} остави нещо за изпълнение, което до тази не е закрито: {left}{due}.").format(
        said=_said(previous), left=left, due=due
    )


def _by_risk(school: str, previous: Mapping[Hashable, Any], risk: MonthRisk) -> tuple[str, str]:
    head = f"{_said(previous)} {_('не остави неизпълнена препоръка') if previous else _('не е известна')}"
    month, share = month_label(risk.month), risk.shares.get(school)
    signs = []
    if share is not None and risk.oblast is not None and share > risk.oblast:
        signs.append(_("делът на учениците над месечния праг беше над областния"))
    suspected = [_(words) for what, words in WHAT.items() if what in risk.suspicious.get(school, ())]
    if suspected:
        signs.append(_("записите бяха съмнителни ({suspected})").format(suspected=listed(suspected).lower()))
    if signs:
        return "risk", _("{head}, но за {month} {signs}.").format(head=head, month=month, signs=listed(signs))
    if share is None:
        return "neither", _("{head}, а за {month} няма данни, от които да се види риск.").format(head=head, month=month)
    return "neither", _("{head} и за {month} училището не се отличава с риск.").format(head=head, month=month)
