"""Which schools were checked in a period and which were not, how often, of what, and when."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from obhvat.inspections.checks import KINDS, checks, kept, of_period, schools_of
from obhvat.inspections.findings import UNDONE, findings
from obhvat.language import N_, _
from obhvat.periods import Period, month_of, next_month
from obhvat.scope import Scope, names_of
from obhvat.scope.days import last_day
from obhvat.store import Store
from obhvat.texts import counted, day, listed

TIMES = {
    "0": N_("нито веднъж"),
    "1": N_("веднъж"),
    "2": N_("два пъти"),
    "3": N_("три пъти"),
    "4": N_("четири пъти и повече"),
}
"""How often a school was checked, the last and oftener."""


def coverage(store: Store, period: Period, scope: Scope, until: date | None = None) -> pd.DataFrame:
    """One row a school that had to be checked: every school of the register that was open on any day of the period;
    with `until`, only checks up to that day.

    Columns code, name, municipality, settlement, kind; n_checks in the period, of them n_attendance, n_diary,
    n_director, and without_round of the director's; first_check, last_check in the period, last_ever (the last one ever
    known up to the period's end, or to the moment); opened_in_period, closed_in_period (dates or NaT); months (a dict
    of first days of months → checks). Rows with a check are the figure „Проверени училища“, sums of n_checks the figure
    „Проверки“; whether anyone sent checks at all is the figures' to say. The frame is shared: do not change it.
    """
    return kept(store, scope, ("coverage", period, until), lambda: _covered(store, period, scope, until))


def _covered(store: Store, period: Period, scope: Scope, until: date | None) -> pd.DataFrame:
    schools, last = schools_of(store, period, scope), last_day(period, scope.moment, until)
    all_checks = checks(store, scope.moment)
    made = of_period(all_checks, schools, period.first, last)
    rows = schools.drop(columns=["opened_on", "closed_on"])
    rows["n_checks"] = _number(rows["code"], made["school"])
    for kind in KINDS:
        rows[f"n_{kind}"] = _number(rows["code"], made.loc[made["kind"] == kind, "school"])
    alone = (made["kind"] == "director") & ~made["with_round"]
    rows["without_round"] = _number(rows["code"], made.loc[alone, "school"])
    dates = made.groupby("school")["date"]
    ever = all_checks[all_checks["date"] <= pd.Timestamp(last)].groupby("school")["date"]
    for column, by_school in (("first_check", dates.min()), ("last_check", dates.max()), ("last_ever", ever.max())):
        rows[column] = by_school.reindex(rows["code"]).to_numpy("datetime64[us]")
    rows["opened_in_period"] = schools["opened_on"].where(schools["opened_on"] > pd.Timestamp(period.first))
    rows["closed_in_period"] = schools["closed_on"].where(schools["closed_on"] <= pd.Timestamp(last))
    months: dict[str, dict[date, int]] = {}
    for code, on in zip(made["school"], made["date"], strict=True):
        of_school, month = months.setdefault(code, {}), month_of(on.date())
        of_school[month] = of_school.get(month, 0) + 1
    rows["months"] = [months.get(code, {}) for code in rows["code"]]
    return rows


def _number(codes: pd.Series, of_checks: pd.Series) -> pd.Series:
    return codes.map(of_checks.value_counts()).fillna(0).astype(int)


def calendar_months(period: Period, until: date | None = None) -> list[date]:
    """The months dated events of a period fall in."""
    months, last = [month_of(period.first)], min(period.last, until or period.last)
    while next_month(months[-1]) <= last:
        months.append(next_month(months[-1]))
    return months


def missing(rows: pd.DataFrame) -> pd.DataFrame:
    """The schools without a check in the period, those longest unchecked first; never checked is longest."""
    unchecked = rows[rows["n_checks"] == 0]
    return unchecked.sort_values(["last_ever", "code"], na_position="first", ignore_index=True)


def changes_sentence(rows: pd.DataFrame) -> str:
    """Which schools opened or closed in the period and how they are counted; empty when none did."""
    parts, names_of_schools = [], names_of(rows)
    for column, singular, plural in (
        ("opened_in_period", _("открито"), _("открити")),
        ("closed_in_period", _("закрито"), _("закрити")),
    ):
        changed = rows.loc[rows[column].notna(), ["code", column, "n_checks"]]
        if changed.empty:
            continue
        names = listed(
            _changed(names_of_schools[code], *when) for code, *when in changed.itertuples(index=False, name=None)
        )
        verb = (
            _("е {singular}").format(singular=singular) if len(changed) == 1 else _("са {plural}").format(plural=plural)
        )
        parts.append(f"{verb} {counted(len(changed), 'училище')}: {names}")
    if not parts:
        return ""
    return _(
        "През периода {join}. Брои се всяко училище, действало поне един ден от периода, при сливане – и "
        "двете; проверките остават на училището, в което са направени."
    ).format(join="; ".join(parts))


def _changed(name: str, on: pd.Timestamp, n_checks: int) -> str:
    return _("{name} от {on} ({part})").format(
        name=name, on=day(on), part=counted(n_checks, "проверка") if n_checks else _("без проверка")
    )


def matrix(store: Store, period: Period, scope: Scope, until: date | None = None) -> pd.DataFrame:
    """Schools by months: code, name, municipality, month, n (checks), kinds (letters of KINDS, „П Д“, in the order of
    the checks), finding (whether one of them left a finding that is still undone), text (what each was and found).

    A month without a check has n = 0; a month in which the school was not open, and one not begun yet, has no row.
    The frame is shared: do not change it.
    """
    return kept(store, scope, ("matrix", period, until), lambda: _matrix(store, period, scope, until))


def _matrix(store: Store, period: Period, scope: Scope, until: date | None) -> pd.DataFrame:
    schools, last = schools_of(store, period, scope), last_day(period, scope.moment, until)
    made = of_period(checks(store, scope.moment), schools, period.first, last)
    key = ["school", "number", "date"]
    made = made.merge(findings(store, period, scope, last)[[*key, "state"]], on=key, how="left")
    cells: dict[tuple[str, date], list[dict[Hashable, Any]]] = {}
    for check in made.to_dict("records"):
        cells.setdefault((check["school"], month_of(check["date"].date())), []).append(check)
    rows = []
    for school in schools.to_dict("records"):
        opened, closed = school["opened_on"], school["closed_on"]
        for month in calendar_months(period, last):
            is_open = not (opened >= pd.Timestamp(next_month(month)) or closed <= pd.Timestamp(month))
            cell = cells.get((school["code"], month), [])
            if cell or is_open:
                rows.append((school["code"], school["name"], school["municipality"], month, *_cell(cell)))
    return pd.DataFrame(rows, columns=["code", "name", "municipality", "month", "n", "kinds", "finding", "text"])


def _cell(made: list[dict[Hashable, Any]]) -> tuple[int, str, bool, str]:
    """What a cell of the matrix says of its checks: how many, their letters, whether anything is undone, words."""
    parts = []
    for check in made:
        what = f"{check['date']:%d.%m} {_(KINDS[check['kind']][0])} (№ {check['number']})"
        finding = check["finding"] or check["recommendation"]
        undone = _(", още не е изпълнено") if check["state"] in UNDONE else ""
        parts.append(f"{what}: {finding}{undone}" if finding else what)
    letters = " ".join(_(KINDS[check["kind"]][1]) for check in made)
    return len(made), letters, any(check["state"] in UNDONE for check in made), "; ".join(parts)


def cumulative(store: Store, period: Period, scope: Scope) -> pd.DataFrame:
    """How many different schools were checked by each day: date, n; from the period's first day to the last known."""
    firsts = coverage(store, period, scope)["first_check"].dropna().value_counts().sort_index()
    ends = pd.DatetimeIndex([period.first, max(period.first, last_day(period, scope.moment))])
    days = firsts.index.union(ends)
    return pd.DataFrame({"date": days, "n": firsts.reindex(days, fill_value=0).cumsum().to_numpy(np.int64)})
