"""Pupils counted in class against the diary: how many who were absent the diary does not have as absent."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from obhvat.indicators.statistics import wilson
from obhvat.inspections.checks import checks, kept, of_period, schools_of
from obhvat.inspections.risk import month_risk, silent_schools
from obhvat.language import _
from obhvat.periods import Period, month_label
from obhvat.resources import read_toml
from obhvat.scope import Scope
from obhvat.scope.days import last_day, newest_month
from obhvat.store import Store
from obhvat.texts import counted, listed, number


def _limits() -> dict[str, float]:
    return read_toml("inspections/diary.toml")


def diary_gap(store: Store, period: Period, scope: Scope, until: date | None = None) -> pd.DataFrame:
    """One row a school whose pupils were counted in the period (with `until`, by that day), those that leave most out
    first.

    Columns school, name, municipality; n_checks with a count, and n_faulty more, whose figures cannot be (more present,
    or more absent by the diary, than enrolled) and which are left out; enrolled, present, absent_recorded (sums);
    gap = (enrolled − present) − absent_recorded, in pupils; per_100 enrolled, with low and high: the 95 % interval of
    Wilson of the gap as a share of the enrolled, turned around for a gap below zero; flagged (see diary.toml);
    zero_suspicious (no unexcused hour since September) and not_submitted (absences of the newest month), as far as is
    known; sentence, which holds numbers of pupils: for the internal audience. A school with only faulty figures has
    no gap. The frame is shared: do not change it.
    """
    return kept(store, scope, ("diary gaps", period, until), lambda: _found(store, period, scope, until))


def _found(store: Store, period: Period, scope: Scope, until: date | None) -> pd.DataFrame:
    schools, last = schools_of(store, period, scope), last_day(period, scope.moment, until)
    rows = gaps(of_period(checks(store, scope.moment), schools, period.first, last))
    rows = rows.merge(schools[["code", "name", "municipality"]], left_on="school", right_on="code").drop(columns="code")
    month = newest_month(store, last, scope.moment)
    risk = month_risk(store, month, scope.moment) if month else None
    silent = silent_schools(store, month, scope.moment) if month else frozenset()
    rows["zero_suspicious"] = [risk is not None and risk.has_only_zeros(code) for code in rows["school"]]
    rows["not_submitted"] = rows["school"].isin(silent)
    rows["sentence"] = [_sentence(row, month) for row in rows.to_dict("records")]
    first = ["school", "name", "municipality"]
    rows = rows[[*first, *(c for c in rows if c not in first)]]
    return rows.sort_values(["per_100", "school"], ascending=[False, True], ignore_index=True)


def gaps(made: pd.DataFrame) -> pd.DataFrame:
    """The figures of `diary_gap` of these checks by school, without names and without what absences say."""
    complete = made[made[["enrolled", "present", "absent_recorded"]].notna().all(axis=1)]
    faulty = (complete["present"] > complete["enrolled"]) | (complete["absent_recorded"] > complete["enrolled"])
    of_school = complete.assign(is_faulty=faulty).groupby("school", as_index=False)
    rows = of_school.agg(n_checks=("number", "size"), n_faulty=("is_faulty", "sum"))
    rows["n_checks"] -= rows["n_faulty"]
    sums = complete[~faulty].groupby("school")[["enrolled", "present", "absent_recorded"]].sum().astype(int)
    rows = rows.merge(sums.reset_index(), on="school", how="left")
    rows["gap"] = (rows["enrolled"] - rows["present"]) - rows["absent_recorded"]
    rows["per_100"] = 100 * rows["gap"] / rows["enrolled"].where(rows["enrolled"] > 0)
    intervals = [_interval(*row) for row in rows[["gap", "enrolled"]].itertuples(index=False, name=None)]
    rows["low"] = pd.Series([low for low, _unused in intervals], dtype=float)
    rows["high"] = pd.Series([high for _unused, high in intervals], dtype=float)
    limits = _limits()
    rows["flagged"] = (rows["gap"] >= limits["minimum_pupils"]) & (rows["low"] > limits["minimum_per_100"])
    return rows


def _interval(gap: float, enrolled: float) -> tuple[float, float]:
    """The 95 % interval of a gap, per 100 enrolled; no numbers when nobody was."""
    interval = wilson(int(abs(gap)), int(enrolled)) if enrolled > 0 else None
    if interval is None:
        return float("nan"), float("nan")
    low, high = (100 * limit for limit in interval)
    if gap == 0:
        return -high, high
    return (low, high) if gap > 0 else (-high, -low)


def _sentence(row: Mapping[Hashable, Any], month: date | None) -> str:
    also = []
    if row["zero_suspicious"]:
        also.append(_("от началото на годината училището няма нито един неизвинен час"))
    if month and row["not_submitted"]:
        also.append(_("отсъствията за {month_label} не са подадени").format(month_label=month_label(month)))
    faulty = ""
    if row["n_faulty"]:
        faulty = _("Невъзможните числа от {n_faulty} са пропуснати.").format(
            n_faulty=counted(row["n_faulty"], "проверка")
        )
    sentence = f"{_counted(row)}{f'; {listed(also)}' if also else ''}." if row["n_checks"] else ""
    return f"{sentence} {faulty}".strip()


def _counted(row: Mapping[Hashable, Any]) -> str:
    gap, absent = int(row["gap"]), int(row["enrolled"] - row["present"])
    checked = _("При {n_checks} преброените отсъстващи са {absent}").format(
        n_checks=counted(row["n_checks"], "проверка"), absent=number(absent)
    )
    if gap == 0:
        return _("{checked}, колкото и по дневник").format(checked=checked)
    by_diary = _("{checked}, а по дневник са {absent_recorded}").format(
        checked=checked, absent_recorded=number(row["absent_recorded"])
    )
    if gap < 0:
        return _("{by_diary}: с {gap} повече").format(by_diary=by_diary, gap=number(-gap))
    between = _("на 100 в списъка {per_100}, между {low} и {high}").format(
        per_100=number(row["per_100"], 1), low=number(row["low"], 1), high=number(row["high"], 1)
    )
    judged = "" if row["flagged"] else _("; може да е от самото броене")
    return f"{by_diary}: {number(gap)} {_('не е вписан') if gap == 1 else _('не са вписани')} ({between}){judged}"
