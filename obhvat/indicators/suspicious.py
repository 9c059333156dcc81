"""Records that look too good, too different or counted twice: reasons for an inspection, never a verdict.

Checks in real schools found teachers who do not write absences down (domain.md §3.3), so no absences at all is the
first of them; the doubling of subgroups is the national guide's own warning (domain.md §4.1).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd

from obhvat.language import N_, _
from obhvat.periods import next_month, school_year_of_month
from obhvat.resources import read_sql
from obhvat.store import Store
from obhvat.texts import counted, number, trimmed

_DOUBLE, _HALF = 2.0, 0.5
_FEW_HOURS, _FEW_PUPILS = 30, 20

WHAT = {
    "zeros": N_("Нито едно неизвинено отсъствие"),
    "doubled": N_("Двойно повече от обичайното"),
    "halved": N_("Наполовина от обичайното"),
    "subgroups": N_("Удвоени подгрупи"),
    "one_day": N_("Няколко месеца, подадени в един ден"),
}


def suspicious(store: Store, month: date, known_at: datetime) -> pd.DataFrame:
    """Reasons to look into schools' records as of a month: columns school, what (a key of WHAT), amount, usual,
    about. The frame is shared: do not change it."""
    bound = {
        "known_at": known_at,
        "month": month,
        "year_first": date(school_year_of_month(month), 9, 1),
        "last": next_month(month) - timedelta(days=1),
        "double": _DOUBLE,
        "half": _HALF,
        "few_hours": _FEW_HOURS,
        "few_pupils": _FEW_PUPILS,
    }
    sql = read_sql("indicators/sql/suspicious.sql")
    return store.kept_of_data(("suspicious", month), known_at, lambda: store.read(sql, bound), reads=(sql,))


def reason(what: str, amount: float, usual: float | None, about: str) -> str:
    """One reason as a sentence."""
    if what == "zeros":
        return _("{amount} без нито един неизвинен час при {usual} в списъка: вероятно не се нанасят").format(
            amount=counted(int(amount), "месец"), usual=counted(int(usual or 0), "ученик")
        )
    if what in ("doubled", "halved"):
        return _("{amount} неизвинени часа за месеца при обичайни {usual} от началото на годината").format(
            amount=trimmed(amount), usual=trimmed(usual or 0)
        )
    if what == "subgroups":
        pupils = counted(int(usual or 0), "ученик")
        return _("в паралелка {about} {amount} от {pupils} стоят два пъти с еднакви часове").format(
            about=about, amount=number(amount), pupils=pupils
        )
    return _("отсъствията за {amount} са подадени на {about} г.").format(
        amount=counted(int(amount), "месец"), about=about
    )
