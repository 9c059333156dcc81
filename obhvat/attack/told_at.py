"""What closed meetings add: their slides as they were, and what changed between them and today."""

from __future__ import annotations

from datetime import date, datetime, time

from obhvat.attack.equations import Cell, Row
from obhvat.attack.reached import ON_TILES, Collector
from obhvat.indicators.thresholds import rules_of
from obhvat.meeting.days import meeting_figure
from obhvat.meeting.freeze import changed_since, frozen_slides, shown_slides
from obhvat.meeting.meetings import Meeting
from obhvat.meeting.since import since_last
from obhvat.metrics import Figure, figure
from obhvat.periods import Period, parts_of_year, term_of
from obhvat.scope import Scope
from obhvat.store import Store
from obhvat.texts import number


def tell_slides(collector: Collector, held: Meeting) -> None:
    """The slides: of a closed meeting as they were kept."""
    if collector.audience == "internal":
        return
    over = meeting_figure(collector.store, "pupils_over_threshold", held, collector.moment)
    known = collector.reached.known
    slides = (
        frozen_slides(collector.store, held.meeting_id, collector.audience)
        if collector.name
        else shown_slides(collector.store, held, collector.audience)
    )
    for slide in slides:
        if slide.key == "places":
            in_work = meeting_figure(collector.store, "cases_in_work", held, collector.moment)
            for place, words in slide.rows:
                if (cell := collector.cell(in_work, place)) in known.bounds:
                    known.tell(cell, words)
        if slide.key != "risk" or not slide.rows:
            continue
        months = [(month, number(n)) for month, n, _ in slide.trend]
        for month, words in slide.rows if slide.picture == "trend" else months:
            m, year = map(int, month.split("."))
            known.tell(collector.cell(over)._replace(time=date(year, m, 1)), words)
        if slide.picture == "trend":
            continue
        for place, words, *of in slide.rows[:-1]:
            cell = collector.cell(over, "" if place == "без община" else place)
            if cell in known.bounds:
                known.tell(cell, words)
                for whole in filter(str.isdecimal, of):
                    known.of(cell, int(whole))
        for place, n, *_ in slide.data:
            if n is not None and (cell := collector.cell(over, place)) in known.bounds:
                known.tell(cell, number(n))


def tell_changes(now: Collector, then: Collector, held: Meeting) -> None:
    """What a closed meeting's page says has changed since."""
    rows = changed_since(now.store, held.meeting_id, now.audience, now.moment)
    told = {of.id for of in now.metrics()}
    for name, place, was, value in rows[["metric", "municipality", "then", "now"]].itertuples(index=False, name=None):
        if name in told:
            for collector, n in ((then, was), (now, value)):
                of = meeting_figure(now.store, name, held, collector.moment)
                if n == n:
                    collector.reached.known.tell(collector.cell(of, place or None), number(n))


def tell_since(now: Collector, met_on: date, held: Meeting | None, then: Collector) -> None:
    """The lines „от 11 февруари“ under the numbers of the tiles, of the oblast and its parts. `then` is the collector
    of the meeting, if one was closed that day, else of the end of the day."""
    for name in {of.id for of in now.metrics()} & {*ON_TILES}:
        for period in _periods(now.moment.date()):
            whole = figure(now.store, name, period, now.scope)
            for of in (whole, *now.narrower(whole)):
                words = since_last(now.store, of, met_on, now.door)
                before = _then(of, met_on, held, then)
                if words and before is not None and before.has_data and of.has_data:
                    cells = [_cell(of, now), _cell(before, then)]
                    for cell, n in zip(cells, (of.n, before.n), strict=True):
                        now.reached.truth.setdefault(cell, int(n or 0))
                    now.differ(cells[0], cells[1], words)


def _periods(day: date) -> tuple[Period, ...]:
    start_year = term_of(day).start_year
    return tuple(p for year in (start_year, start_year - 1) for p in (Period(year, "year"), *parts_of_year(year)))


def _then(of: Figure, met_on: date, held: Meeting | None, then: Collector) -> Figure | None:
    if held is not None and not of.scope.school:
        whole = meeting_figure(then.store, of.metric.id, held, then.moment)
        return whole.parts("municipality").get(of.scope.municipality, None) if of.scope.municipality else whole
    period = of.period if of.period.first <= met_on else term_of(met_on)
    return figure(then.store, of.metric.id, period, Scope(*of.scope.place, then.moment))


def _cell(of: Figure, collector: Collector) -> Cell:
    municipality = of.scope.municipality
    if of.scope.school:
        [municipality] = of.municipalities
    return collector.cell(of, municipality, of.scope.school)


def suppose_unchanged(now: Collector, then: Collector) -> None:
    """A place that has sent nothing since has the same numbers: the page of the meeting says who has sent something."""
    versions = {rules_of(now.store, collector.moment).version for collector in (now, then)}
    if len(versions) > 1:
        return
    changed = _changed(now.store, then.moment, now.moment)
    for cell in [*then.reached.known.bounds]:
        place = cell.school if cell.school is not None else cell.municipality
        today = cell._replace(known_at=now.name)
        is_here = cell.known_at == then.name and cell.metric in ON_TILES and today in now.reached.known.bounds
        if is_here and cell.is_below and place not in changed:
            now.reached.suppose(Row(((today, 1), (cell, -1)), 0, 0, f"без нов файл след {then.name}"))


def _changed(store: Store, since: datetime, until: datetime) -> frozenset[str]:
    """The schools and municipalities of whose data something was sent, undone or entered between two moments."""
    sql = """
        with changed as (
            select batch_id from batches where committed_at > $since and committed_at <= $until
            union all
            select batch_id from batch_marks where marked_at > $since and marked_at <= $until
        )
        select distinct slices.school, slices.municipality, schools.municipality as home
        from slices
        join changed on changed.batch_id = slices.batch_id
        left join schools on schools.code = slices.school
    """
    rows = store.rows(sql, {"since": since, "until": until})
    return frozenset(name for row in rows for name in row if name)


def end_of(day: date) -> datetime:
    return datetime.combine(day, time.max)
