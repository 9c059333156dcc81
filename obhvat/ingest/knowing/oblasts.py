"""Which rows of a table are of our oblast: what the ministry publishes is of the whole country."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from obhvat.ingest.knowing.fields import Recognition
from obhvat.ingest.knowing.reference import Reference
from obhvat.ingest.knowing.schools import place_form
from obhvat.ingest.reading.table import Table

_HALF = 0.5


@dataclass(frozen=True)
class Oblasts:
    """How rows of other oblasts are known in a table."""

    column: int
    """The column of the oblast."""
    ours: frozenset[str]
    """Forms of the oblasts whose rows are ours, with or without a code of the register."""
    code_column: int | None = None
    codes: frozenset[str] = frozenset()
    """An institution of the register is ours, however its oblast is written."""
    in_file: tuple[str, ...] = ()
    """To choose from where neither the register nor the rows say which is ours."""

    def may_be_other(self, oblast: str) -> bool:
        """Whether the rows with this text for an oblast are of another one unless their code is ours."""
        return bool(oblast.strip()) and place_form(oblast) not in self.ours

    def without_others(self, table: Table) -> Table:
        """The table with the rows of other oblasts left out."""
        others = {n for n in table.rows if self._is_other(table.grid.row(n))}
        return table.without(others, "other_oblast") if others else table

    def _is_other(self, row: Sequence[str]) -> bool:
        if self.column >= len(row) or not self.may_be_other(row[self.column]):
            return False
        return _code(row, self.code_column) not in self.codes


def oblasts_of(table: Table, recognition: Recognition, reference: Reference, chosen: str | None) -> Oblasts | None:
    """None where every row is ours: the table names no oblast, or nothing is known of institutions.

    Ours is the oblast the register names, or a person chose; else those in which institutions of the register are, by
    their codes; else the one where most of its municipalities are. Where a file has neither codes nor municipalities, a
    person must choose.
    """
    column = recognition.index_of("school_oblast")
    if column is None or reference.schools.empty:
        return None
    code, town = recognition.index_of("school"), recognition.index_of("school_municipality")
    rows = [row for n in table.rows if column < len(row := table.grid.row(n))]
    codes = frozenset(reference.schools["code"])
    in_file = tuple(sorted({row[column].strip() for row in rows} - {""}))
    by_form = {place_form(oblast): oblast for oblast in in_file}
    ours = reference.oblasts()
    if not ours and chosen and place_form(chosen) in by_form:
        return Oblasts(column, frozenset({place_form(chosen)}), code, codes, in_file)
    if not ours:
        registered = [(place_form(row[column]), _code(row, code) in codes) for row in rows if _code(row, code)]
        ours = _with_codes(registered)
    if not ours and town is not None:
        ours = _with_municipalities(reference, ((row[column], row[town]) for row in rows if town < len(row)))
    has_codes = any(_code(row, code) for row in rows)
    must_choose = not ours and not has_codes and town is None
    return Oblasts(column, ours, code, codes, in_file if must_choose else ())


def _code(row: Sequence[str], column: int | None) -> str:
    """The digits of a code as the register has them: „102 015“, „0102015“ and „102015.0“ are 102015."""
    if column is None or column >= len(row):
        return ""
    return re.sub(r"\D", "", row[column].strip().removesuffix(".0")).lstrip("0")


def _with_codes(registered: Iterable[tuple[str, bool]]) -> frozenset[str]:
    """The oblasts most of whose institutions are of the register, or where most of those of the register are: one that
    moved its seat does not make another oblast ours."""
    of_all, of_register = Counter(), Counter()
    for oblast, is_registered in registered:
        of_all[oblast] += 1
        of_register[oblast] += is_registered
    most = _HALF * of_register.total()
    return frozenset(oblast for oblast, n in of_register.items() if n and (n >= _HALF * of_all[oblast] or n > most))


def _with_municipalities(reference: Reference, places: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The oblast in which most of the register's municipalities are."""
    ours = {place_form(name) for name in reference.municipalities().values()}
    matched: dict[str, set[str]] = defaultdict(set)
    for oblast, municipality in set(places):
        if place_form(municipality) in ours:
            matched[place_form(oblast)].add(place_form(municipality))
    most = max(map(len, matched.values()), default=0)
    return frozenset(oblast for oblast, municipalities in matched.items() if len(municipalities) == most)
