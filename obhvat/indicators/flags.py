"""From measures to flags: which rules a child is over, how many points that makes, and each rule's sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from obhvat.indicators import Rule
from obhvat.language import N_, _
from obhvat.periods import month_name
from obhvat.texts import noun, trimmed

PLACES = ("municipality", "school", "class_name")
_ABOUT = ["school", "pupil", "unit", "municipality", "grade", "class_name"]
# What is missing of most children is not unknown: they did not move.
_COUNTED_FROM = {"after_move": "year_unexcused"}


def of_rule(measured: pd.DataFrame, rule: Rule) -> pd.Series:
    """Whether a rule sees a row at all: hours are of pupils in classes, days of children in preschool groups."""
    return measured["unit"].eq(rule.of_unit) if rule.of_unit else pd.Series(True, index=measured.index)


def is_known(measured: pd.DataFrame, rule: Rule) -> pd.Series:
    """Of which rows it can be said whether they are over a rule's threshold: the N of its shares.

    Of absences it is who is on the lists, as in every other figure; who left may still be over the threshold.
    """
    if rule.period in ("now", "ever"):
        can_be_said = measured["is_listed"] | measured[rule.measure].notna()
    else:
        can_be_said = measured[_COUNTED_FROM.get(rule.measure, rule.measure)].notna()
        if rule.reads == "absences":
            can_be_said &= measured["is_listed"]
    return of_rule(measured, rule) & can_be_said


def is_unlisted(measured: pd.DataFrame, rule: Rule) -> pd.Series:
    """Which rows are measured at an institution that sent no list, where it can be said only of those on a list: of how
    many nobody knows."""
    if rule.reads != "absences" and rule.period not in ("now", "ever"):
        return pd.Series(False, index=measured.index)
    return of_rule(measured, rule) & measured[rule.measure].notna() & ~measured["has_list"]


def is_over(measured: pd.DataFrame, rule: Rule) -> pd.Series:
    """Which rows are over a rule's threshold; a missing measure is not."""
    return of_rule(measured, rule) & rule.holds(measured[rule.measure]).fillna(False).astype(bool)


def flagged(measured: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """One row for each of `measured`: school, pupil, unit, municipality, grade, class_name, a boolean column a rule,
    `n_rules`, and `score`, the points of the rules it is over."""
    over = {rule.id: is_over(measured, rule) for rule in rules}
    score = np.zeros(len(measured))
    n_rules = np.zeros(len(measured), int)
    for rule in rules:
        score += rule.points * over[rule.id].to_numpy(float)
        n_rules += over[rule.id].to_numpy(int) * (rule.points > 0)
    return measured[_ABOUT].assign(**over, n_rules=n_rules, score=score)


def by_place(measured: pd.DataFrame, rule: Rule, place: str) -> pd.DataFrame:
    """How many are over a rule in every place: columns `place` (one of PLACES), n, d (of how many it is known),
    average (of the measure, over d). Sums of n and d are the whole's.

    A place of which nothing is known has null n; one where a list is missing null d.
    """
    # Asked of every table and picture of a page: numpy counts ten thousand children in the time a grouping begins in.
    is_seen = of_rule(measured, rule).to_numpy(bool)
    codes, names = pd.factorize(measured[place][is_seen], sort=True)
    is_placed = codes >= 0

    def of_places(column: pd.Series) -> np.ndarray:
        values = column.to_numpy(float, na_value=np.nan)[is_seen]
        return np.bincount(codes[is_placed], np.nan_to_num(values)[is_placed], minlength=len(names))

    n, d, unlisted = (of_places(which(measured, rule)) for which in (is_over, is_known, is_unlisted))
    amount, said = of_places(measured[rule.measure]), of_places(measured[rule.measure].notna())
    n, d = np.where((d > 0) | (unlisted > 0), n, np.nan), np.where(unlisted > 0, np.nan, d)
    average = np.where(said > 0, amount, np.nan) / np.where(d > 0, d, np.nan)
    return pd.DataFrame({place: names, "n": n, "d": d, "average": average})


def whole(measured: pd.DataFrame, rule: Rule) -> tuple[int | None, int | None]:
    """How many are over a rule, None when it is known of nobody; of how many, None when a list is missing."""
    n_known, is_lacking = int(is_known(measured, rule).sum()), bool(is_unlisted(measured, rule).any())
    n = int(is_over(measured, rule).sum()) if n_known or is_lacking else None
    return n, None if is_lacking else n_known


def sentence(rule: Rule, row: Any, month: date) -> str:
    """What a rule says of a child: value, threshold and period. `row` is a row of `measures`."""
    value = row[rule.measure]
    return rule.sentence.format(
        value=f"{value:.2f}".replace(".", ",") if rule.unit == "mark" else trimmed(value),
        **_counted(value, rule.unit),
        threshold=f"„{rule.words}“",
        month=_("{month_name} {year} г.").format(month_name=month_name(month.month), year=month.year),
        absent=_amount(row.get("absent")),
        possible=_amount(row.get("possible")),
        subject=row.get("subject") or _("предмет"),
        list_before=_day(row.get("list_before")),
        list_now=_day(row.get("list_now")),
    )


_THRESHOLD = N_(" при праг {threshold}")


def reason(rule: Rule, row: Any, month: date) -> str:
    """The same without the threshold, for where that is said once above many rows."""
    short = rule.sentence.removesuffix(_(_THRESHOLD)).removesuffix(",")
    return sentence(replace(rule, sentence=short), row, month)


def _counted(value: float, unit: str) -> dict[str, str]:
    """An amount with each noun that a rule's sentence may count."""
    unexcused = "неизвинен ден" if unit == "days" else "неизвинен час"
    nouns = {"unexcused": unexcused, "hours": "час", "years": "година", "subjects": "предмет"}
    return {name: f"{trimmed(value)} {noun(value, single)}" for name, single in nouns.items()}


def _amount(value: Any) -> str:
    return "–" if value is None or pd.isna(value) else trimmed(float(value))


def _day(value: Any) -> str:
    return "–" if value is None or pd.isna(value) else f"{value:%d.%m.%Y}"


# Who owes the next step to a child over a threshold.
NO_CASE, NO_STEP, OLD_STEP = "school", "team", "case"
OWES = {
    NO_CASE: N_("Училището: няма случай в регистъра"),
    NO_STEP: N_("Екипът за обхват: има случай без нито едно действие"),
    OLD_STEP: N_("Екипът за обхват: от последното действие мина много време"),
}


def nobody_acted(measured: pd.DataFrame, over: pd.Series, today: date, days: int) -> pd.DataFrame:
    """Of the rows that are over, those for whom nobody did anything in the last `days`: with `owes` (a key of OWES) and
    `since`, the days since the last step, or null."""
    rows = measured[over].copy()
    last = pd.to_datetime(rows["last_action"])
    since = (pd.Timestamp(today) - last).dt.days
    rows["since"] = since
    has_case = rows["case_number"].notna()
    rows["owes"] = np.select([~has_case, last.isna()], [NO_CASE, NO_STEP], OLD_STEP)
    return rows[~has_case | last.isna() | (since > days)]


def bands(measured: pd.DataFrame, measure: str, edges: Sequence[float]) -> pd.DataFrame:
    """How many pupils of classes have so many hours: half-open bands from each edge to the next, the last without an
    end: columns low, high, n. Below the first edge nobody is counted."""
    values = measured.loc[measured["unit"] == "hours", measure].dropna()
    highs: Iterable[float] = [*edges[1:], np.inf]
    rows = [(low, high, int(((values >= low) & (values < high)).sum())) for low, high in zip(edges, highs, strict=True)]
    return pd.DataFrame(rows, columns=["low", "high", "n"])


SCHOOL_BANDS = (5.0, 10.0, 15.0)
"""School practice since the start of term: the steps of school rulebooks, not of the act (domain.md §2.4)."""
BURGAS_BANDS = (5.0, 15.0, 30.0, 50.0, 100.0)
"""Monthly hours by which the municipality of Burgas fines parents (domain.md §2.5); its bands overlap at their ends,
here each begins with its lower one."""


def month_before(month: date) -> date:
    """The month with lessons before a month."""
    before = (month - timedelta(days=1)).replace(day=1)
    return before.replace(month=6) if before.month in (7, 8) else before
