"""Records that look too good, too different or counted twice: reasons for an inspection, never a verdict.

Checks in real schools found teachers who do not write absences down (domain.md §3.3), so no absences at all is the
first of them; the doubling of subgroups is the national guide's own warning (domain.md §4.1).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd

from obhvat.periods import next_month, school_year_of_month
from obhvat.resources import read_sql
from obhvat.store import Store
from obhvat.texts import counted, number, trimmed

_DOUBLE, _HALF = 2.0, 0.5
_FEW_HOURS, _FEW_PUPILS = 30, 20

WHAT = {
    "zeros": "Нито едно неизвинено отсъствие",
    "doubled": "Двойно повече от обичайното",
    "halved": "Наполовина от обичайното",
    "subgroups": "Удвоени подгрупи",
    "one_day": "Няколко месеца, подадени в един ден",
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
    return store.kept_of_data(("suspicious", month), known_at, lambda: store.read(sql, bound))


def reason(what: str, amount: float, usual: float | None, about: str) -> str:
    """One reason as a sentence."""
    if what == "zeros":
        return (
            f"{counted(int(amount), 'месец')} без нито един неизвинен час при {counted(int(usual or 0), 'ученик')} "
            "в списъка: вероятно не се нанасят"
        )
    if what in ("doubled", "halved"):
        return f"{trimmed(amount)} неизвинени часа за месеца при обичайни {trimmed(usual or 0)} от началото на годината"
    if what == "subgroups":
        pupils = counted(int(usual or 0), "ученик")
        return f"в паралелка {about} {number(amount)} от {pupils} стоят два пъти с еднакви часове"
    return f"отсъствията за {counted(int(amount), 'месец')} са подадени на {about} г."
