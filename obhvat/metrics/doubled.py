"""Hours that may stand twice: absences that looked doubled, in two subgroups, and were confirmed by a person.

They are in every figure that counts their month, and the mark stays beside it until a corrected file comes.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from obhvat.language import N_, _
from obhvat.metrics.metric import Metric
from obhvat.periods import Period, month_name, school_year_of_month
from obhvat.resources import read_sql
from obhvat.scope import INSTITUTIONS, Scope, Window, asked, inside, names_of, open_institutions
from obhvat.store import Store
from obhvat.texts import counted, day

_MOST = 3
_FILES = read_sql("metrics/sql/doubled_files.sql")
_ABOUT = ["municipality", "school", "name", "settlement", "level"]
NOTHING_DOUBLED = pd.DataFrame(columns=["municipality", "school"])


def doubled_files(store: Store, period: Period, scope: Scope = Scope()) -> pd.DataFrame:
    """One row an institution's month that was confirmed though it looked doubled: municipality, school, name,
    settlement, level, month, confirmed_by, confirmed_on."""
    window = Window(period, scope.moment)
    return inside(_doubled(store, window, window.months[0]), scope)


def doubled_in(store: Store, metric: Metric, window: Window, known_months: tuple[date, ...]) -> pd.DataFrame:
    """The same of the months that a figure of absences of the oblast counts; empty for others."""
    if not known_months or not metric.counts_absences or _ever(store, window).empty:
        return NOTHING_DOUBLED
    newest = known_months[-1]
    since = newest if metric.period == "last_month" else known_months[0]
    if metric.rule and metric.rule.period != "month":
        year = school_year_of_month(newest)
        is_second_term = metric.rule.period == "term" and 2 <= newest.month <= 8
        since = date(year + 1, 2, 1) if is_second_term else date(year, 9, 1)
    rows = _doubled(store, window, since)
    level = "kindergarten" if metric.grain == "kindergarten" else "school"
    return rows[(rows["level"] == level) & (rows["month"] <= pd.Timestamp(newest))]


def _ever(store: Store, window: Window) -> pd.DataFrame:
    return asked(store, _FILES, {"known_at": window.known_at})


def _doubled(store: Store, window: Window, since: date) -> pd.DataFrame:
    every = _ever(store, window)
    first, last = pd.Timestamp(since), pd.Timestamp(window.months[-1])

    def answer() -> pd.DataFrame:
        files = every[every["month"].between(first, last)]
        about = open_institutions(store, window).rename(columns={"code": "school"})
        rows = about[_ABOUT].merge(files, on="school")
        return rows.sort_values(["month", "municipality", "name", "school"], ignore_index=True)

    question = ("doubled", window.first, window.last, first, last)
    return store.kept_of_data(question, window.known_at, answer, daily=False, reads=(_FILES, INSTITUTIONS))


def doubled_words(rows: pd.DataFrame, unit: str = N_("часове"), *, named: bool = True) -> str:
    """„в това число удвоени часове по потвърждение на Иванова от 05.02.2024 г.: ОУ „Второ“, октомври“; without names
    for whom they are not. Empty without rows."""
    if rows.empty:
        return ""
    if not named:
        return _("в това число потвърдени удвоени {unit}: {rows}").format(unit=_(unit), rows=counted(len(rows), "файл"))
    files: dict[tuple[str, date], list[str]] = {}
    names_of_schools = names_of(rows.rename(columns={"school": "code"}))
    about = rows[["confirmed_by", "confirmed_on", "school", "month"]]
    for who, on, school, month in about.itertuples(index=False, name=None):
        files.setdefault((who, on), []).append(f"{names_of_schools[school]}, {month_name(month.month)}")
    confirmed = []
    for (who, on), names in files.items():
        more = [_("и още {names}").format(names=len(names) - _MOST)] if len(names) > _MOST else []
        confirmed.append(
            _("по потвърждение на {who} от {on}: {join}").format(
                who=who, on=day(on), join="; ".join(names[:_MOST] + more)
            )
        )
    return _("в това число удвоени {unit} {join}").format(unit=unit, join="; ".join(confirmed))
