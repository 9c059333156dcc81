"""Every metric of a moment, by the modules that count them; and what a figure must then say."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from recount.absences import AMOUNTS, Absences, SchoolMonths
from recount.cases import Cases
from recount.checks import Checks, Rounds
from recount.files import Arrived, RawFiles
from recount.followed import Followed
from recount.known import Known, Place, Rows, span
from recount.ladder import HOLIDAYS, Ladder
from recount.measures import Measures
from recount.rules import Rules
from recount.suspicious import Suspicious


class Moment:
    """What was known of an oblast at a moment."""

    def __init__(self, raw: RawFiles, as_of: datetime) -> None:
        self.known = Known(raw, as_of)
        self.cases = Cases(self.known)
        self.absences = Absences(self.known)
        self.checks = Checks(self.known, Suspicious(self.absences).is_risky)
        self.rules = Rules(self.absences, self.cases, HOLIDAYS)
        self.rounds = Rounds(self.known)
        self._parts = (
            *(self.cases, Ladder(self.cases), Followed(self.cases)),
            *(self.checks, self.rounds, Measures(self.known), self.absences, self.rules),
        )
        self.answers = cache(self._answers)

    def _answers(self, key: str) -> dict[str, Rows]:
        """Metric → its rows, for a period as it is written."""
        period = span(key)
        return {metric: rows for part in self._parts for metric, rows in part.answers(period).items()}

    def school_months(self, metric: str, key: str) -> SchoolMonths | None:
        """For a metric of months together: of how many it comes."""
        return self.absences.school_months(span(key), AMOUNTS[metric][0]) if metric in AMOUNTS else None


class Recount:
    """The files of an oblast, at any moment."""

    def __init__(self, files: Iterable[Arrived]) -> None:
        self.raw = RawFiles(files)
        self._moments: dict[tuple[int, date], Moment] = {}

    def at(self, as_of: datetime) -> Moment:
        """What was known at a moment: the same all day, until another file arrives."""
        known = bisect_right(self.raw.at, as_of), as_of.date()
        if known not in self._moments:
            self._moments[known] = Moment(self.raw, as_of)
        return self._moments[known]

    @property
    def last(self) -> datetime:
        """When the last file came."""
        return self.raw.at[-1]

    def keys(self) -> list[str]:
        """Every year, term, summer and month there is anything of."""
        years = range(min(self.raw.sent["month"]).year, span(f"{self.last.year}").first.year + 1)
        years = [year for year in years if span(str(year)).first <= self.last.date()]
        months = [f"{month:%Y-%m}" for year in years for month in span(str(year)).months]
        return [f"{year}{part}" for year in years for part in ("", "-I", "-II", "-S")] + months


@dataclass(frozen=True)
class Total:
    """What rows say together. Nothing where nobody sent data: that is not zero."""

    n: float | None
    d: float | None
    reporting: int
    places: int


def total(rows: Rows, place: int) -> Total:
    """The rows added up; `place` says whether municipalities (0) or schools (1) send them."""
    sent = {where: (n, d) for where, (n, d, reports) in rows.items() if reports}
    n = sum(n for n, _ in sent.values()) if sent else None
    parts = [d for _, d in sent.values()]
    d = sum(d for d in parts if d is not None) if sent and None not in parts else None
    return Total(n, d, len({where[place] for where in sent} - {""}), len({where[place] for where in rows} - {""}))


def inside(rows: Rows, municipality: str | None = None, school: str | None = None) -> Rows:
    """The rows of a place."""
    return {
        where: row for where, row in rows.items() if municipality in (None, where[0]) and school in (None, where[1])
    }


def by_place(rows: Rows) -> dict[Place, tuple[float, float | None]]:
    """What there is anywhere, of places that sent data."""
    return {where: (n, d) for where, (n, d, reports) in rows.items() if reports and (n or d != 0)}
