"""How the cases add up: every case of a period stands in one part, and what is left over is shown with its rows.

The parts are the statuses of published reports (domain.md §1.5), „в чужбина“ by how sure it is. A line of a register
that was not accepted is a child, too: it is in the total, and a part of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from obhvat.cases.register import cases, standing
from obhvat.datasets import dataset
from obhvat.datasets.captions import normal
from obhvat.ingest.checking.dates import as_day
from obhvat.ingest.checking.rejected import fault_reasons
from obhvat.ingest.checking.used_words import folded
from obhvat.ingest.knowing.schools import place_form
from obhvat.language import N_, _
from obhvat.periods import Period
from obhvat.resources import read_sql
from obhvat.scope import Scope
from obhvat.store import Store
from obhvat.texts import listed, number

UNKNOWN, REJECTED = "unknown", "rejected"
# Key → group, name, the status and, where it matters, how sure it is; in the order they are read.
_PARTS: dict[str, tuple[str, str, str, str | None]] = {
    "first_time": ("returned", N_("Записани за първи път"), "first_time", None),
    "after_dropout": ("returned", N_("Записани повторно след отпадане"), "after_dropout", None),
    "from_abroad": ("returned", N_("Записани след завръщане от чужбина"), "from_abroad", None),
    "reintegrated": ("returned", N_("Реинтегрирани"), "reintegrated", None),
    "other_oblast": ("other_oblast", N_("В друга област"), "other_oblast", None),
    "enrolled_elsewhere": ("other_oblast", N_("Записани в друга област"), "enrolled_elsewhere", None),
    "abroad_document": ("abroad", N_("В чужбина, по документ"), "abroad", "document"),
    "abroad_police": ("abroad", N_("В чужбина, потвърдено от МВР"), "abroad", "police"),
    "abroad_word": ("abroad", N_("В чужбина, по сведения"), "abroad", "word"),
    "abroad_unsaid": ("abroad", N_("В чужбина, без потвърждение"), "abroad", ""),
    "not_found": ("not_found", N_("Неоткрити на адреса"), "not_found", None),
    "no_information": ("not_found", N_("Няма информация"), "no_information", None),
    "refused": ("refused", N_("Отказ на родителя"), "refused", None),
    "aged_out": ("other", N_("Навършили 16 г."), "aged_out", None),
    "died": ("other", N_("Починали или хоспитализирани"), "died", None),
    "in_work": ("in_work", N_("Подлежат на обхват (в работа)"), "in_work", None),
    "unenrolled": ("in_work", N_("Незаписани"), "unenrolled", None),
    UNKNOWN: (UNKNOWN, N_("С непознат статус"), "", None),
}
_KEYS = {(status, sure): key for key, (_unused, _unused, status, sure) in _PARTS.items() if key != UNKNOWN}
_LEFT_OUT = read_sql("cases/sql/left_out.sql")
_IS_ANY_LEFT_OUT = """
    select count(*) > 0
    from rejected_rows
    join batches on batches.batch_id = rejected_rows.batch_id
    where batches.dataset = 'cases' and batches.committed_at <= $known_at
"""


@dataclass(frozen=True)
class Part:
    """A part of the whole and how many cases are in it."""

    key: str
    name: str
    group: str
    """The part of the shorter reconciliation it belongs to: a group of statuses, `unknown` or `rejected`."""
    n: int


def parts_of(rows: pd.DataFrame) -> tuple[Part, ...]:
    """Every part and how many of the rows are in it: columns status, confidence. Each row is in exactly one."""
    counts = dict.fromkeys(_PARTS, 0)
    for status, sure in _said_ends(rows):
        counts[_key_of(status, sure)] += 1
    return tuple(Part(key, _(name), group, counts[key]) for key, (group, name, _unused, _unused) in _PARTS.items())


def counted(store: Store, period: Period, known_at: datetime, day: date) -> pd.DataFrame:
    """What adds up on a day: one row a case of the period, or a line of its registers that was not accepted.

    municipality and school, empty when not known; part, a key of `parts_of`, and group, a group of statuses; both are
    `rejected` of such a line. A line with the number of a case that is counted is no other child: it has no row. The
    frame is shared between sessions: do not change it.
    """

    def answer() -> pd.DataFrame:
        rows = []
        for case in standing(store, day, known_at, period):
            part = _key_of(case.status, case.confidence)
            rows.append((case.municipality or "", case.school or "", part, _PARTS[part][0]))
        lines = left_out(store, day, known_at)
        for place in lines.loc[~lines["is_known"], "municipality"].fillna(""):
            rows.append((place, "", REJECTED, REJECTED))
        return pd.DataFrame(rows, columns=["municipality", "school", "part", "group"], dtype="object")

    return store.kept_of_data(("counted cases", day, period), known_at, answer, daily=False)


def left_out(store: Store, day: date, known_at: datetime) -> pd.DataFrame:
    """The lines that the registers of cases did not accept and that stand on a day: file, line, why, municipality
    (missing when it is not known), number (of the case, if readable), is_known: whether a case or an earlier line has
    it.

    As of a case, a line of a later register stands if its signal was by then, and one that a register up to the day
    has followed does not. A line whose number or signal nobody can read is not followed from one register to the next:
    it stands in the one that was the newest on the day, or else the first after it in the school year. The frame is
    shared between sessions: do not change it.
    """

    def answer() -> pd.DataFrame:
        rows: list[tuple[Any, ...]] = []
        # Most registers are accepted whole: that is told in a tenth of the time of asking which lines stand.
        lines = store.rows(_LEFT_OUT, {"known_at": known_at, "day": day}) if _is_any_left_out(store, known_at) else []
        numbers = {folded(number) for number in cases(store, day, known_at)["number"]} if lines else set[str]()
        for file, line, captions, cells, faults, of_file, told, in_force in lines:
            fields = _said(captions, cells)
            place, case_number = _place(fields.get("municipality", ""), of_file), fields.get("number", "")
            opened = _day_of(fields.get("opened_on", ""))
            stand = told if case_number and opened else in_force
            if (opened and opened > day) or (place not in stand if place else not stand):
                continue
            is_known = bool(case_number) and folded(case_number) in numbers
            numbers.add(folded(case_number))
            rows.append((file, line, _why(faults), place, case_number or None, is_known))
        columns = ["file", "line", "why", "municipality", "number", "is_known"]
        return pd.DataFrame(rows, columns=columns).astype({"is_known": "bool"})

    return store.kept_of_data(("left out rows of cases", day), known_at, answer, daily=False)


def _is_any_left_out(store: Store, known_at: datetime) -> bool:
    def answer() -> bool:
        [(is_any,)] = store.rows(_IS_ANY_LEFT_OUT, {"known_at": known_at})
        return is_any

    return store.kept_of_data(_IS_ANY_LEFT_OUT, known_at, answer, daily=False, reads=(_IS_ANY_LEFT_OUT,))


def _said(captions: Iterable[str], cells: Iterable[str]) -> dict[str, str]:
    """The number, municipality and signal that a line says, as far as its captions are those of our templates."""
    fields = [dataset("cases")[name] for name in ("number", "municipality", "opened_on")]
    by_caption = {normal(caption): cell for caption, cell in zip(captions, cells, strict=False) if cell}
    return {
        field.name: next((by_caption[s] for s in field.spellings if s in by_caption), "").strip() for field in fields
    }


def _day_of(text: str) -> date | None:
    for form in ("%d.%m.%Y", "%Y-%m-%d"):
        with suppress(ValueError):
            return datetime.strptime(as_day(text)[:10], form).date()
    return None


def _place(name: str, of_file: list[str]) -> str | None:
    """The municipality of a line: the one it says, or else the only one of its file."""
    named = [place for place in of_file if place_form(place) == place_form(name)]
    return next(iter(named or (of_file if len(of_file) == 1 else [])), None)


def _why(faults: list[Mapping[str, Any]]) -> str:
    columns = ["line", "field", "rule", "value", "limit"]
    rows = pd.DataFrame([(0, *(fault[name] for name in columns[1:])) for fault in faults], columns=columns)
    return " ".join(fault_reasons(dataset("cases"), rows)["reason"])


def lines_of_scope(rejected: pd.DataFrame, scope: Scope) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The lines that count in a scope, and a sentence about those that may be of it and do not."""
    if not scope.municipality and not scope.school:
        return rejected, ()
    # A line that was not accepted has no school that anybody checked.
    mine = rejected[(rejected["municipality"] == scope.municipality) & (scope.school is None)]
    if scope.school:
        others = rejected[rejected["municipality"].isna() | (rejected["municipality"] == scope.municipality)]
        where = _("за общината и областта") if scope.municipality else _("за областта")
    else:
        others, where = rejected[rejected["municipality"].isna()], _("за областта")
    if others.empty:
        return mine, ()
    n = len(others)
    verb = _("се брои") if n == 1 else _("се броят")
    reason = _("не се знае за кое училище") if scope.school else _("не се знае за коя община")
    return mine, (
        _("{rows} от регистъра {verb} само {where}: {reason} {part}.").format(
            rows=_rows(n), verb=verb, where=where, reason=reason, part=_("е") if n == 1 else _("са")
        ),
    )


def _rows(n: int) -> str:
    return f"{number(n)} {_('неприет ред') if n == 1 else _('неприети реда')}"


def doubts(all_rows: pd.DataFrame, repeated: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Numbers that two municipalities have at once, and lines with the number of a case that is counted already."""
    rows: list[tuple[str, str]] = []
    for case_number, same in all_rows.groupby("number"):
        places = sorted(set(same["municipality"]))
        if len(places) > 1 and (not scope.municipality or scope.municipality in places):
            words = _("Един и същ номер на случай е в регистрите на {places}: едно дете ли е, броено два пъти?").format(
                places=listed(places)
            )
            rows.append((str(case_number), words))
    if scope.municipality:
        repeated = repeated[repeated["municipality"] == scope.municipality]
    for case_number, file, line in zip(repeated["number"], repeated["file"], repeated["line"], strict=True):
        words = _("Ред {line} на „{file}“ не е приет и повтаря номера на друг случай: друго дете ли е?").format(
            line=line, file=file
        )
        rows.append((str(case_number), words))
    return pd.DataFrame(rows, columns=["number", "words"])


def _said_ends(rows: pd.DataFrame) -> Iterable[tuple[Any, Any]]:
    return zip(rows["status"], rows["confidence"], strict=True)


def _key_of(status: Any, sure: Any) -> str:
    if key := _KEYS.get((status, None)):
        return key
    return _KEYS.get((status, sure)) or _KEYS.get((status, "")) or UNKNOWN
