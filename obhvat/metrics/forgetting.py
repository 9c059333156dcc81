"""Forgetting keeps the figures of the school years that lose rows: what was forgotten is never shown as zero."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import pandas as pd

from obhvat.language import BULGARIAN, _, speaking
from obhvat.metrics.figures import figure
from obhvat.metrics.metric import all_metrics, metric
from obhvat.people import Viewer
from obhvat.people.forgetting import due, forget
from obhvat.people.keeping import Protocol, protocols
from obhvat.people.log import looked
from obhvat.periods import Period, parse_period, parts_of_year
from obhvat.scope import Scope
from obhvat.store import Store

_COLUMNS = ["metric", "period", "municipality", "value", "n", "d", "reporting", "places"]


@speaking(BULGARIAN)
def forget_due(store: Store, viewer: Viewer, at: datetime | None = None, today: date | None = None) -> Protocol | None:
    """Forget what is kept beyond its term and keep the figures of its school years. Returns the protocol; None when
    nothing is due.

    No byte of it stays in the file unless `Store.write_anew` could not be done now; the next opening does it then.
    Raises ObhvatError when the viewer may not.
    """
    viewer.must("forget")
    at = at or store.now()
    # Writers wait for one another: nothing is committed between the figures and the forgetting.
    with store.writing():
        things = due(store, today or at.date())
        if not things:
            return None
        looked(store, viewer, "forget", place=_("данни с изтекъл срок"), n=sum(thing.n_rows for thing in things))
        years = sorted({thing.school_year for thing in things if thing.school_year is not None})
        entry_id = forget(store, things, figures_of(store, years, at), viewer.person, at, today or at.date())
    store.write_anew()
    return next(protocol for protocol in protocols(store) if protocol.entry_id == entry_id)


def figures_of(store: Store, years: Iterable[int], at: datetime) -> pd.DataFrame:
    """Every metric of each school year and its parts, of the oblast and of each municipality, where it is known.

    Columns metric, period (its key), municipality ('' is the oblast), value, n, d, reporting, places."""
    rows = []
    for period in (part for year in years for part in (Period(year, "year"), *parts_of_year(year))):
        for counted in all_metrics():
            whole = figure(store, counted.id, period, Scope(known_at=at))
            for place, part in {"": whole, **whole.parts("municipality")}.items():
                if part.has_data:
                    numbers = (part.value, part.n, part.d)
                    rows.append((counted.id, period.key, place, *numbers, part.reporting, part.places))
    return pd.DataFrame(rows, columns=_COLUMNS).astype(
        dict.fromkeys(("value", "n", "d"), "float64") | dict.fromkeys(("reporting", "places"), "int32")
    )


def kept_figures(store: Store) -> pd.DataFrame:
    """The figures of school years whose rows were forgotten, the newest period first. For inside: small numbers are not
    hidden.

    Columns metric (its id), period (a Period), municipality ('' is the oblast), value, n, d, reporting, places, name.
    """
    rows = store.read("select metric, period, municipality, value, n, d, reporting, places from kept_figures")
    order = {counted.id: n for n, counted in enumerate(all_metrics())}
    rows = rows[rows["metric"].isin(order)]
    rows = rows.assign(
        period=[parse_period(key) for key in rows["period"]], name=[metric(m).name for m in rows["metric"]]
    )
    keys = {"period": lambda c: c.map(lambda p: -p.first.toordinal()), "metric": lambda c: c.map(order)}
    return rows.sort_values(
        ["period", "metric", "municipality"], key=lambda c: keys.get(str(c.name), lambda x: x)(c), ignore_index=True
    )
