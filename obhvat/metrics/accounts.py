"""How the cases add up, now and before: the total of the figure of cases and its parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import pandas as pd

from obhvat.cases.reconcile import REJECTED, UNKNOWN, Part, counted, left_out, lines_of_scope, parts_of
from obhvat.cases.register import cases, of_period
from obhvat.cases.same_child import dropped_cases
from obhvat.language import N_, _
from obhvat.metrics.figures import Figure, figure
from obhvat.metrics.metric import metric
from obhvat.periods import Period, month_period, school_year_of, term_of
from obhvat.scope import Scope, inside
from obhvat.scope.days import cases_day
from obhvat.store import Store
from obhvat.texts import counted as counted_words
from obhvat.texts import listed, number

# The parts of the reconciliation, in the order they are read aloud. Their sum is cases_total.
CASE_PARTS = (
    "cases_returned",
    "cases_other_oblast",
    "cases_abroad",
    "cases_not_found",
    "cases_refused",
    "cases_other",
    "cases_in_work",
    "cases_rejected",
)
SEVERAL = N_("няколко общини")
"""Where a line that was not accepted is counted when nobody can say whose it is."""
_UNKNOWN_NAME = N_("Непознат статус")
# How many of what, read aloud: of one, and of several.
_ALOUD = {
    "returned": (N_("върнат"), N_("върнати")),
    "other_oblast": (N_("в друга област"),) * 2,
    "abroad": (N_("в чужбина"),) * 2,
    "not_found": (N_("неоткрит"), N_("неоткрити")),
    "refused": (N_("с отказ на родителя"),) * 2,
    "other": (N_("с друг изход"),) * 2,
    "in_work": (N_("в работа"),) * 2,
    UNKNOWN: (N_("с непознат статус"),) * 2,
    REJECTED: (N_("на неприет ред"), N_("на неприети редове")),
}


@dataclass(frozen=True)
class Reconciliation:
    """How the cases of a period add up. `difference` is what the parts leave unexplained; it is shown, not hidden."""

    total: Figure
    parts: tuple[Figure, ...]

    @property
    def difference(self) -> int:
        return int((self.total.n or 0) - sum(part.n or 0 for part in self.parts))


def reconciliation(store: Store, period: Period, scope: Scope = Scope(), day: date | None = None) -> Reconciliation:
    """The total of cases and its parts, each a figure of its own."""
    total, *parts = (figure(store, one, period, scope, day) for one in ("cases_total", *CASE_PARTS))
    return Reconciliation(total, tuple(parts))


@dataclass(frozen=True)
class Accounts:
    """The cases of a period in a scope as they stood on a day. The parts always add up to the total."""

    label: str
    day: date
    period: Period
    total: int
    parts: tuple[Part, ...]
    """All of them, those of nobody, too, in the order they are read; the last are the lines that were not accepted."""
    notes: tuple[str, ...] = ()
    """What was not counted in this scope, and why."""

    @property
    def rejected(self) -> int:
        """How many lines were not accepted."""
        return sum(part.n for part in self.parts if part.group == REJECTED)

    def by_group(self) -> tuple[Part, ...]:
        """The shorter reconciliation: its parts under the metrics' ids and names. Lines that were not accepted, and
        cases with a status we do not know, only where there are any."""
        counts = dict.fromkeys(map(_group_of, CASE_PARTS), 0) | {UNKNOWN: 0}
        for part in self.parts:
            counts[part.group] += part.n
        named = [Part(key, metric(key).name, _group_of(key), counts[_group_of(key)]) for key in CASE_PARTS]
        unknown = Part(UNKNOWN, _(_UNKNOWN_NAME), UNKNOWN, counts[UNKNOWN])
        return tuple(part for part in (*named, unknown) if part.n or part.group not in (UNKNOWN, REJECTED))

    @property
    def sentence(self) -> str:
        """„22 случая: 3 върнати, 2 в друга област, 3 в чужбина и 14 в работа“."""
        said = [part_words(part.group, part.n) for part in self.by_group() if part.n]
        return f"{counted_words(self.total, 'случай')}: {listed(said)}" if said else _("Няма нито един случай")


def part_words(group: str, n: int) -> str:
    """A part of the cases within a sentence: „1 върнат“, „14 в работа“. `group`: of a metric of the cases, what follows
    „cases_“."""
    return f"{number(n)} {_(_ALOUD[group][n != 1])}"


def accounts(store: Store, period: Period, scope: Scope, day: date | None = None) -> Accounts | None:
    """How the cases of a period add up in the oblast, a municipality or a school; with a `day`, as they stood on
    it. None when no register of cases was sent for the scope.

    The total is the figure „Случаи в регистъра“. A line that was not accepted counts for the municipality in it, or of
    its file; if it says none and the file has several, only for the oblast. A line with the number of a case that is
    counted is no other child: it is a doubt.
    """
    total = figure(store, "cases_total", period, scope, day)
    if not total.has_data:
        return None
    day = cases_day(store, period, scope.moment, day)
    all_rows = cases(store, day, scope.moment)
    lines = left_out(store, day, scope.moment)
    rejected, notes = lines_of_scope(lines[~lines["is_known"]], scope)
    return Accounts(
        label=period.label,
        day=day,
        period=period,
        total=int(total.n or 0),
        parts=(
            *parts_of(inside(of_period(all_rows, period), scope)),
            Part(REJECTED, metric("cases_rejected").name, REJECTED, len(rejected)),
        ),
        notes=(*notes, *_dropped_words(store, scope)),
    )


def _dropped_words(store: Store, scope: Scope) -> tuple[str, ...]:
    dropped = inside(dropped_cases(store, scope.moment).assign(school=""), replace(scope, school=None))
    if dropped.empty:
        return ()
    n = len(dropped)
    repeats = (
        _("повтаря друг на същото дете и не се брои") if n == 1 else _("повтарят други на същите деца и не се броят")
    )
    return (
        _("{counted_words} {repeats}: решено е в „Разминавания“.").format(
            counted_words=counted_words(n, "случай"), repeats=repeats
        ),
    )


def moments(
    store: Store, period: Period, scope: Scope, meeting_day: date | None, day: date | None = None
) -> list[Accounts]:
    """How it adds up now, at the previous meeting (in the period of the same kind that holds its day) and a year ago
    (as much of the same period as there is of this one). A moment that nobody sent a register for is left out.

    A day has one total. Only where a later register has told something else of the meeting's day there are two, called
    what was known then and what is known now.
    """
    today = day or (scope.moment.date() if scope.moment.date() < period.last else None)
    found = [_labelled(_("сега"), accounts(store, period, scope, day))]
    if meeting_day:
        of = _period_like(period, meeting_day)
        known_then = replace(scope, known_at=datetime.combine(meeting_day, time.max))
        then, now = (accounts(store, of, place, meeting_day) for place in (known_then, scope))
        if then and now and then.parts != now.parts:
            on_day = f"{meeting_day:%d.%m.%Y}"
            found += [
                _labelled(_("каквото знаехме на {on_day}").format(on_day=on_day), then),
                _labelled(_("каквото знаем днес за {on_day}").format(on_day=on_day), now),
            ]
        else:
            found.append(_labelled(_("предишно заседание"), now))
    year_ago = today - timedelta(days=365) if today else None
    found.append(_labelled(_("преди година"), accounts(store, period.year_before, scope, year_ago)))
    of_days: dict[tuple[str, date], Accounts] = {}
    for moment in filter(None, found):
        # Of two periods that were looked at on one day the first is shown.
        key = moment.label if moment.label.startswith(_("каквото")) else ""
        of_days.setdefault((key, moment.day), moment)
    return [*of_days.values()]


def _labelled(label: str, of: Accounts | None) -> Accounts | None:
    return replace(of, label=label) if of else None


def by_municipality(store: Store, period: Period, scope: Scope, day: date | None = None) -> pd.DataFrame:
    """One row a municipality of the scope, by name: municipality, the parts of the reconciliation under their ids,
    unknown, total. Rows add up to their total, columns to `accounts` of the scope.

    A municipality that no register is about has nothing in its row, not 0. Lines that were not accepted and name no
    municipality are the last row, `SEVERAL`.
    """
    places = figure(store, "cases_total", period, scope, day).by("municipality")
    looked = cases_day(store, period, scope.moment, day)
    rows = inside(counted(store, period, scope.moment, looked), scope)
    groups = {_group_of(key): key for key in CASE_PARTS} | {UNKNOWN: UNKNOWN}
    counts = pd.crosstab(rows["municipality"], rows["group"])
    # Nobody's municipality has no name: the last one.
    names = sorted(places["municipality"], key=lambda name: (name == "", name))
    frame = counts.reindex(index=names, columns=[*groups], fill_value=0).astype("Int64")
    frame["total"] = frame.sum(axis="columns")
    frame.loc[places.loc[~places["reports"], "municipality"]] = pd.NA
    frame.columns = [*groups.values(), "total"]
    return frame.rename_axis(index="municipality").rename(index={"": _(SEVERAL)}).reset_index()


def _group_of(metric_id: str) -> str:
    return metric_id.removeprefix("cases_")


def _period_like(period: Period, day: date) -> Period:
    """The period of the same kind that holds a day."""
    if period.kind in ("term", "summer"):
        return term_of(day)
    return month_period(day) if period.kind == "month" else Period(school_year_of(day), "year")
