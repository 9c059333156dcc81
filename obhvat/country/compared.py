"""A figure of all oblasts beside one another: not who is first, but who is further from the others than is to be
expected of so many children or schools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

from obhvat.country import DATASET
from obhvat.country.oblasts import trusted
from obhvat.indicators.statistics import (
    Band,
    binomial_limits,
    count_band,
    count_limits,
    funnel_band,
    spread_of,
    spread_of_counts,
)
from obhvat.language import _
from obhvat.metrics.metric import all_metrics
from obhvat.periods import Period, month_period, school_year_of_month
from obhvat.resources import read_sql
from obhvat.store import Store
from obhvat.texts import counted, listed, out_of

State = Literal["told", "hidden", "no_data", "other", "not_in_file", "not_sent"]
"""Of a figure in an oblast: told; hidden; the oblast has no data for it; it counts something else by the same name; the
oblast's program does not have it; no file was sent. Zero is told."""
Level = Literal[-1, 0, 1]


@dataclass(frozen=True)
class Place:
    """A figure of one oblast."""

    oblast: str
    state: State
    text: str = ""
    """As it was told."""
    n: float | None = None
    d: float | None = None
    threshold: str = ""
    band: Band = "inside"
    """Where it lies, where it is compared."""
    low: float | None = None
    high: float | None = None
    """From where to where it is expected, with 95 of 100 oblasts in it: a share from 0 to 1, or a count."""

    @property
    def share(self) -> float | None:
        """From 0 to 1, where it is told of how many."""
        return (self.n or 0) / self.d if self.state == "told" and self.d else None

    @property
    def level(self) -> Level:
        """1 above what is expected, −1 below it, 0 within."""
        return 1 if self.band.startswith("above") else -1 if self.band.startswith("below") else 0


@dataclass(frozen=True)
class Compared:
    """A figure of all oblasts at a time."""

    metric: str
    name: str
    unit: str
    places: tuple[Place, ...]
    """Of every oblast that is enrolled, in the order of their names."""
    spread: float
    """How many times more they differ than by chance: by so much the limits are wider."""

    @property
    def told(self) -> tuple[Place, ...]:
        return tuple(place for place in self.places if place.state == "told")

    @property
    def compared(self) -> tuple[Place, ...]:
        """Those whose share is known."""
        return tuple(place for place in self.told if place.d)

    @property
    def outside(self) -> tuple[Place, ...]:
        """Those further out than is expected."""
        return tuple(place for place in self.told if place.level)

    @property
    def n(self) -> float | None:
        """Of those that are told, together; None where nobody tells."""
        return sum(place.n or 0 for place in self.told) if self.told else None

    @property
    def d(self) -> float | None:
        return sum(place.d or 0 for place in self.compared) if self.compared else None

    @property
    def overall(self) -> float:
        """The share of all that are compared, from 0 to 1."""
        return sum(place.n or 0 for place in self.compared) / self.d if self.d else 0.0

    def of(self, state: State) -> tuple[str, ...]:
        """The oblasts in a state."""
        return tuple(place.oblast for place in self.places if place.state == state)


@dataclass(frozen=True)
class Sender:
    """What an oblast has sent."""

    oblast: str
    made_at: datetime | None
    """When the file of the month was made, by the clock of this machine; None where none was sent."""
    last_month: date | None
    """The newest month that it has ever sent."""


def months(store: Store) -> list[date]:
    """The months that any oblast has sent, the newest first."""
    rows = store.rows(
        "select distinct period from live_slices($dataset, $now) order by period desc",
        {"dataset": DATASET, "now": store.now()},
    )
    return [month for (month,) in rows]


def senders(store: Store, month: date) -> list[Sender]:
    """Every oblast that is enrolled, in the order of their names."""
    sent = {
        oblast: (made_at, last)
        for oblast, made_at, last in store.rows(
            """
            select
                files.oblast,
                max(files.made_at) filter (files.month = $month) as made_at,
                max(files.month) as last_month
            from country_files as files
            join live_slices($dataset, $now) as live on live.slice_id = files.slice_id
            group by files.oblast
            """,
            {"dataset": DATASET, "now": store.now(), "month": month},
        )
    }
    return [Sender(oblast, _here(made_at), last) for oblast in trusted(store) for made_at, last in [_of(sent, oblast)]]


def _of(sent: dict[str, tuple[datetime | None, date | None]], oblast: str) -> tuple[datetime | None, date | None]:
    return sent.get(oblast, (None, None))


def _here(made_at: datetime | None) -> datetime | None:
    return made_at.replace(tzinfo=UTC).astimezone().replace(tzinfo=None) if made_at else None


def compared(store: Store, metric_id: str, month: date, *, so_far: bool = False) -> Compared:
    """A figure of a month, or of the school year so far, of all oblasts."""
    period = Period(school_year_of_month(month), "year") if so_far else month_period(month)
    rows = _rows(store, month)
    by_oblast = {row["oblast"]: row for row in rows if (row["metric"], row["period"]) == (metric_id, period.key)}
    definition = _usual(by_oblast.values())
    sent = {row["oblast"] for row in rows}
    places = tuple(
        _place(oblast, by_oblast.get(oblast), definition, "not_in_file" if oblast in sent else "not_sent")
        for oblast in trusted(store)
    )
    usual = next((row for row in by_oblast.values() if row["definition"] == definition), None)
    known = {of.id: of for of in all_metrics()}.get(metric_id)
    name = known.name if known else usual["name"] if usual else metric_id
    unit = known.unit if known else usual["unit"] if usual else ""
    return _with_limits(Compared(metric_id, name, unit, places, 1.0))


def _rows(store: Store, month: date) -> list[dict[str, Any]]:
    """All figures of a month, of every oblast."""

    def answer() -> list[dict[str, Any]]:
        bound = {"dataset": DATASET, "now": now, "month": month}
        return store.arrow(read_sql("country/sql/figures.sql"), bound).to_pylist()

    now = store.now()
    return store.kept_of_data(("country", month), now, answer)


def _usual(rows: Iterable[dict[str, Any]]) -> str:
    """The definition by which most count; of two that as many count by, the one that is first by its hash."""
    often = Counter(row["definition"] for row in rows)
    return min(often, key=lambda of: (-often[of], of), default="")


def _place(oblast: str, row: dict[str, Any] | None, definition: str, without: State) -> Place:
    if row is None:
        return Place(oblast, without)
    place = Place(oblast, "told", row["text"], row["n"], row["d"], row["threshold"])
    if row["definition"] != definition:
        return replace(place, state="other")
    if row["why"]:
        return replace(place, state="hidden")
    # Of how many nobody knows where some sent no list: then there is no share to compare.
    is_known = row["value"] is not None and (row["kind"] == "count" or row["d"] is not None)
    return place if is_known else replace(place, state="no_data")


def _with_limits(found: Compared) -> Compared:
    overall, compared = found.overall, found.compared
    spread = spread_of([place.n or 0 for place in compared], [place.d or 0 for place in compared], overall)
    return replace(found, spread=spread, places=tuple(_limited(place, overall, spread) for place in found.places))


def _limited(place: Place, overall: float, spread: float) -> Place:
    if place.state != "told" or not place.d:
        return place
    low, high = binomial_limits([place.d], overall, "95", spread)
    band = funnel_band(int(place.n or 0), int(place.d), overall, spread)
    return replace(place, band=band, low=float(low[0]), high=float(high[0]))


def held_against(found: Compared, much: Compared) -> Compared:
    """A count with what is expected of each oblast for how much there is of something else: visits for cases."""
    of = {place.oblast: place.n for place in much.told if place.n}
    both = [place for place in found.told if place.oblast in of]
    n = sum(place.n or 0 for place in both)
    if not n:
        return found
    expected = {place.oblast: n * of[place.oblast] / sum(of[other.oblast] for other in both) for place in both}
    spread = spread_of_counts([place.n or 0 for place in both], [*expected.values()])

    def held(place: Place) -> Place:
        if place.oblast not in expected:
            return place
        low, high = count_limits(expected[place.oblast], spread)
        return replace(place, band=count_band(place.n or 0, expected[place.oblast], spread), low=low, high=high)

    return replace(found, spread=spread, places=tuple(held(place) for place in found.places))


@dataclass(frozen=True)
class Pair:
    """How much work an oblast does beside how much there is to do."""

    oblast: str
    need: Place
    work: Place
    lags: bool
    """Whether less is done than the need asks: there is more to do than in all together and less is done, and one of
    the two is further out than is expected."""

    @property
    def is_known(self) -> bool:
        return all(place.share is not None for place in (self.need, self.work))


def pairs(need: Compared, work: Compared) -> Iterator[Pair]:
    """Every oblast with its need and its work."""
    of_work = {place.oblast: place for place in work.places}
    for much in need.places:
        done = of_work[much.oblast]
        more = much.share is not None and much.share > need.overall
        less = done.share is not None and done.share < work.overall
        yield Pair(much.oblast, much, done, more and less and (much.level > 0 or done.level < 0))


def from_words(found: Compared) -> str:
    """„от 27 от 28 области“, and how many of those that sent tell nothing: what a sum of them is from."""
    lacking = [
        (_("скрито при {n}"), found.of("hidden")),
        (_("без данни при {n}"), found.of("no_data")),
        (_("по друго определение при {n}"), found.of("other")),
        (_("без показателя във файла при {n}"), found.of("not_in_file")),
        (_("без файл от {n}"), found.of("not_sent")),
    ]
    words = [text.format(n=counted(len(oblasts), "област")) for text, oblasts in lacking if oblasts]
    whole = _("от {part}").format(part=out_of(len(found.told), len(found.places), "област"))
    return f"{whole} ({listed(words)})" if words else whole
