"""What an audience can reach of the figures: in every period, place and day, as known at a moment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from obhvat.attack.equations import Cell, Equations, Row
from obhvat.disclosure import Audience, Disclosure, Shown
from obhvat.metrics import Figure, Metric, all_metrics, figure, series, year_before
from obhvat.metrics.accounts import accounts
from obhvat.periods import Period, month_period, parts_of_year
from obhvat.scope import Scope
from obhvat.store import Store
from obhvat.texts import NO_DATA, number

ON_TILES = ("cases_in_work", "pupils_over_threshold", "children_over_threshold")
TOGETHER = "together"
"""The outcomes of cases that the press is told of in one number."""
_FREE_MONTHS = (10, 2, 5)
"""In these also a day is asked about that is nobody's: the tenth."""
_CHANGE = re.compile(r"със? (?P<n>\d[\d\s\u2009\u202f]*) .*?(?P<sign>повече|по-малко)\b")


@dataclass
class Reached:
    """What an audience knows; and beside it, for the judge and never for the attacker, what is so."""

    known: Equations = field(default_factory=Equations)
    truth: dict[Cell, int] = field(default_factory=dict)

    def suppose(self, row: Row) -> None:
        """What is nearly always so, as that nobody changes schools within a month. Who attacks is given it where it is
        true, because elsewhere it would only mislead."""
        if row.holds(self.truth) and all(cell in self.known.bounds for cell, _ in row.terms):
            self.known.rows.append(row)


@dataclass(frozen=True)
class Collector:
    """Asks the door about everything, as known at a moment."""

    store: Store
    audience: Audience
    moment: datetime
    reached: Reached
    name: str = ""
    """Of the moment; empty for today."""
    days: tuple[tuple[Period, date], ...] = ()
    """Of meetings: their periods, and the days they tell how things stand on."""
    only: frozenset[str] | None = None
    """The metrics that are looked at; None for all."""

    @property
    def scope(self) -> Scope:
        return Scope(known_at=self.moment)

    @property
    def door(self) -> Disclosure:
        return Disclosure(self.store, self.audience)

    def metrics(self) -> list[Metric]:
        """Those of children that the audience is told in parts, or if it is the press, at all."""
        below = self.audience == "members"
        told = [of for of in all_metrics() if of.children and of.is_told_outside(below_oblast=below)]
        return [of for of in told if self.only is None or of.id in self.only]

    def cell(self, of: Figure, municipality: str | None = None, school: str | None = None) -> Cell:
        """The number of a figure at a place."""
        time = of.month if of.metric.monthly else of.day if of.metric.stock else (of.period.key, of.day)
        return Cell(of.metric.id, municipality, school, time, self.name)

    def collect(self, years: Iterable[int]) -> None:
        """Every figure of some school years."""
        for start_year in years:
            for of in self.metrics():
                for period, day in self._asked(of, start_year):
                    self.tell(figure(self.store, of.id, period, self.scope, day))
            for of in self.metrics():
                if of.id in ON_TILES:
                    self._changes(of.id, start_year)
            if self.audience == "press":
                self._outcomes(start_year)

    def _asked(self, of: Metric, start_year: int) -> Iterator[tuple[Period, date | None]]:
        """Every period of a school year, and where that matters the days of meetings and a few of one's own."""
        year = Period(start_year, "year")
        periods = (year, *parts_of_year(start_year), *map(month_period, year.months))
        for period in periods:
            if period.first <= self.moment.date():
                yield period, None
        if of.period == "register":
            yield from ((period, day) for period, day in self.days if period.start_year == start_year)
            for day in (month.replace(day=10) for month in year.months if month.month in _FREE_MONTHS):
                if day <= self.moment.date():
                    yield year, day

    def tell(self, of: Figure) -> None:
        """A figure of the oblast and each of its parts."""
        if not of.has_data:
            return
        whole = self.cell(of)
        self._tell(whole, of.n, self.door.figure(of))
        if self.audience == "press":
            return
        homes = of.homes
        municipalities = self._parts(of, "municipality", {name: (name, None) for name in homes.values()})
        self.reached.known.adds_up(whole, municipalities, "общините се събират в областта")
        if of.metric.place == "school":
            schools = self._parts(of, "school", {code: (home, code) for code, home in homes.items()})
            for home in municipalities:
                inside = [cell for cell in schools if cell.municipality == home.municipality]
                self.reached.known.adds_up(home, inside, "училищата се събират в общината")

    def _parts(self, of: Figure, place: str, where: dict[str, tuple[str, str | None]]) -> list[Cell]:
        """The cells of the places that have sent something, told as the door tells them."""
        column = "school" if place == "school" else "municipality"
        shown, counts = self.door.places(of, column), self.door.counts(of, column)
        cells = []
        for name, n, d in of.by(place)[[place, "n", "d"]].itertuples(index=False, name=None):
            if shown[name].text == NO_DATA:
                continue
            cell = self.cell(of, *where[name])
            cells.append(cell)
            self._tell(cell, n, shown[name], counts[name])
            # The tables of the risk tell of how many a number is, also where it is hidden.
            is_reported = of.metric.rule is not None and of.metric.rule.reads == "subject_absences"
            if of.metric.kind == "share" and not is_reported and d == d and not self.door.count(d).is_hidden:
                self.reached.known.of(cell, int(d))
        return cells

    def _tell(self, cell: Cell, n: float | None, *shown: Shown) -> None:
        self.reached.truth[cell] = int(n or 0)
        for each in shown:
            self.reached.known.tell(cell, each.text)
            if each.value is not None:
                self.reached.known.tell(cell, number(each.value))

    def _changes(self, metric_id: str, start_year: int) -> None:
        """The lines under the numbers of tiles, and the months of the trend, of every place."""
        year = Period(start_year, "year")
        for period in (year, *parts_of_year(start_year), *map(month_period, year.months)):
            whole = figure(self.store, metric_id, period, self.scope)
            if not whole.has_data:
                continue
            for of in (whole, *self.narrower(whole)):
                self._change(of, year_before(self.store, of))
                if of.metric.monthly and period.kind == "year":
                    for month, n in self.door.months(of)[["month", "n"]].itertuples(index=False, name=None):
                        if n == n:
                            cell = self._of_place(of, month.date())
                            self.reached.truth.setdefault(cell, int(series(of).set_index("month").at[month, "n"]))
                            self.reached.known.tell(cell, number(n))

    def narrower(self, whole: Figure) -> list[Figure]:
        """The figure of every municipality and school, as its own page tells it."""
        if self.audience == "press":
            return []
        of = whole.metric
        places = [Scope(name, known_at=self.moment) for name in whole.by("municipality")["municipality"] if name]
        if of.place == "school":
            places += [Scope(school=code, known_at=self.moment) for code in whole.by("school")["school"] if code]
        return [figure(self.store, of.id, whole.period, scope, whole.asked_day) for scope in places]

    def _of_place(self, of: Figure, month: date | None = None) -> Cell:
        school, municipality = of.scope.school, of.scope.municipality
        if school:
            [municipality] = of.municipalities
        cell = self.cell(of, municipality, school)
        return cell._replace(time=month) if month else cell

    def _change(self, now: Figure, before: Figure) -> None:
        if not now.has_data or not before.has_data:
            return
        self.differ(self._of_place(now), self._of_place(before), self.door.change(now, before).text)
        self._tell(self._of_place(now), now.n, self.door.figure(now))
        self._tell(self._of_place(before), before.n, self.door.figure(before))

    def differ(self, now: Cell, before: Cell, words: str) -> None:
        """By how much a number is another, in words."""
        if "без промяна" in words:
            self.reached.known.differs(now, before, 0, 0, words)
        elif match := _CHANGE.match(words):
            n = int(re.sub(r"\D", "", match["n"])) * (1 if match["sign"] == "повече" else -1)
            self.reached.known.differs(now, before, n, n, words)

    def _outcomes(self, start_year: int) -> None:
        """How the cases add up, as the press is told it: the small outcomes together."""
        year, of = Period(start_year, "year"), next(m for m in all_metrics() if m.id == "cases_total")
        cells: list[tuple[Period, Cell]] = []
        for period, day in self._asked(of, start_year):
            total = figure(self.store, of.id, period, self.scope, day)
            account = accounts(self.store, period, self.scope, day)
            if account is None or not total.has_data:
                continue
            whole, known = self.cell(total), self.reached.known
            parts = {part.key: self._outcome(part.key, whole, account.day) for part in account.by_group()}
            self.reached.truth |= {parts[part.key]: part.n for part in account.by_group()} | {whole: account.total}
            known.adds_up(whole, [*parts.values()], "изходите се събират във всички случаи")
            cells += [(period, cell) for cell in (whole, *parts.values())]
            together = self.door.outcomes_together(total)
            if together is None:
                continue
            known.tell(whole, number(account.total))
            for part in account.by_group():
                if part.key not in together:
                    known.tell(parts[part.key], number(part.n))
            if hidden := [parts[key] for key in parts if key in together]:
                sum_of = whole._replace(metric=TOGETHER)
                self.reached.truth[sum_of] = sum(self.reached.truth[cell] for cell in hidden)
                known.adds_up(sum_of, hidden, "другите изходи са събрани заедно")
                known.tell(sum_of, number(self.reached.truth[sum_of]))
        self._longer_periods(year, cells)

    def _outcome(self, key: str, whole: Cell, day: date) -> Cell:
        return whole._replace(metric=key, time=day) if key == "cases_in_work" else whole._replace(metric=key)

    def _longer_periods(self, year: Period, cells: list[tuple[Period, Cell]]) -> None:
        """What is counted from an earlier day to the same one is at least as many."""
        days = {(cell.metric, cell.time[1], period): cell for period, cell in cells if isinstance(cell.time, tuple)}
        for (name, day, period), cell in days.items():
            for longer in (year, *parts_of_year(year.start_year)):
                other = days.get((name, day, longer))
                if other and longer.first < period.first:
                    row = Row(((other, 1), (cell, -1)), 0, 10**6, "по-дълъг период до същия ден")
                    self.reached.suppose(row)
