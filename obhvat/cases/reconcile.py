"""How the cases add up: every case of a period stands in one part, and what is left over is shown with its rows.

The parts are the statuses of published reports (domain.md §1.5), „в чужбина“ by how sure it is. A line of a register
that was not accepted is a child, too: it is in the total, and in no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from obhvat.cases.register import as_of_day, cases, in_scope, of_period
from obhvat.datasets import dataset
from obhvat.datasets.captions import normal
from obhvat.ingest.checking.rejected import fault_reasons
from obhvat.metrics import CASE_PARTS, Scope, figure, metric
from obhvat.periods import Period, month_period, school_year_of, term_of
from obhvat.resources import read_sql
from obhvat.store import Store
from obhvat.texts import counted, listed, number

UNKNOWN, DIFFERENCE = "unknown", "difference"
SEVERAL = "няколко общини"
"""Where a line that was not accepted is counted when nobody can say whose it is."""

_GROUP_NAMES = {UNKNOWN: "Непознат статус", DIFFERENCE: "Разлика: неприети редове"}
# Key → group, name, the status and, where it matters, how sure it is; in the order they are read.
_PARTS: dict[str, tuple[str, str, str, str | None]] = {
    "first_time": ("returned", "Записани за първи път", "first_time", None),
    "after_dropout": ("returned", "Записани повторно след отпадане", "after_dropout", None),
    "from_abroad": ("returned", "Записани след завръщане от чужбина", "from_abroad", None),
    "reintegrated": ("returned", "Реинтегрирани", "reintegrated", None),
    "other_oblast": ("other_oblast", "В друга област", "other_oblast", None),
    "enrolled_elsewhere": ("other_oblast", "Записани в друга област", "enrolled_elsewhere", None),
    "abroad_document": ("abroad", "В чужбина, по документ", "abroad", "document"),
    "abroad_police": ("abroad", "В чужбина, потвърдено от МВР", "abroad", "police"),
    "abroad_word": ("abroad", "В чужбина, по сведения", "abroad", "word"),
    "abroad_unsaid": ("abroad", "В чужбина, без потвърждение", "abroad", ""),
    "not_found": ("not_found", "Неоткрити на адреса", "not_found", None),
    "no_information": ("not_found", "Няма информация", "no_information", None),
    "refused": ("refused", "Отказ на родителя", "refused", None),
    "aged_out": ("other", "Навършили 16 г.", "aged_out", None),
    "died": ("other", "Починали или хоспитализирани", "died", None),
    "in_work": ("in_work", "Подлежат на обхват (в работа)", "in_work", None),
    "unenrolled": ("in_work", "Незаписани", "unenrolled", None),
    UNKNOWN: (UNKNOWN, "С непознат статус", "", None),
}
_KEYS = {(status, sure): key for key, (_, _, status, sure) in _PARTS.items() if key != UNKNOWN}
# How many of what, read aloud: of one, and of several.
_ALOUD = {
    "returned": ("върнат", "върнати"),
    "other_oblast": ("в друга област",) * 2,
    "abroad": ("в чужбина",) * 2,
    "not_found": ("неоткрит", "неоткрити"),
    "refused": ("с отказ на родителя",) * 2,
    "other": ("с друг изход",) * 2,
    "in_work": ("в работа",) * 2,
    UNKNOWN: ("с непознат статус",) * 2,
    DIFFERENCE: ("на неприет ред", "на неприети редове"),
}
_LEFT_OUT = read_sql("cases/sql/left_out.sql")


@dataclass(frozen=True)
class Part:
    """A part of the whole and how many cases are in it."""

    key: str
    name: str
    group: str
    """The part of the shorter reconciliation it belongs to: a group of statuses, `unknown` or `difference`."""
    n: int


@dataclass(frozen=True)
class Accounts:
    """The cases of a period in a scope as they stood on a day. Parts and difference always add up to the total."""

    label: str
    day: date
    period: Period
    total: int
    parts: tuple[Part, ...]
    """All of them, those of nobody, too, in the order they are read."""
    left_out: pd.DataFrame
    """The rows behind the difference: file, line, why (a sentence, values masked), municipality (missing when a
    register of several municipalities does not say it)."""
    doubts: pd.DataFrame
    """What may have been counted twice, or was not: number (of the case, for inside only), words."""
    notes: tuple[str, ...] = ()
    """What was not counted in this scope, and why."""

    @property
    def difference(self) -> int:
        """How many of the total are in no part."""
        return self.total - sum(part.n for part in self.parts)

    def by_group(self) -> tuple[Part, ...]:
        """The shorter reconciliation: the parts of obhvat.metrics.reconciliation under the metrics' ids and names,
        then, where there are any, cases with a status we do not know, and the difference."""
        counts = dict.fromkeys(map(_group_of, CASE_PARTS), 0) | {UNKNOWN: 0}
        for part in self.parts:
            counts[part.group] += part.n
        known = [Part(key, metric(key).name, _group_of(key), counts[_group_of(key)]) for key in CASE_PARTS]
        rest = {UNKNOWN: counts[UNKNOWN], DIFFERENCE: self.difference}
        return (*known, *(Part(key, _GROUP_NAMES[key], key, n) for key, n in rest.items() if n))

    @property
    def sentence(self) -> str:
        """„22 случая: 3 върнати, 2 в друга област, 3 в чужбина и 14 в работа“."""
        said = [f"{number(part.n)} {_ALOUD[part.group][part.n != 1]}" for part in self.by_group() if part.n]
        return f"{counted(self.total, 'случай')}: {listed(said)}" if said else "Няма нито един случай"


def accounts(store: Store, period: Period, scope: Scope, until: date | None = None) -> Accounts | None:
    """How the cases of a period add up in the oblast, a municipality or a school; with `until`, as they stood that
    day. None when no register of cases was sent for the scope.

    The total is the figure „Случаи в регистъра“ and the lines that were not accepted. Such a line counts for the
    municipality in it, or of its file; if it says none and the file has several, only for the oblast. A line with the
    number of a case that is counted is no other child: it is a doubt.
    """
    if not figure(store, "cases_total", period, scope, until).has_data:
        return None
    day = as_of_day(store, period, scope.moment, until)
    all_rows = cases(store, day, scope.moment)
    rows = in_scope(of_period(all_rows, period), scope)
    every = left_out(store, day, scope.moment)
    rejected, notes = _of_scope(every[~every["is_known"]], scope)
    return Accounts(
        label=period.label,
        day=day,
        period=period,
        total=len(rows) + len(rejected),
        parts=parts_of(rows),
        left_out=rejected[["file", "line", "why", "municipality"]].reset_index(drop=True),
        doubts=_doubts(all_rows, every[every["is_known"]], scope),
        notes=notes,
    )


def parts_of(rows: pd.DataFrame) -> tuple[Part, ...]:
    """Every part and how many of the rows are in it: columns status, confidence. Each row is in exactly one."""
    counts = dict.fromkeys(_PARTS, 0)
    for status, sure in _said_ends(rows):
        counts[_key_of(status, sure)] += 1
    return tuple(Part(key, name, group, counts[key]) for key, (group, name, _, _) in _PARTS.items())


def three_moments(store: Store, period: Period, scope: Scope, meeting_day: date | None) -> list[Accounts]:
    """How it adds up now, at the previous meeting (in the period of the same kind that holds its day) and a year ago
    (as much of the same period as there is of this one). A moment that nobody sent a register for is left out."""
    today = scope.moment.date()
    year_ago = None if today >= period.last else today - timedelta(days=365)
    asked = [("сега", period, None), ("преди година", period.year_before, year_ago)]
    if meeting_day:
        asked.insert(1, ("предишно заседание", _period_like(period, meeting_day), meeting_day))
    found = [(label, accounts(store, of, scope, until)) for label, of, until in asked]
    return [replace(one, label=label) for label, one in found if one]


def by_municipality(store: Store, period: Period, scope: Scope, until: date | None = None) -> pd.DataFrame:
    """One row a municipality of the scope, by name: municipality, the parts of obhvat.metrics.reconciliation under
    their ids, unknown, difference, total. Rows add up to their total, columns to `accounts` of the scope.

    A municipality that no register is about has nothing in its row, not 0. Lines that were not accepted and name no
    municipality are the last row, `SEVERAL`, of nothing but the difference.
    """
    places = figure(store, "cases_total", period, scope, until).by("municipality")
    day = as_of_day(store, period, scope.moment, until)
    rows = in_scope(of_period(cases(store, day, scope.moment), period), scope)
    every = left_out(store, day, scope.moment)
    rejected, _ = _of_scope(every[~every["is_known"]], scope)
    lines = rejected["municipality"].fillna(SEVERAL).value_counts()
    groups = [_group_of(key) for key in CASE_PARTS]
    counts = pd.crosstab(rows["municipality"], [_PARTS[_key_of(*one)][0] for one in _said_ends(rows)])
    # The last one is SEVERAL, if it is there at all.
    names = [*places["municipality"], *(name for name in lines.index if name not in set(places["municipality"]))]
    frame = counts.reindex(index=names, columns=[*groups, UNKNOWN], fill_value=0).astype("Int64")
    frame[DIFFERENCE] = lines.reindex(names, fill_value=0).astype("Int64")
    frame["total"] = frame.sum(axis="columns")
    frame.loc[places.loc[~places["reports"], "municipality"]] = pd.NA
    frame.columns = [*CASE_PARTS, UNKNOWN, DIFFERENCE, "total"]
    return frame.rename_axis(index="municipality").reset_index()


def left_out(store: Store, day: date, known_at: datetime) -> pd.DataFrame:
    """The lines that the newest registers of cases on a day did not accept: file, line, why, municipality (missing
    when it is not known), number (of the case, if readable), is_known: whether a case or an earlier line has it.

    A line of a municipality that sent a newer register is left out: that register has said it again. The frame is
    shared between sessions: do not change it.
    """

    def answer() -> pd.DataFrame:
        numbers = {normal(one) for one in cases(store, day, known_at)["number"]}
        rows = []
        for file, line, captions, cells, faults, of_file, in_force in store.rows(
            _LEFT_OUT, {"known_at": known_at, "day": day}
        ):
            said = _said(captions, cells)
            place = _place(said.get("municipality", ""), of_file)
            if place and place not in in_force:
                continue
            case_number = said.get("number", "")
            known = bool(case_number) and normal(case_number) in numbers
            numbers.add(normal(case_number))
            rows.append((file, line, _why(faults), place, case_number or None, known))
        columns = ["file", "line", "why", "municipality", "number", "is_known"]
        return pd.DataFrame(rows, columns=columns).astype({"is_known": "bool"})

    return store.kept(("left out rows of cases", day), known_at, answer)


def _said(captions: Iterable[str], cells: Iterable[str]) -> dict[str, str]:
    """The number and the municipality that a line says, as far as its captions are those of our templates."""
    fields = [dataset("cases")[name] for name in ("number", "municipality")]
    by_caption = {normal(caption): cell for caption, cell in zip(captions, cells, strict=False) if cell}
    return {
        field.name: next((by_caption[s] for s in field.spellings if s in by_caption), "").strip() for field in fields
    }


def _place(said: str, of_file: list[str]) -> str | None:
    """The municipality of a line: the one it says, or else the only one of its file."""
    named = [place for place in of_file if normal(place) == normal(said)]
    return next(iter(named or (of_file if len(of_file) == 1 else [])), None)


def _why(faults: list[Mapping[str, Any]]) -> str:
    columns = ["line", "field", "rule", "value", "limit"]
    rows = pd.DataFrame([(0, *(one[name] for name in columns[1:])) for one in faults], columns=columns)
    return " ".join(fault_reasons(dataset("cases"), rows)["reason"])


def _of_scope(rejected: pd.DataFrame, scope: Scope) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The lines that count in a scope, and a sentence about those that may be of it and do not."""
    if not scope.municipality and not scope.school:
        return rejected, ()
    # A line that was not accepted has no school that anybody checked.
    mine = rejected[(rejected["municipality"] == scope.municipality) & (scope.school is None)]
    if scope.school:
        others = rejected[rejected["municipality"].isna() | (rejected["municipality"] == scope.municipality)]
        where = "за общината и областта" if scope.municipality else "за областта"
    else:
        others, where = rejected[rejected["municipality"].isna()], "за областта"
    if others.empty:
        return mine, ()
    n = len(others)
    verb = "се брои" if n == 1 else "се броят"
    reason = "не се знае за кое училище" if scope.school else "не се знае за коя община"
    return mine, (f"{_rows(n)} от регистъра {verb} само {where}: {reason} {'е' if n == 1 else 'са'}.",)


def _rows(n: int) -> str:
    return f"{number(n)} {'неприет ред' if n == 1 else 'неприети реда'}"


def _doubts(all_rows: pd.DataFrame, repeated: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Numbers that two municipalities have at once, and lines with the number of a case that is counted already."""
    found: list[tuple[str, str]] = []
    for case_number, same in all_rows.groupby("number"):
        places = sorted(set(same["municipality"]))
        if len(places) > 1 and (not scope.municipality or scope.municipality in places):
            words = f"Един и същ номер на случай е в регистрите на {listed(places)}: едно дете ли е, броено два пъти?"
            found.append((str(case_number), words))
    if scope.municipality:
        repeated = repeated[repeated["municipality"] == scope.municipality]
    for case_number, file, line in zip(repeated["number"], repeated["file"], repeated["line"], strict=True):
        words = f"Ред {line} на „{file}“ не е приет и повтаря номера на друг случай: друго дете ли е?"
        found.append((str(case_number), words))
    return pd.DataFrame(found, columns=["number", "words"])


def _said_ends(rows: pd.DataFrame) -> Iterable[tuple[Any, Any]]:
    return zip(rows["status"], rows["confidence"], strict=True)


def _key_of(status: Any, sure: Any) -> str:
    if key := _KEYS.get((status, None)):
        return key
    return _KEYS.get((status, sure)) or _KEYS.get((status, "")) or UNKNOWN


def _group_of(metric_id: str) -> str:
    return metric_id.removeprefix("cases_")


def _period_like(period: Period, day: date) -> Period:
    """The period of the same kind that holds a day."""
    if period.kind == "term":
        return term_of(day)
    return month_period(day) if period.kind == "month" else Period(school_year_of(day), "year")
